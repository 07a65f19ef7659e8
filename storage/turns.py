"""Whose update is handled next: fair turns among chats, and each chat in one worker's hands at a time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.raw_updates import InboxState, RawUpdate
from storage.tables import Incoming

SHARE = timedelta(milliseconds=100)  # how far each message that waits already puts off the next one of its chat
MICROSECOND = timedelta(microseconds=1)
AT_ONCE = 0  # the turn of danger: before everybody
WORKERS_AT_ONCE = 8  # how many batches ahead a worker looks for chats that nobody has in hand
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# until the end of the transaction; the keys are chats, far from the one that schema.py migrates under
_LOCK_CHATS = text("SELECT id FROM unnest(CAST(:chats AS bigint[])) AS chat(id) WHERE pg_try_advisory_xact_lock(id)")


async def turns_of(session: AsyncSession, updates: Sequence[RawUpdate], *, now: datetime) -> list[int]:
    """When each update has its turn: as it came, but a chat with much that waits leaves room for the others.

    Start-time fair queueing (Goyal, Vin and Cheng 1996) with equal shares: the order is that of a virtual
    clock, nobody waits while there is nothing else to do, and within a chat the order stays.
    """
    chats = {one.chat_id for one in updates}
    rows = await session.execute(
        select(Incoming.chat_id, func.max(Incoming.turn))
        .where(Incoming.state == InboxState.WAITING, Incoming.chat_id.in_(chats))
        .group_by(Incoming.chat_id)
    )
    latest = {chat_id: turn for chat_id, turn in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker
    arrived, share = (now - _EPOCH) // MICROSECOND, SHARE // MICROSECOND
    turns: list[int] = []
    for one in updates:
        turn = max(arrived, latest.get(one.chat_id, 0) + share)
        latest[one.chat_id] = turn
        turns.append(AT_ONCE if one.speaks_of_danger else turn)
    return turns


async def chats_to_handle(session: AsyncSession, *, limit: int) -> Sequence[int]:
    """Chats with waiting updates whose turn is soonest and that no other worker has in hand; now ours."""
    ahead = (
        select(Incoming.chat_id)
        .where(Incoming.state == InboxState.WAITING)
        .order_by(Incoming.turn, Incoming.seq)
        .limit(limit * WORKERS_AT_ONCE)
    )
    soonest = list(dict.fromkeys(await session.scalars(ahead)))
    for start in range(0, len(soonest), limit):
        ours = await session.scalars(_LOCK_CHATS, {"chats": soonest[start : start + limit]})
        if found := ours.all():
            return found
    return ()
