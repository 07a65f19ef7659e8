"""Pauses that Telegram has asked for: kept by whoever sends next, in this process or another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Halt

WHOLE_BOT = 0  # in place of a chat; no chat of Telegram's has that id


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Telegram asked, at that moment, for nothing to be sent there until another."""

    chat_id: int
    at: datetime
    until: datetime


async def note(session: AsyncSession, asked: Iterable[Asked]) -> None:
    """Remember pauses; one that is asked for while another lasts makes neither shorter."""
    session.add_all([Halt(chat_id=one.chat_id, asked_at=one.at, until=one.until) for one in asked])
    await session.flush()


async def in_force(session: AsyncSession, *, now: datetime) -> dict[int, datetime]:
    """Until when nothing may be sent to which chats; under WHOLE_BOT until when nothing at all."""
    rows = await session.execute(
        select(Halt.chat_id, func.max(Halt.until)).where(Halt.until > now).group_by(Halt.chat_id)
    )
    return {chat_id: until for chat_id, until in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker


async def forget_old(session: AsyncSession, *, before: datetime) -> int:
    """Forget pauses that were over before that moment; how many."""
    return len((await session.scalars(delete(Halt).where(Halt.until < before).returning(Halt.id))).all())
