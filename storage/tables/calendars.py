"""When people are there: staff on leave and who reads for them, patients on hold, and who was given to whom."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber


class StaffLeave(Base):
    """A clinician is away from a day on, in her own zone, until the day on which she is back."""

    __tablename__ = "staff_leaves"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_on: Mapped[date]
    back_on: Mapped[date | None]  # the first day she is back; None: until somebody says so
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: at the shell
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # ended early, or called off


class Hold(Base):
    """Staff hold a patient's check-ins for a reason that is never told in the chat."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    reason: Mapped[str]  # a HoldReason
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # the first day on which check-ins go on; None: until somebody says so
    set_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    was_paused: Mapped[bool]  # the patient was having a break, and goes back to it
    next_at: Mapped[datetime | None] = mapped_column(index=True)  # when it begins or ends by itself


class DigestReader(Base):
    """A digest that was read by somebody else in its clinician's place."""

    __tablename__ = "digest_readers"

    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id"), primary_key=True, autoincrement=False)
    reader_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)


class Reassignment(Base):
    """A patient was given to another clinician; what the one before had not been told yet goes along."""

    __tablename__ = "reassignments"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    untold_since: Mapped[datetime]  # the last digest of the one before
    at: Mapped[datetime]


class TeamDigest(Base):
    """How the team stood on one day, as one lead was told: counts, ages and code names."""

    __tablename__ = "team_digests"
    __table_args__ = (UniqueConstraint("lead_id", "local_date"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    local_date: Mapped[date]
    built_at: Mapped[datetime]
    content: Mapped[dict[str, object]]
