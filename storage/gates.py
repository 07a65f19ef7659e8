"""Who may still be sent what: asked at the last moment, in the transaction that claims the message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Self

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, and_, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from alliance.checkin import ANSWERABLE, CheckinState
from alliance.delivery import MOST_COPIES, NOT_TO_TELEGRAM, Lane, OutboxState
from alliance.enrolment import ENDED, EnrolmentState, may_be_asked
from alliance.notes import NOTE_KEY
from storage.columns import Moment
from storage.tables import Answer, Checkin, Enrolment, Outgoing, Person, SkippedItem

NOW = bindparam("now", type_=Moment())  # named in questions, given when they are asked
EXCEPT_CHATS = bindparam("except_chats", type_=BigInteger(), expanding=True)
REPEATABLE = ("edit", "delete", "leave", "set")  # how the names of such methods begin in the Bot API


def is_repeatable(method: str) -> bool:
    """Whether twice is the same as once: an edit, a deletion, leaving a group, a list that is set; never a message."""
    return method.startswith(REPEATABLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A message that is due, with what its sending depends on."""

    row: Outgoing
    blocked_at: datetime | None
    enrolment: str | None
    checkin: str | None
    has_answer: bool

    @classmethod
    def of(
        cls, row: Outgoing, blocked_at: datetime | None, enrolment: str | None, checkin: str | None, has_answer: bool
    ) -> Self:
        """From a row that ``due_messages`` brings."""
        return cls(row=row, blocked_at=blocked_at, enrolment=enrolment, checkin=checkin, has_answer=has_answer)

    @property
    def is_question(self) -> bool:
        """Whether it asks something of a check-in, so that it is pointless once that is closed."""
        return self.row.lane == Lane.CHECKIN and self.checkin is not None and not is_repeatable(self.row.method)


def stopped(found: Candidate, *, now: datetime) -> tuple[OutboxState, str] | None:
    """The state in which a due message ends unsent, and why; None when it may go out.

    A message that may have arrived already never ends as if it had not: it is uncertain then, or sent
    when an answer to its question proves that the first copy was seen.
    """
    if found.row.unclear and found.is_question and found.has_answer:
        return OutboxState.SENT, "answered"
    if found.row.unclear >= MOST_COPIES:
        return OutboxState.UNCERTAIN, found.row.cause or "unclear"
    end = _closed_gate(found, now=now)
    if end is not None and found.row.unclear:
        return OutboxState.UNCERTAIN, end[1]
    return end


async def candidates(
    session: AsyncSession,
    *,
    now: datetime,
    limit: int,
    except_chats: Collection[int],
    lanes: Collection[Lane] | None,
) -> list[Candidate]:
    """The messages whose turn it is, by lane and then in the order they were added.

    In lane 0 and by the second channel every due message. In the others the first of each chat, and only when
    nothing else is on its way there and nothing before it in its lane is resting between two tries: so an edit
    never overtakes the message before it. Rows another worker has in hand are passed over.
    """
    rows = await session.execute(
        _messages_in_turn(of_some_lanes=lanes is not None),
        {
            "now": now,
            "limit": limit,
            "except_chats": list(except_chats),
            **({} if lanes is None else {"lanes": [int(lane) for lane in lanes]}),
        },
    )
    return [Candidate.of(*row) for row in rows]


@cache  # to put such a question together costs more than to ask it
def has_its_turn(*, as_of_now: bool = False) -> ColumnElement[bool]:
    """That nothing keeps a message back; as of NOW, also not one of its chat that is due before it."""
    other = aliased(Outgoing)
    same_lane_earlier = and_(other.lane == Outgoing.lane, other.id < Outgoing.id)
    ahead = [
        other.state == OutboxState.SENDING,
        and_(other.state == OutboxState.QUEUED, other.tries > 0, same_lane_earlier),
    ]
    if as_of_now:
        is_due = and_(other.state == OutboxState.QUEUED, other.due_at <= NOW)
        ahead.append(and_(is_due, or_(other.lane < Outgoing.lane, same_lane_earlier)))
    keeps_back = exists().where(
        other.chat_id == Outgoing.chat_id,
        other.id != Outgoing.id,
        other.lane != Lane.SAFETY,
        other.state.in_((OutboxState.SENDING, OutboxState.QUEUED)),
        or_(*ahead),
    )
    return or_(Outgoing.lane.in_((Lane.SAFETY, *NOT_TO_TELEGRAM)), ~keeps_back)


def due_messages() -> Select[Outgoing, datetime | None, str, str, bool]:
    """What is due as of NOW, with the columns of a Candidate; rows another worker has in hand are passed over."""
    return (
        select(Outgoing, Person.blocked_at, Enrolment.state, Checkin.state, _has_answer())
        .outerjoin(Person, Person.id == Outgoing.person_id)
        .outerjoin(Enrolment, Enrolment.patient_id == Outgoing.person_id)
        .outerjoin(Checkin, Checkin.id == Outgoing.checkin_id)
        .where(Outgoing.state == OutboxState.QUEUED, Outgoing.due_at <= NOW)
        .with_for_update(skip_locked=True, of=Outgoing)
        .execution_options(populate_existing=True)  # an earlier look in this session may be out of date
    )


@cache
def _messages_in_turn(*, of_some_lanes: bool) -> Select[Outgoing, datetime | None, str, str, bool]:
    query = (
        due_messages()
        .where(Outgoing.chat_id.not_in(EXCEPT_CHATS), has_its_turn(as_of_now=True))
        .order_by(Outgoing.lane, Outgoing.id)
        .limit(bindparam("limit", type_=Integer()))
    )
    if of_some_lanes:
        return query.where(Outgoing.lane.in_(bindparam("lanes", type_=Integer(), expanding=True)))
    return query.where(Outgoing.lane < Lane.ELSEWHERE)


def _closed_gate(found: Candidate, *, now: datetime) -> tuple[OutboxState, str] | None:
    row = found.row
    if row.expires_at is not None and row.expires_at <= now:
        return OutboxState.EXPIRED, "expired"
    if found.blocked_at is not None and row.lane not in (Lane.SAFETY, *NOT_TO_TELEGRAM):
        return OutboxState.BLOCKED, "blocked"
    if row.only_while_enrolled and not _may_be_asked(found.enrolment):
        return OutboxState.CANCELLED, "not_enrolled"
    if row.key.startswith(NOTE_KEY) and not _takes_part(found.enrolment):
        return OutboxState.CANCELLED, "not_enrolled"
    if found.is_question and found.checkin is not None and CheckinState(found.checkin) not in ANSWERABLE:
        return OutboxState.CANCELLED, "checkin_closed"
    if row.body is None:
        return OutboxState.CANCELLED, "emptied"
    return None


def _may_be_asked(enrolment: str | None) -> bool:
    return enrolment is not None and may_be_asked(EnrolmentState(enrolment))


def _takes_part(enrolment: str | None) -> bool:
    """Whether somebody may still write to this person; a pause is one from questions."""
    return enrolment is not None and enrolment != EnrolmentState.INVITED and enrolment not in ENDED


def _has_answer() -> ColumnElement[bool]:
    """Whether a tap since it was written proves that it was seen; one before it proves nothing of this copy."""
    since = Outgoing.created_at
    return or_(
        exists().where(Answer.checkin_id == Outgoing.checkin_id, Answer.answered_at >= since),
        exists().where(SkippedItem.checkin_id == Outgoing.checkin_id, SkippedItem.skipped_at >= since),
    )
