"""What clinicians write down after visits: agreements in their versions, drafts of them, and their own ratings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber

_OPEN = text("state = 'proposed'")  # one open proposal for a patient, whatever happens at once


class Agreement(Base):
    """One version of what was agreed after a visit; its words are written once and never changed."""

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("patient_id", "version"),
        Index("uq_agreements_open", "patient_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_agreements_state", "state", "remind_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    version: Mapped[int]  # of this patient's, from 1
    words: Mapped[Sealed]  # its parts, as JSON
    state: Mapped[str]  # an AgreementState
    sent_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]  # None once reminded, or when there is no need any more
    expires_at: Mapped[datetime]  # from then on nobody waits for the answer
    answered_at: Mapped[datetime | None]  # the latest answer
    message_row: Mapped[int | None]  # the sentence that came with "I'd like to change something"


class AgreementDraft(Base):
    """What a clinician has begun to write and not sent; one for each patient."""

    __tablename__ = "agreement_drafts"
    __table_args__ = (UniqueConstraint("patient_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[Sealed]
    changed_at: Mapped[datetime]


class ClinicianRating(Base):
    """A clinician's own view of one patient, in numbers on the scale that the patient answers on."""

    __tablename__ = "clinician_ratings"
    __table_args__ = (
        Index("ix_clinician_ratings_patient", "patient_id", "ended_at"),
        Index("ix_clinician_ratings_clinician", "clinician_id", "asked_at"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form: Mapped[str]  # the clinician's questions, name/version
    instrument: Mapped[str]  # of the patient at that time, whose scale it is, id/version
    lowest: Mapped[int]
    highest: Mapped[int]
    goal: Mapped[int | None]
    task: Mapped[int | None]
    bond: Mapped[int | None]
    state: Mapped[str]  # a RatingState
    asked_at: Mapped[datetime]  # those asked for together share it
    ended_at: Mapped[datetime | None]  # rated, or skipped


class Desk(Base):
    """What the chat waits to be told by a member of staff, and about whom; the latest thing counts."""

    __tablename__ = "desks"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    awaiting: Mapped[str]  # a StaffPlace
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visits.id"))
    since: Mapped[datetime]
