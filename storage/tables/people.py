"""Who takes part: people, roles, invitations, consent, contact details, enrolments and visits."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, false, text, true
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber


def _folded(context: DefaultExecutionContext) -> str:
    return str(context.get_current_parameters()["code_name"]).casefold()


_IS_BLOCKED = text("blocked_at IS NOT NULL")  # few are, and they are counted among all


class Person(Base):
    """Anybody the clinic knows. The id is random, so that sealed values can be bound to it beforehand."""

    __tablename__ = "people"
    __table_args__ = (Index("ix_people_blocked", "blocked_at", sqlite_where=_IS_BLOCKED, postgresql_where=_IS_BLOCKED),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_name: Mapped[str]  # what Telegram shows of a patient
    code_name_folded: Mapped[str] = mapped_column(unique=True, default=_folded)  # as it is looked up
    name: Mapped[Sealed | None]
    chat_id: Mapped[int | None] = mapped_column(unique=True)
    language: Mapped[str]
    zone: Mapped[str]
    blocked_at: Mapped[datetime | None]  # since when nothing can be delivered
    created_at: Mapped[datetime]
    digest_at: Mapped[str | None]  # local time HH:MM, of clinicians
    working_days: Mapped[str | None]  # RFC 5545 day names, of clinicians
    next_digest_at: Mapped[datetime | None] = mapped_column(index=True)
    next_digest_on: Mapped[date | None]
    email: Mapped[Sealed | None]  # where a digest may go as well, of clinicians


class StaffRole(Base):
    """A role that a person has from one moment on, and perhaps until another."""

    __tablename__ = "staff_roles"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Invitation(Base):
    """A one-time code, kept only as its hash."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ConsentGiven(Base):
    """One decision about one version of the consent text; never changed, never deleted."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    version: Mapped[int]
    language: Mapped[str]
    decision: Mapped[str]  # given, refused, withdrawn
    decided_at: Mapped[datetime]


class Contact(Base):
    """How a patient can be reached outside Telegram."""

    __tablename__ = "contacts"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    phone: Mapped[Sealed | None]
    emergency_contact: Mapped[Sealed | None]
    address: Mapped[Sealed | None]


class Enrolment(Base):
    """A patient's taking part: its state, its cadence, and when the next check-in falls due."""

    __tablename__ = "enrolments"
    __table_args__ = (Index("ix_enrolments_due", "state", "next_due_at"),)

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # primary clinician
    state: Mapped[str]
    step: Mapped[str]  # of enrolling: consent, zone, zone_search, time, done
    rules: Mapped[list[str]]  # RFC 5545; none: those of the programme
    at: Mapped[list[str]]  # local times HH:MM
    starts_on: Mapped[date]
    next_due_at: Mapped[datetime | None]
    next_due_on: Mapped[date | None]
    next_slot: Mapped[str | None]
    most_a_day: Mapped[int | None]  # check-ins that may be asked on one local day; None: one for each of the times
    most_a_week: Mapped[int | None]
    # without rules of their own a patient is asked by the programme
    programme_version_id: Mapped[int | None] = mapped_column(index=True)
    programme_from: Mapped[date | None]  # the day its first phase counts from; None until enrolled
    keeps_own_time: Mapped[bool] = mapped_column(default=False, server_default=false())  # before the programme's
    not_on: Mapped[list[str]] = mapped_column(default=list, server_default="[]")  # days off, first/last
    paused_until: Mapped[date | None]
    enrolled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PatientClinician(Base):
    """A clinician who cares for a patient beside the primary one, from one moment on and perhaps until another."""

    __tablename__ = "patient_clinicians"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    clinician_id: Mapped[int] = mapped_column(
        ForeignKey("people.id"), primary_key=True, autoincrement=False, index=True
    )
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Preference(Base):
    """What a patient has decided about how the chat speaks to them; no row is the same as nothing decided."""

    __tablename__ = "preferences"

    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    quiet_from: Mapped[str | None]  # own quiet hours, local times HH:MM
    quiet_until: Mapped[str | None]
    goals_on_screen: Mapped[bool]  # named beside the question about goals
    awaiting: Mapped[str | None]  # the page of the menu that waits for something typed
    awaiting_since: Mapped[datetime | None]
    zone_set_at: Mapped[datetime | None]  # when the patient chose the zone that counts
    zone_asked_at: Mapped[datetime | None]  # when it was last asked whether the clock has changed
    zone_kept_at: Mapped[datetime | None]  # "keep it": not asked again until another zone is chosen
    hears_of_reading: Mapped[bool] = mapped_column(default=True, server_default=true())  # that the team has read


class Goal(Base):
    """One of a patient's own goals, in their words. The id is random, so that the words can be bound to it."""

    __tablename__ = "goals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    words: Mapped[Sealed]
    set_at: Mapped[datetime]


class Visit(Base):
    """An appointment of a patient with a clinician."""

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    state: Mapped[str]  # a VisitState
    brief_at: Mapped[datetime | None] = mapped_column(index=True)  # when its brief falls due; None: not any more
    marked_at: Mapped[datetime | None]  # when somebody said that it took place, or called it off
