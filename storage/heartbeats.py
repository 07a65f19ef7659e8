"""When each loop of the process last went round, so that somebody notices one that stands still."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.statements import dialect_of, insert_or_replace
from storage.tables import Heartbeat

TELEGRAM = "telegram"  # as a loop: when Telegram last answered whoever receives


async def beat(session: AsyncSession, loop: str, at: datetime) -> None:
    """Note that a loop went round at that moment."""
    statement = insert_or_replace(dialect_of(session), Heartbeat, key=("loop",), replacing=("beat_at",))
    await session.execute(statement, {"loop": loop, "beat_at": at})


async def last(session: AsyncSession, loop: str) -> datetime | None:
    """When a loop last went round; None when it never did."""
    return await session.scalar(select(Heartbeat.beat_at).where(Heartbeat.loop == loop))


async def ages(session: AsyncSession, now: datetime) -> dict[str, timedelta]:
    """How long ago each loop went round, by its name; a loop that never did is not in it."""
    rows = await session.execute(select(Heartbeat.loop, Heartbeat.beat_at))
    return {loop: now - beat_at for loop, beat_at in rows}
