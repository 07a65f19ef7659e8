"""What people are told: flags for the next digest, alerts for now, and the digests themselves."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, RowNumber

_LIVE = text("state != 'resolved'")  # one live alert for a chat, whatever happens at once


class Flag(Base):
    """A possible rupture with its reasons; one live flag for a patient, signal and reader."""

    __tablename__ = "flags"
    __table_args__ = (
        Index("ix_flags_open", "clinician_id", "state"),
        Index("ix_flags_patient", "patient_id"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who is told
    # raised on what the patient gave to this reader and not, or not alone, to their own clinician
    is_routed: Mapped[bool] = mapped_column(default=False, server_default=false())
    checkin_id: Mapped[int | None] = mapped_column(ForeignKey("checkins.id"))
    kind: Mapped[str]
    domain: Mapped[str | None]
    signal: Mapped[str]
    strength: Mapped[float]
    since: Mapped[datetime]
    reason: Mapped[dict[str, object]]  # the numbers the rule saw, as it saw them
    rule: Mapped[str]
    state: Mapped[str]
    resolution: Mapped[str | None]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class FlagActed(Base):
    """What somebody did about a flag, and when."""

    __tablename__ = "flag_actions"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("flags.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    action: Mapped[str]
    acted_at: Mapped[datetime]


class OnCall(Base):
    """The order in which people are paged."""

    __tablename__ = "on_call"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    position: Mapped[int]


class Shift(Base):
    """Somebody is on call from a moment until another; before the standing order."""

    __tablename__ = "shifts"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    position: Mapped[int]


class Alert(Base):
    """Something for a person now; pages go on while ``next_page_at`` is set."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_due", "state", "next_page_at"),
        Index("uq_alerts_live", "chat_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: a stranger
    chat_id: Mapped[int]
    cause: Mapped[str]  # a class of the crisis screen, asked_for_help, or screen_failed
    degree: Mapped[str]
    why: Mapped[str]  # the rule's sentence, never the patient's words
    rule: Mapped[str]
    rules_version: Mapped[str] = mapped_column(default="", server_default="")  # empty: raised before it was kept
    message_row: Mapped[int | None]  # the message that raised it
    written_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    state: Mapped[str]
    rung: Mapped[int]
    next_page_at: Mapped[datetime | None]
    first_paged_at: Mapped[datetime | None]  # when Telegram took the first page
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    acknowledged_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    resolved_at: Mapped[datetime | None]


class Page(Base):
    """One attempt to reach one person about one alert."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("alert_id", "person_id", "rung"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    rung: Mapped[int]
    paged_at: Mapped[datetime]
    wrote_again: Mapped[bool] = mapped_column(default=False, server_default=false())  # made because they did


class GroupedPage(Base):
    """A page that one message named together with others: each time they were handed to Telegram, one group."""

    __tablename__ = "grouped_pages"

    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # stands in the buttons
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), primary_key=True, autoincrement=False)
    position: Mapped[int]  # pages of one alert share theirs; it keeps its number however the message is changed


class SafetyPress(Base):
    """What somebody said by a button below the safety message; it changes nothing about the alert."""

    __tablename__ = "safety_presses"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    said: Mapped[str]
    message_id: Mapped[int]
    pressed_at: Mapped[datetime]


class Digest(Base):
    """One clinician's day as it was arranged; it holds code names and numbers, no words of patients."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("clinician_id", "local_date"), Index("ix_digests_picture", "picture"))

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    local_date: Mapped[date]
    covers_from: Mapped[datetime]
    built_at: Mapped[datetime]
    content: Mapped[dict[str, object]]
    picture: Mapped[str | None]  # wanted, queued or failed; None: there is none to draw
