"""When a clinic has nothing left to do: asked of its database, from outside."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

from alliance.delivery import OutboxState
from alliance.enrolment import EnrolmentState
from benchmarks.lives.house import House
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from storage import outbox
from storage.database import Database
from storage.inbox import InboxState
from storage.outbox import UNFINISHED
from storage.tables import Enrolment, Incoming, Outgoing

RESTS = timedelta(minutes=1)  # what is due later than this rests before a copy


async def until_quiet(clinic: House, database: Database, *, within: float) -> bool:
    """Wait until nobody is due and nothing waits at Telegram, in the inbox or in the outbox; False when it goes on.

    A message whose first copy may have arrived rests ten minutes before the second; nobody waits for that here:
    ``hasten`` lets the time pass.
    """

    async def rests() -> bool:
        return await is_quiet(clinic, database)

    return await until_so(rests, within=within)


async def is_quiet(clinic: House, database: Database) -> bool:
    """Whether there is nothing to do at this moment, neither at Telegram nor in the clinic."""
    return not clinic.sandbox.pending and await _nothing_waits(database, SystemClock().now())


async def hasten(database: Database) -> int:
    """Let the rests before second copies be over now; how many messages rested."""
    now = SystemClock().now()
    async with database.writing() as session:
        rested = await session.scalars(
            update(Outgoing)
            .where(Outgoing.state.in_(UNFINISHED), Outgoing.due_at > now)
            .values(due_at=now)
            .returning(Outgoing.id)
        )
        return len(rested.all())


async def _nothing_waits(database: Database, now: datetime) -> bool:
    async with database.reading() as session:
        busy = await session.scalar(
            select(
                exists().where(Incoming.state == InboxState.WAITING)
                | exists().where(Outgoing.state == OutboxState.SENDING)
                | exists().where(Enrolment.state == EnrolmentState.ACTIVE, Enrolment.next_due_at <= now)
            )
        )
        next_at = await outbox.next_due_at(session, now=now)
    return not busy and (next_at is None or next_at > now + RESTS)
