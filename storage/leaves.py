"""Questions about leave: who may be away, and who was named to read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import StaffLeave

_DATE_LINE = timedelta(days=2)  # further apart than two clocks on earth ever are


async def add(session: AsyncSession, leave: StaffLeave) -> StaffLeave:
    """Write a leave down."""
    session.add(leave)
    await session.flush()
    return leave


async def get(session: AsyncSession, leave_id: int) -> StaffLeave | None:
    """The leave of that id, held for this transaction."""
    return await session.get(StaffLeave, leave_id, with_for_update=True)


async def not_over(session: AsyncSession, *, now: datetime, person_id: int | None = None) -> Sequence[StaffLeave]:
    """Leaves that last or are to come, of everybody or of one person, the first to begin first.

    Whose day it is depends on where they are: a leave that ends today may still be among them.
    """
    over: date = (now - _DATE_LINE).date()
    theirs = () if person_id is None else (StaffLeave.person_id == person_id,)
    rows = await session.scalars(
        select(StaffLeave)
        .where(StaffLeave.ended_at.is_(None), or_(StaffLeave.back_on.is_(None), StaffLeave.back_on > over), *theirs)
        .order_by(StaffLeave.starts_on, StaffLeave.id)
    )
    return rows.all()
