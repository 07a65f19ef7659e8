"""Updates, stored as they came before Telegram is told that we have them, and handed out in that order."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Sealed
from storage.database import insert_into, vault_of
from storage.tables import Incoming, PollingState
from storage.vault import Place, Tampered

MOST_ATTEMPTS = 3  # one failure may be chance, three are the update's own
IDENTITY_LENGTH = 32  # hexadecimal digits; 128 bits, so that no two updates of one clinic ever share it
THE_ONLY_ROW = 1


class InboxState(StrEnum):
    """Where an update stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"  # nobody could handle it; a person is told


@dataclass(frozen=True, kw_only=True, slots=True)
class RawUpdate:
    """An update that was not looked into yet, but for the ids that make it this one."""

    update_id: int
    identity: str
    raw: bytes | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An update to handle; ``attempts`` counts those that failed, 0 to 2."""

    seq: int
    update_id: int
    raw: str
    received_at: datetime
    attempts: int


def identity_of(update: Mapping[str, object]) -> str:
    """What makes an update this one: the same for each delivery of it, another for any other update.

    The update's id alone does not do: after a week without updates Telegram starts from a random number
    (Bot API, Update), so that an id may come back. Chat, message, dates and the callback's id are added;
    where none of these is found the whole content is. Takes any JSON object, raises nothing.
    """
    kind, content = next(((k, v) for k, v in update.items() if k != "update_id"), ("", None))
    marks = _marks(cast("dict[object, object]", content)) if isinstance(content, dict) else []  # JSON
    number = update.get("update_id")
    subject = json.dumps([number, kind, marks or content], sort_keys=True, default=str)
    return hashlib.sha256(subject.encode()).hexdigest()[:IDENTITY_LENGTH]


async def store(session: AsyncSession, updates: Sequence[RawUpdate], *, now: datetime) -> int:
    """Store a batch in its order and say how many of it were new; those known already are left as they are.

    Promise: once this is committed, each of them will be handled, or become a dead letter, exactly once.
    Bytes that are no UTF-8 come back as lone surrogates; nothing is lost and nothing is parsed.
    """
    if not updates:
        return 0
    vault = vault_of(session)
    rows = [
        {
            "identity": update.identity,
            "update_id": update.update_id,
            "received_at": now,
            "raw": vault.seal(_text(update.raw), _place(update.identity)),
            "state": InboxState.WAITING,
            "attempts": 0,
        }
        for update in updates
    ]
    statement = insert_into(session, Incoming).values(rows).on_conflict_do_nothing(index_elements=["identity"])
    return len((await session.scalars(statement.returning(Incoming.seq))).all())


async def next_offset(session: AsyncSession) -> int | None:
    """The offset to ask Telegram for, or None before the first batch."""
    return await session.scalar(select(PollingState.next_offset).where(PollingState.id == THE_ONLY_ROW))


async def remember_offset(session: AsyncSession, offset: int) -> None:
    """Ask from here on the next time; a lower number than before is taken as it is, ids may be reset."""
    statement = insert_into(session, PollingState).values(id=THE_ONLY_ROW, next_offset=offset)
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"next_offset": offset}))


async def waiting(session: AsyncSession, *, limit: int) -> list[Waiting]:
    """The updates to handle, in order of arrival. Needs a writing session.

    One that does not open in its place (Tampered) becomes a dead letter here and delays nobody.
    """
    rows = await session.execute(
        select(
            Incoming.seq,
            Incoming.update_id,
            Incoming.raw,
            Incoming.received_at,
            Incoming.attempts,
            Incoming.identity,
        )
        .where(Incoming.state == InboxState.WAITING)
        .order_by(Incoming.seq)
        .limit(limit)
    )
    found: list[Waiting] = []
    for seq, update_id, sealed, received_at, attempts, identity in rows.all():
        try:
            raw = _opened(session, sealed, identity)
        except Tampered:
            await _bury(session, seq, cause=Tampered.__name__)
            continue
        found.append(Waiting(seq=seq, update_id=update_id, raw=raw, received_at=received_at, attempts=attempts))
    return found


async def done(session: AsyncSession, seq: int, *, now: datetime) -> None:
    """Note in the transaction of its effects that an update was handled."""
    await session.execute(
        update(Incoming)
        .where(Incoming.seq == seq, Incoming.state == InboxState.WAITING)
        .values(state=InboxState.DONE, handled_at=now)
    )


async def failed(session: AsyncSession, seq: int, *, cause: str, now: datetime) -> bool:
    """Count a failed attempt; True when it was the third, which makes a dead letter of the update.

    ``cause`` is the class of the error, never its text, which may quote the patient.
    """
    is_last = Incoming.attempts + 1 >= MOST_ATTEMPTS
    state = await session.scalar(
        update(Incoming)
        .where(Incoming.seq == seq, Incoming.state == InboxState.WAITING)
        .values(
            attempts=Incoming.attempts + 1,
            cause=cause,
            state=case((is_last, InboxState.DEAD.value), else_=InboxState.WAITING.value),
            handled_at=case((is_last, now), else_=None),
        )
        .returning(Incoming.state)
    )
    return state == InboxState.DEAD


async def count_waiting(session: AsyncSession) -> int:
    """How many updates wait to be handled."""
    return await _count(session, InboxState.WAITING)


async def count(session: AsyncSession) -> int:
    """How many updates are stored, whatever became of them."""
    return await session.scalar(select(func.count()).select_from(Incoming)) or 0


async def dead(session: AsyncSession) -> int:
    """How many updates nobody could handle."""
    return await _count(session, InboxState.DEAD)


async def empty_old(session: AsyncSession, *, before: datetime) -> int:
    """Forget the content of what was handled before that moment, and say how many rows were emptied.

    The identities stay, so that a late redelivery is still known. Dead letters keep theirs: a person has
    to look at them.
    """
    statement = (
        update(Incoming)
        .where(Incoming.raw.is_not(None), Incoming.handled_at < before, Incoming.state == InboxState.DONE)
        .values(raw=None)
    )
    return len((await session.scalars(statement.returning(Incoming.seq))).all())


async def _count(session: AsyncSession, state: InboxState) -> int:
    return await session.scalar(select(func.count()).where(Incoming.state == state)) or 0


async def _bury(session: AsyncSession, seq: int, *, cause: str) -> None:
    await session.execute(update(Incoming).where(Incoming.seq == seq).values(state=InboxState.DEAD, cause=cause))


def _opened(session: AsyncSession, sealed: Sealed | None, identity: str) -> str:
    if sealed is None:
        raise Tampered(Tampered.__doc__)  # only what was handled is ever emptied
    return vault_of(session).open(sealed, _place(identity))


def _place(identity: str) -> Place:
    return Place(table="inbox", column="raw", row=identity, person=None)


def _text(raw: bytes | str) -> str:
    return raw.decode("utf-8", errors="surrogateescape") if isinstance(raw, bytes) else raw


def _marks(content: dict[object, object]) -> list[object]:
    """The ids and dates of a message, of the message under a button, or of what else came; [] if none."""
    under = content.get("message")
    message = cast("dict[object, object]", under) if isinstance(under, dict) else content  # JSON
    chat = message.get("chat")
    chat_id = cast("dict[object, object]", chat).get("id") if isinstance(chat, dict) else None  # JSON
    marks = [chat_id, message.get("message_id"), message.get("date"), content.get("id")]
    edited = content.get("edit_date")
    return [*marks, edited] if any(isinstance(mark, int | str) for mark in marks) else []
