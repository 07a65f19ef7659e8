"""After a clock that was ahead has come back: what would wait for a moment that was never real, waits no longer."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import REMIND_EVERY, AlertState
from alliance.delivery import OutboxState
from storage.tables import Alert, LeaseRow, Outgoing

SURELY_WRONG = timedelta(minutes=1)  # written later than now by more than clocks ever differ


async def pull_back(session: AsyncSession, *, now: datetime) -> int:
    """Let what was written under a clock that was ahead happen now; how many rows were touched.

    Messages queued in the future go out, pages planned beyond any plan of ours are made, and leases taken for
    longer than any lease lasts are free. Check-ins and digests keep their local dates: one that was skipped is
    recorded as missed, and none is asked twice.
    """
    ahead = now + SURELY_WRONG
    touched = 0
    for statement in (
        update(Outgoing)
        .where(Outgoing.state == OutboxState.QUEUED, Outgoing.created_at > ahead)
        .values(created_at=now, due_at=now)
        .returning(Outgoing.id),
        update(Alert)
        .where(Alert.state != AlertState.RESOLVED, Alert.next_page_at > ahead + REMIND_EVERY)
        .values(next_page_at=now)
        .returning(Alert.id),
        update(LeaseRow).where(LeaseRow.until > ahead).values(until=now).returning(LeaseRow.token),
    ):
        touched += len((await session.scalars(statement)).all())
    return touched
