"""What people wrote: every version of every message, sealed, with what the screen made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import new_id, vault_of
from storage.tables import Message
from storage.vault import Place

NUMBER = "number"  # the kind of a text that was taken as the answer to an item: kept, and no message to anybody
NO_ANSWER = "no_answer"  # of a text that a page of the menu had asked for and could not read: kept for the team

_VERSION = select(Message).where(
    Message.chat_id == bindparam("chat"),
    Message.message_id == bindparam("message"),
    Message.version == bindparam("number"),
)
_NEWEST_TEXT = (
    select(Message)
    .where(
        Message.person_id == bindparam("of"),
        Message.version == 0,
        Message.thought.is_not(None),
        Message.kind != NUMBER,
    )
    .order_by(Message.received_at.desc(), Message.message_id.desc())
    .limit(1)
)
_OF_THOUGHT = (
    select(Message)
    .where(Message.thought == bindparam("of"), Message.kind != NUMBER)
    .order_by(Message.message_id, Message.version)
)
_REMARKS = (
    select(
        Message.checkin_id,
        Message.message_id,
        Message.id,
        func.coalesce(Message.thought, Message.id),
        Message.word_count,
        Message.heard,
        Message.received_at,
    )
    .where(Message.checkin_id.in_(bindparam("of", expanding=True)), Message.kind != NUMBER)
    .order_by(Message.message_id, Message.version)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A message as it arrived: where, which version, what kind, and its words if it has any.

    ``beside`` are words in something that is no text, such as a poll or a contact card: for the screen alone.
    """

    chat_id: int
    message_id: int
    version: int
    kind: str
    words: str | None
    sent_at: datetime
    beside: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """What the crisis screen made of a message: screened, flagged, unscreened or needs_a_human."""

    disposition: str
    rules_version: str
    crisis_class: str | None = None
    degree: str | None = None


async def keep(
    session: AsyncSession,
    written: Written,
    screening: Screening,
    *,
    person_id: int | None,
    checkin_id: int | None,
    now: datetime,
    heard: dict[str, object] | None = None,
    thought: int | None = None,
) -> Message | None:
    """Store one version of a message; None when that version is stored already.

    ``thought`` is the one that it goes on with; without it, words of a patient begin one of their own.

    ``heard`` is what rules for language made of it (`alliance.listening`): places and rules, no words.

    Telegram tells the moment of a change in whole seconds: a second change within one is the next version.
    """
    version = written.version
    while (known := await _version(session, written, version)) is not None:
        if version == 0 or words_of(session, known) == written.words:
            return None
        version += 1
    row_id = new_id()
    sealed = None
    if written.words is not None:
        sealed = vault_of(session).seal(written.words, _place(row_id, person_id))
    message = Message(
        id=row_id,
        person_id=person_id,
        checkin_id=checkin_id,
        chat_id=written.chat_id,
        message_id=written.message_id,
        version=version,
        kind=written.kind,
        words=sealed,
        word_count=len((written.words or "").split()),
        sent_at=written.sent_at,
        received_at=now,
        screening=screening.disposition,
        rules_version=screening.rules_version,
        crisis_class=screening.crisis_class,
        crisis_degree=screening.degree,
        heard=heard,
        thought=thought or (row_id if person_id is not None and written.words and not written.version else None),
    )
    session.add(message)
    await session.flush()
    return message


async def _version(session: AsyncSession, written: Written, version: int) -> Message | None:
    return await session.scalar(_VERSION, {"chat": written.chat_id, "message": written.message_id, "number": version})


async def newest_text(session: AsyncSession, person_id: int) -> Message | None:
    """The latest message in words of a person, as first sent; a number taken as an answer is none."""
    return await session.scalar(_NEWEST_TEXT, {"of": person_id})


async def first_version(session: AsyncSession, chat_id: int, message_id: int) -> Message | None:
    """A message as it was first kept."""
    return await session.scalar(
        select(Message)
        .where(Message.chat_id == chat_id, Message.message_id == message_id)
        .order_by(Message.version)
        .limit(1)
    )


async def of_thought(session: AsyncSession, thought: int) -> list[Message]:
    """The messages of one thought in the order in which they were sent, each in its newest version."""
    rows = await session.scalars(_OF_THOUGHT, {"of": thought})
    return list({row.message_id: row for row in rows}.values())


async def checkin_of(session: AsyncSession, chat_id: int, message_id: int) -> int | None:
    """The check-in that the first version of a message belongs to."""
    return await session.scalar(
        select(Message.checkin_id)
        .where(Message.chat_id == chat_id, Message.message_id == message_id)
        .order_by(Message.version)
        .limit(1)
    )


def words_of(session: AsyncSession, message: Message) -> str | None:
    """The words of a message, opened; None for a picture, a voice message and the like."""
    if message.words is None:
        return None
    return vault_of(session).open(message.words, _place(message.id, message.person_id))


async def between(session: AsyncSession, patient_id: int, *, after: datetime, until: datetime) -> Sequence[Message]:
    """What a patient had to say in that time, oldest first, earlier versions of edited messages included."""
    rows = await session.scalars(
        select(Message)
        .where(Message.person_id == patient_id, Message.received_at > after, Message.received_at <= until)
        .where(Message.kind != NUMBER)
        .order_by(Message.received_at, Message.message_id, Message.version)
    )
    return rows.all()


async def between_of(
    session: AsyncSession, patient_ids: Sequence[int], *, after: datetime, until: datetime
) -> dict[int, list[Message]]:
    """The same of several patients at once, by patient; one who said nothing is left out."""
    rows = await session.scalars(
        select(Message)
        .where(Message.person_id.in_(patient_ids), Message.received_at > after, Message.received_at <= until)
        .where(Message.kind != NUMBER)
        .order_by(Message.received_at, Message.message_id, Message.version)
    )
    found: dict[int, list[Message]] = {}
    for row in rows:
        if row.person_id is not None:
            found.setdefault(row.person_id, []).append(row)
    return found


async def some(session: AsyncSession, row_ids: Sequence[int]) -> dict[int, Message]:
    """The message rows of these ids, as far as they are kept."""
    return {row.id: row for row in await session.scalars(select(Message).where(Message.id.in_(row_ids)))}


async def get(session: AsyncSession, row_id: int) -> Message | None:
    """The message row of that id."""
    return await session.get(Message, row_id)


async def discard(session: AsyncSession, message: Message) -> None:
    """Forget a message that turned out to be no message: it answered a question of ours."""
    await session.delete(message)
    await session.flush()


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """The newest version of one message of a check-in: its row, thought, length, what was heard in it, when it came."""

    row_id: int
    thought: int
    word_count: int
    heard: dict[str, object] | None
    received_at: datetime


async def remarks(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, list[Remark]]:
    """What was written with each of these check-ins, in the order in which it was first sent."""
    rows = await session.execute(_REMARKS, {"of": checkin_ids})
    newest: dict[int, dict[int, Remark]] = {}
    for checkin, message, row_id, thought, words, heard, received_at in rows:
        if checkin is not None:
            newest.setdefault(checkin, {})[message] = Remark(
                row_id=row_id, thought=thought, word_count=words, heard=heard, received_at=received_at
            )
    return {checkin: list(each.values()) for checkin, each in newest.items()}


async def count(session: AsyncSession) -> int:
    """How many versions of messages are stored."""
    return await session.scalar(select(func.count()).select_from(Message)) or 0


def _place(row_id: int, person_id: int | None) -> Place:
    return Place(table="messages", column="words", row=row_id, person=person_id)
