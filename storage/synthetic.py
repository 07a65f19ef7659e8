"""The rows of a synthetic crisis: put into the inbox, found in what came of it, and taken out again."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane, OutboxState
from storage import heartbeats, inbox
from storage.inbox import SYNTHETIC
from storage.raw_updates import RawUpdate
from storage.tables import Incoming, Outgoing

BEGUN = f"{SYNTHETIC}begun"  # the heartbeat of the first one that has not been seen through
SEEN_THROUGH_WITHIN = timedelta(seconds=60)
AT_LEAST_EVERY = timedelta(hours=25)  # one a day, and an hour for it


async def begin(session: AsyncSession, raws: Mapping[str, str], *, chat_id: int, now: datetime) -> None:
    """Put a made-up message for each language into the inbox, before everything that waits there.

    One of an earlier day that nobody handled is taken out, so that it never becomes a dead letter.
    """
    await session.execute(delete(Incoming).where(Incoming.identity.startswith(SYNTHETIC)))
    updates = [
        RawUpdate(update_id=0, identity=SYNTHETIC + language, raw=raw, chat_id=chat_id, speaks_of_danger=True)
        for language, raw in raws.items()
    ]
    await inbox.store(session, updates, now=now)
    if not await _unseen(session, raws):
        await heartbeats.beat(session, BEGUN, now)


async def end(session: AsyncSession, seq: int, *, language: str, seen_through: bool, now: datetime) -> None:
    """Take the made-up message out of the inbox, and note whether it came through."""
    await session.execute(delete(Incoming).where(Incoming.seq == seq))
    if seen_through:
        await heartbeats.beat(session, SYNTHETIC + language, now)


async def is_missing(
    session: AsyncSession, languages: Iterable[str], *, running_since: datetime, now: datetime
) -> bool:
    """Whether one that was begun has not been seen through in time, or none was for more than a day."""
    passed = [await heartbeats.last(session, SYNTHETIC + language) for language in languages]
    oldest = min((at or running_since for at in passed), default=running_since)
    if now - max(oldest, running_since) > AT_LEAST_EVERY:
        return True
    begun = await heartbeats.last(session, BEGUN)
    if begun is None or now - max(begun, running_since) <= SEEN_THROUGH_WITHIN:
        return False
    return any(at is None or at < begun for at in passed)


async def queued_chats(session: AsyncSession, *, chat_id: int, alert_id: int) -> frozenset[int]:
    """The chats that wait for something in the safety lane because of that alert, and that chat itself."""
    rows = await session.scalars(
        select(Outgoing.chat_id).where(
            Outgoing.state == OutboxState.QUEUED,
            Outgoing.lane == Lane.SAFETY,
            or_(Outgoing.chat_id == chat_id, Outgoing.alert_id == alert_id),
        )
    )
    return frozenset(rows)


async def _unseen(session: AsyncSession, languages: Iterable[str]) -> bool:
    begun = await heartbeats.last(session, BEGUN)
    if begun is None:
        return False
    passed = [await heartbeats.last(session, SYNTHETIC + language) for language in languages]
    return any(at is None or at < begun for at in passed)
