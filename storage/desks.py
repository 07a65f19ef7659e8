"""What the chat waits to be told by a member of staff."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Desk


async def awaited(session: AsyncSession, person_id: int, *, since: datetime) -> Desk | None:
    """What has been waited for, at the longest since that moment."""
    row = await session.get(Desk, person_id)
    return row if row is not None and row.since >= since else None


async def wait_for(
    session: AsyncSession, person_id: int, place: str, *, patient_id: int, visit_id: int | None = None, now: datetime
) -> None:
    """The next thing that this person types is meant for that."""
    row = await session.get(Desk, person_id)
    if row is None:
        row = Desk(person_id=person_id)
        session.add(row)
    row.awaiting, row.patient_id, row.visit_id, row.since = place, patient_id, visit_id, now
    await session.flush()


async def clear(session: AsyncSession, person_id: int) -> None:
    """Nothing is waited for any more."""
    row = await session.get(Desk, person_id)
    if row is not None:
        await session.delete(row)
        await session.flush()
