"""What the rules remember of each patient, so that no evaluation has to read everything again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class KeptCourse(Base):
    """One patient's course up to a check-in; it can be told anew from the check-ins at any time."""

    __tablename__ = "courses"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    through_at: Mapped[datetime]  # when its newest check-in was due
    content: Mapped[dict[str, object]]
