"""Questions about holds: which are in force, and which begin or end by themselves now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Hold

NEXT = select(func.min(Hold.next_at)).where(Hold.ended_at.is_(None))  # one begins or ends


async def add(session: AsyncSession, hold: Hold) -> Hold:
    """Write a hold down."""
    session.add(hold)
    await session.flush()
    return hold


async def get(session: AsyncSession, hold_id: int) -> Hold | None:
    """The hold of that id, held for this transaction."""
    return await session.get(Hold, hold_id, with_for_update=True)


async def not_over(session: AsyncSession, patient_id: int) -> Sequence[Hold]:
    """The holds of a patient that last or are to come, the first to begin first."""
    rows = await session.scalars(
        select(Hold).where(Hold.patient_id == patient_id, Hold.ended_at.is_(None)).order_by(Hold.starts_on, Hold.id)
    )
    return rows.all()


async def not_over_of(session: AsyncSession, patient_ids: Sequence[int]) -> dict[int, Hold]:
    """Of each of these patients the first hold that lasts or is to come; one who has none is left out."""
    rows = await session.scalars(
        select(Hold)
        .where(Hold.patient_id.in_(patient_ids), Hold.ended_at.is_(None))
        .order_by(Hold.starts_on.desc(), Hold.id.desc())
    )
    return {row.patient_id: row for row in rows}  # the first comes last


async def every_open(session: AsyncSession) -> Sequence[Hold]:
    """All holds that last or are to come, the first to begin first."""
    rows = await session.scalars(select(Hold).where(Hold.ended_at.is_(None)).order_by(Hold.starts_on, Hold.id))
    return rows.all()


async def due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Hold]:
    """Holds that begin or end by themselves at this moment, the longest waiting first."""
    rows = await session.scalars(
        select(Hold)
        .where(Hold.ended_at.is_(None), Hold.next_at <= now)
        .order_by(Hold.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def end_all(session: AsyncSession, patient_id: int, *, at: datetime) -> None:
    """End what is held or planned: staff have said otherwise."""
    await session.execute(
        update(Hold).where(Hold.patient_id == patient_id, Hold.ended_at.is_(None)).values(ended_at=at, next_at=None)
    )
