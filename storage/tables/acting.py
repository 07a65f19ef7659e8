"""What staff did about flags and patients: who holds a flag, who was reached, what was written and why."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber


class FlagHolder(Base):
    """Somebody who may act on a flag beside, or instead of, the patient's own clinician."""

    __tablename__ = "flag_holders"

    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    held: Mapped[str]  # handed_over or escalated
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by the passing of time
    since: Mapped[datetime]
    told_on: Mapped[date | None]  # the day on which they were last told of one that nobody touches


class Snooze(Base):
    """A flag that is put off until a day."""

    __tablename__ = "snoozes"

    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), primary_key=True, autoincrement=False)
    until_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]


class Verdict(Base):
    """Why a flag was no rupture, in the clinician's view."""

    __tablename__ = "verdicts"

    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str]
    words: Mapped[Sealed | None]  # typed
    given_at: Mapped[datetime]


class ContactMade(Base):
    """Somebody got in touch with a patient: who, when and how; once for each day and way."""

    __tablename__ = "contacts_made"
    __table_args__ = (UniqueConstraint("patient_id", "by_id", "how", "made_on"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    how: Mapped[str]
    made_on: Mapped[date]  # on the wall of whoever made it
    made_at: Mapped[datetime]  # what was asked for until then is answered
    noted_at: Mapped[datetime]


class NoteToPatient(Base):
    """What a clinician writes to a patient. The id is random, so that the words can be bound to it."""

    __tablename__ = "notes_to_patients"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    flag_id: Mapped[int | None]  # a flag that was withdrawn leaves its number behind
    digest_id: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    script: Mapped[str | None]  # None: in their own words
    words: Mapped[Sealed]
    state: Mapped[str]
    typed_in: Mapped[int | None]  # Telegram's id of the message in which it was typed
    drafted_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


class StaffPrompt(Base):
    """What a member of staff has been asked to type, and about which flag."""

    __tablename__ = "staff_prompts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    asked: Mapped[str]
    flag_id: Mapped[int]
    digest_id: Mapped[int]
    asked_at: Mapped[datetime]
