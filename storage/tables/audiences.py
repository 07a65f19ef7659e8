"""To whom patients send what they say, and what the rules remember of it for each of those readers."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber


class AudienceChoice(Base):
    """One decision of a patient; never changed: a later one takes its place for what is given afterwards."""

    __tablename__ = "audience_choices"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    subject: Mapped[str]
    whom: Mapped[str]
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # None unless it is a person
    since: Mapped[datetime]


class ReaderCourse(Base):
    """A patient's course as far as it was given to one other reader; it can be told anew at any time."""

    __tablename__ = "reader_courses"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    reader_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    through_at: Mapped[datetime]  # when its newest check-in was due
    content: Mapped[dict[str, object]]
