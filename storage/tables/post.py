"""What comes in and what goes out: inbox, outbox, the polling offset, leases, heartbeats, and the audit."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber

# what is still to be emptied is found by an index of its own, however many rows there are
_HAS_RAW = text("raw IS NOT NULL")
_HAS_BODY = text("body IS NOT NULL")


class Incoming(Base):
    """An update, stored as it came before Telegram is told that we have it."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_waiting", "state", "turn", "seq"),
        Index("ix_inbox_chat", "chat_id", "state", "seq"),
        Index("ix_inbox_full", "handled_at", sqlite_where=_HAS_RAW, postgresql_where=_HAS_RAW),
    )

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    identity: Mapped[str] = mapped_column(unique=True)  # of the update; ids alone can come back
    update_id: Mapped[int]
    chat_id: Mapped[int] = mapped_column(
        default=0
    )  # updates of one chat are handled one after another; 0 for those of none
    turn: Mapped[int] = mapped_column(
        default=0
    )  # in this order they are handled: microseconds since 1970, 0 for danger
    received_at: Mapped[datetime]
    raw: Mapped[Sealed | None]  # None once handled and past its time
    state: Mapped[str]  # waiting, done, dead
    attempts: Mapped[int]
    cause: Mapped[str | None]  # the class of the error, never its text
    handled_at: Mapped[datetime | None]


class PollingState(Base):
    """The offset to ask for next; one row."""

    __tablename__ = "polling"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_offset: Mapped[int]


class Outgoing(Base):
    """A message stored before it is sent, ready for the wire."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "lane", "id"),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_chat", "chat_id", "state"),
        Index("ix_outbox_person", "person_id", "state"),
        Index("ix_outbox_full", "due_at", sqlite_where=_HAS_BODY, postgresql_where=_HAS_BODY),
        Index("ix_outbox_checkin", "checkin_id"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # what this message is for; said once
    lane: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    chat_id: Mapped[int]
    method: Mapped[str]
    body: Mapped[Sealed | None]  # JSON, ready-made; None once sent and past its time
    state: Mapped[str]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    only_while_enrolled: Mapped[bool]  # cancelled when the patient may no longer be asked
    take_away_after: Mapped[int | None]  # seconds after which the message is deleted again
    checkin_id: Mapped[int | None] = mapped_column(ForeignKey("checkins.id"))
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    page_id: Mapped[int | None]  # the page it is; pages to one person may go out in one message
    tries: Mapped[int]
    unclear: Mapped[int]  # tries after which nobody can know whether it arrived
    cause: Mapped[str | None]
    fence: Mapped[int | None]  # token of the lease under which it is being sent
    message_id: Mapped[int | None]  # Telegram's, once sent
    sent_at: Mapped[datetime | None]


class LeaseRow(Base):
    """Something only one process may do at a time, and who does it."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    token: Mapped[int]  # grows each time the lease changes hands
    until: Mapped[datetime]  # by the clock of the database


class Halt(Base):
    """A pause that Telegram has asked for, kept so that the next process keeps it as well."""

    __tablename__ = "halts"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    chat_id: Mapped[int]  # 0: of the whole bot
    asked_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)


class Heartbeat(Base):
    """When each loop of the process last went round."""

    __tablename__ = "heartbeats"

    loop: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


class AuditEntry(Base):
    """Who did what to what, and when; the database refuses changes and deletions."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # None: the program itself or the command line
    action: Mapped[str]
    object_kind: Mapped[str]
    object_id: Mapped[int | None] = mapped_column(index=True)
    detail: Mapped[dict[str, object]]  # our own ids and settings, never words


class AuditLink(Base):
    """What binds an entry of the audit to all before it; the database refuses changes and deletions."""

    __tablename__ = "audit_links"

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without a gap
    entry_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    digits: Mapped[str]  # alliance.audit_trail


class AuditHead(Base):
    """Where the chain of the audit ends; one row, and its seal is made with the key ring."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    digits: Mapped[str]
    seal: Mapped[Sealed | None]  # both of them; None before the first entry
