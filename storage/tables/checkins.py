"""What was asked and what was answered: check-ins, answers, messages."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Sealed
from storage.tables.base import Base, RowNumber


class Checkin(Base):
    """One round of items for one patient, local day and slot: at most one row of these three."""

    __tablename__ = "checkins"
    __table_args__ = (
        UniqueConstraint("patient_id", "local_date", "slot"),
        Index("ix_checkins_open", "state", "expires_at"),
        Index("ix_checkins_remind", "state", "remind_at"),
        Index("ix_checkins_clinician", "clinician_id", "ended_at"),
        Index("ix_checkins_due", "state", "due_at"),
        Index("ix_checkins_patient", "patient_id", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    local_date: Mapped[date]
    slot: Mapped[str]
    instrument: Mapped[str]  # id/version
    form: Mapped[str | None]  # of the instrument, where it has several; the same from the first question to the last
    language: Mapped[str]
    state: Mapped[str]
    remark_open: Mapped[bool]  # all items answered, a sentence is still welcome
    due_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]  # None once reminded, or when there is no need any more
    completed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # since when nothing more is expected of it
    message_id: Mapped[int | None]  # Telegram's id of the message that carries the question
    later_at: Mapped[datetime | None]  # when the person asked for it back; None once it has come
    wish: Mapped[str | None]  # what the person would like to happen
    wished_at: Mapped[datetime | None]
    bond_about_id: Mapped[int | None]  # whom the bond item means; None: clinician_id


class CheckinPage(Base):
    """What one message of a check-in shows now, so that a tap or a typed number is taken for what was seen."""

    __tablename__ = "checkin_pages"
    __table_args__ = (
        UniqueConstraint("checkin_id", "message_id"),
        Index("ix_checkin_pages_post_key", "post_key"),
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id"))
    message_id: Mapped[int | None]  # None until the new message has arrived
    page: Mapped[str]  # an item's id, or another page's name
    print: Mapped[str | None]  # of its words and buttons: the same ones are not put there twice
    turns: Mapped[int]  # how often it was turned to another page
    post_key: Mapped[str]  # the message of the outbox that brings this page
    shown_at: Mapped[datetime | None]  # when Telegram said that it stands there


class SkippedItem(Base):
    """An item passed over by its own button; an answer given later takes its place."""

    __tablename__ = "skipped_items"
    __table_args__ = (UniqueConstraint("checkin_id", "item_id"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id"))
    item_id: Mapped[str]
    domain: Mapped[str]
    skipped_at: Mapped[datetime]


class FollowUp(Base):
    """The one question asked about a low answer, and what was chosen."""

    __tablename__ = "follow_ups"
    __table_args__ = (UniqueConstraint("checkin_id", "domain"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id"))
    domain: Mapped[str]
    item_id: Mapped[str]
    offered_at: Mapped[datetime]
    concern: Mapped[str | None]  # a Concern; None while it is asked
    chosen_at: Mapped[datetime | None]


class Answer(Base):
    """What was given to one item; a change of mind replaces it."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("checkin_id", "item_id"),)

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    checkin_id: Mapped[int] = mapped_column(ForeignKey("checkins.id"))
    item_id: Mapped[str]
    domain: Mapped[str]
    rating: Mapped[int]
    fraction: Mapped[float]  # 0 to 1, 1 is always the good end
    answered_at: Mapped[datetime]
    message_id: Mapped[int | None]  # Telegram's id of the message that showed the question
    is_typed: Mapped[bool] = mapped_column(default=False, server_default=false())  # or tapped
    # what its person saw: None in answers of before this was kept
    instrument: Mapped[str | None]
    form: Mapped[str | None]
    language: Mapped[str | None]
    about_id: Mapped[int | None]  # the clinician a bond item meant; None for other items


class Message(Base):
    """Anything a person sent, each version of it, with what the crisis screen made of it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id", "version"),
        Index("ix_messages_by_person", "person_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: a stranger
    checkin_id: Mapped[int | None] = mapped_column(ForeignKey("checkins.id"), index=True)
    chat_id: Mapped[int]
    message_id: Mapped[int]
    version: Mapped[int]  # 0 as first sent, then the moment of the edit in seconds since 1970
    kind: Mapped[str]  # text, caption, voice, photo, …; number: a text that was taken as an answer
    words: Mapped[Sealed | None]
    word_count: Mapped[int]
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime]
    screening: Mapped[str]  # screened, flagged, unscreened, needs_a_human
    rules_version: Mapped[str]
    crisis_class: Mapped[str | None]
    crisis_degree: Mapped[str | None]
    # what rules for language heard in it, and where; None: nothing has read it
    heard: Mapped[dict[str, object] | None] = mapped_column(JSON(none_as_null=True))
    # the row of the message with which the same thought began, itself for the first; None: alone
    thought: Mapped[int | None] = mapped_column(index=True)
