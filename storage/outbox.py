"""Messages stored before they are sent: put in once for each key, cancelled, counted, and forgotten in time."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, OutboxState
from storage.database import vault_of
from storage.gates import EXCEPT_CHATS, NOW, has_its_turn
from storage.intents import Intent, place_of
from storage.statements import dialect_of, insert_if_new
from storage.tables import Outgoing

UNFINISHED = (OutboxState.QUEUED, OutboxState.SENDING)


async def add(session: AsyncSession, intent: Intent, *, now: datetime) -> int | None:
    """Put a message into the outbox; its id, or None when that key is there already, in whatever state.

    Promise: once this is committed it reaches one of the true ends of OutboxState, and none vanishes.
    """
    once = insert_if_new(dialect_of(session), Outgoing, returning="id")
    return await session.scalar(once, _row(session, intent, now=now))


async def add_all(session: AsyncSession, intents: Sequence[Intent], *, now: datetime) -> None:
    """Put several messages into the outbox, in this order; one whose key is there already is left out."""
    if intents:
        once = insert_if_new(dialect_of(session), Outgoing, returning="id")
        await session.execute(once, [_row(session, intent, now=now) for intent in intents])


def _row(session: AsyncSession, intent: Intent, *, now: datetime) -> dict[str, object]:
    return {
        "key": intent.key,
        "lane": int(intent.lane),
        "person_id": intent.person_id,
        "chat_id": intent.chat_id,
        "method": intent.method,
        "body": vault_of(session).seal(json.dumps(intent.body), place_of(intent.key, intent.person_id)),
        "state": OutboxState.QUEUED,
        "created_at": now,
        "due_at": intent.due_at,
        "expires_at": intent.expires_at,
        "only_while_enrolled": intent.only_while_enrolled,
        "take_away_after": intent.take_away_after,
        "checkin_id": intent.checkin_id,
        "alert_id": intent.alert_id,
        "page_id": intent.page_id,
        "tries": 0,
        "unclear": 0,
    }


async def is_known(session: AsyncSession, key: str) -> bool:
    """Whether a message of that key was ever put into the outbox."""
    return await session.scalar(select(Outgoing.id).where(Outgoing.key == key)) is not None


async def last_key(session: AsyncSession, *, chat_id: int, beginning: str) -> str | None:
    """The key of the newest message to a chat whose key begins so and that was, or will be, seen."""
    seen = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.SENT)
    return await session.scalar(
        select(Outgoing.key)
        .where(
            Outgoing.chat_id == chat_id,
            Outgoing.key.startswith(beginning, autoescape=True),
            Outgoing.state.in_(seen),
        )
        .order_by(Outgoing.id.desc())
        .limit(1)
    )


async def next_due_at(
    session: AsyncSession, *, now: datetime | None = None, except_chats: Collection[int] = ()
) -> datetime | None:
    """When the next message falls due that nothing keeps back; None when there is none to wait for.

    With a moment, what is due by then counts only if ``claim`` would give it out: one that waits behind a
    message which itself waits for another's rest is found by that rest's end.
    """
    given = {"except_chats": list(except_chats), **({} if now is None else {"now": now})}
    return await session.scalar(_next_due(as_of_now=now is not None), given)


@cache
def _next_due(*, as_of_now: bool) -> Select[datetime]:
    turn = has_its_turn()
    if as_of_now:
        turn = and_(turn, or_(Outgoing.due_at > NOW, has_its_turn(as_of_now=True)))
    return (
        select(Outgoing.due_at)
        .where(Outgoing.state == OutboxState.QUEUED, Outgoing.chat_id.not_in(EXCEPT_CHATS), turn)
        .order_by(Outgoing.due_at)
        .limit(1)
    )


async def counts(session: AsyncSession, *, lane: Lane | None = None) -> dict[str, int]:
    """How many messages, of one lane or of all, stand in each state, zeros too."""
    which = () if lane is None else (Outgoing.lane == int(lane),)
    rows = await session.execute(select(Outgoing.state, func.count()).where(*which).group_by(Outgoing.state))
    return dict.fromkeys(map(str, OutboxState), 0) | dict(rows.all())


async def cancel(session: AsyncSession, *, person_id: int, keep_lanes: Collection[Lane] = (Lane.SAFETY,)) -> int:
    """Say nothing more to a person, but for the lanes kept; how many queued messages that ended.

    One that may have arrived already ends as uncertain. One that is on the wire cannot be called back,
    but it is not tried again: it expires instead.
    """
    theirs = (Outgoing.person_id == person_id, Outgoing.lane.not_in([int(lane) for lane in keep_lanes]))
    await session.execute(
        update(Outgoing).where(*theirs, Outgoing.state == OutboxState.SENDING).values(expires_at=Outgoing.due_at)
    )
    end = case((Outgoing.unclear > 0, OutboxState.UNCERTAIN.value), else_=OutboxState.CANCELLED.value)
    ended = await session.scalars(
        update(Outgoing)
        .where(*theirs, Outgoing.state == OutboxState.QUEUED)
        .values(state=end, cause="cancelled")
        .returning(Outgoing.id)
    )
    return len(ended.all())


async def state_of(session: AsyncSession, key: str) -> OutboxState | None:
    """Where the message of that key stands; None where there is none."""
    state = await session.scalar(select(Outgoing.state).where(Outgoing.key == key))
    return OutboxState(state) if state is not None else None


async def call_off(session: AsyncSession, *, beginning: str) -> None:
    """Do not send what still waits under keys that begin so; what is on its way, or may have arrived, stays."""
    await session.execute(
        update(Outgoing)
        .where(
            Outgoing.key.startswith(beginning, autoescape=True),
            Outgoing.state == OutboxState.QUEUED,
            Outgoing.unclear == 0,
        )
        .values(state=OutboxState.CANCELLED, cause="called_off")
    )


async def try_again(session: AsyncSession, key: str, *, now: datetime) -> bool:
    """Queue a message once more that came to an end without arriving; whether there was one to queue.

    Only for what can be repeated harmlessly: an edit that never reached a chat that was blocked meanwhile.
    """
    ended = (OutboxState.BLOCKED, OutboxState.EXPIRED, OutboxState.CANCELLED, OutboxState.UNCERTAIN)
    revived = await session.scalar(
        update(Outgoing)
        .where(Outgoing.key == key, Outgoing.state.in_(ended), Outgoing.body.is_not(None))
        .values(state=OutboxState.QUEUED, due_at=now, tries=0, unclear=0, cause=None)
        .returning(Outgoing.id)
    )
    return revived is not None


async def empty_old(session: AsyncSession, *, before: datetime) -> int:
    """Forget the words of messages that came to an end and were due before that moment; how many rows."""
    statement = (
        update(Outgoing)
        .where(Outgoing.body.is_not(None), Outgoing.due_at < before, Outgoing.state.not_in(UNFINISHED))
        .values(body=None)
    )
    return len((await session.scalars(statement.returning(Outgoing.id))).all())


async def empty(session: AsyncSession, outgoing_id: int) -> None:
    """Forget the words of one message now."""
    await session.execute(update(Outgoing).where(Outgoing.id == outgoing_id).values(body=None))
