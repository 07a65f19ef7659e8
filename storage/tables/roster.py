"""What a clinic's own systems call its patients and their visits, and what they said last."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber


class RosterEntry(Base):
    """The clinic's own id of a patient, and the cells of the row that was imported last."""

    __tablename__ = "roster_entries"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(unique=True)  # of the clinic's id, by which it is found without being opened
    clinic_id: Mapped[Sealed]
    cells: Mapped[Sealed]  # as JSON: what the next import is compared with, so that it undoes nobody's own choice
    changed_at: Mapped[datetime]


class CalendarVisit(Base):
    """A visit that came from a calendar: which event it is there, and what the calendar said of it last."""

    __tablename__ = "calendar_visits"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), index=True)
    mark: Mapped[str] = mapped_column(unique=True)  # of the event's UID and its place in a series
    series: Mapped[str] = mapped_column(index=True)  # mark of the UID alone
    calendar: Mapped[str] = mapped_column(index=True)  # the name under which the calendar is imported
    sequence: Mapped[int]
    starts_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    is_gone: Mapped[bool]  # called off there, or not in it any more
