"""Questions about the rota: who is on call now, and which shifts are still to come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance import on_call
from storage import people
from storage.tables import Shift


async def on_call_now(session: AsyncSession, *, now: datetime) -> tuple[int, ...]:
    """The ids of the people on call at this moment, in the order in which they are paged."""
    rows = await session.scalars(select(Shift).where(Shift.starts_at <= now, Shift.ends_at > now).order_by(Shift.id))
    shifts = [
        on_call.Shift(person_id=row.person_id, starts_at=row.starts_at, ends_at=row.ends_at, position=row.position)
        for row in rows
    ]
    return on_call.on_call_now(shifts, await people.on_call(session), now=now)


async def add(session: AsyncSession, shift: on_call.Shift) -> Shift:
    """Write a shift down."""
    row = Shift(person_id=shift.person_id, starts_at=shift.starts_at, ends_at=shift.ends_at, position=shift.position)
    session.add(row)
    await session.flush()
    return row


async def not_over(session: AsyncSession, *, now: datetime) -> Sequence[Shift]:
    """The shifts that last or are to come, in the order in which they begin."""
    rows = await session.scalars(
        select(Shift).where(Shift.ends_at > now).order_by(Shift.starts_at, Shift.position, Shift.id)
    )
    return rows.all()


async def remove(session: AsyncSession, number: int) -> bool:
    """Take a shift away; False when there is none of that number."""
    removed = await session.scalar(delete(Shift).where(Shift.id == number).returning(Shift.id))
    return removed is not None


async def remove_all_of(session: AsyncSession, person_id: int) -> None:
    """Take every shift of a person away."""
    await session.execute(delete(Shift).where(Shift.person_id == person_id))
