"""How the clinic's post stands, in numbers only: for /metrics and for the rounds of the watchdog."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, case, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import AlertState
from alliance.delivery import Lane, OutboxState
from storage import heartbeats
from storage.columns import Moment
from storage.inbox import InboxState
from storage.tables import Alert, Incoming, Message, Outgoing, Person

LATE_AFTER = timedelta(minutes=10)  # a digest is arranged within seconds; so late it has failed at least twice
RECENT = timedelta(days=1)
BACKUP = "backup"  # the heartbeat that `checkin backup` writes down


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Counts and ages; no name, no chat, no word of anybody."""

    inbox: Mapping[InboxState, int]
    oldest_waiting: timedelta
    outbox: Mapping[tuple[Lane, OutboxState], int]
    oldest_queued: Mapping[Lane, timedelta]
    alerts_unacknowledged: int
    oldest_unacknowledged: timedelta
    first_page_median: timedelta | None  # from stored to paged, of the last day's alerts; None without any
    first_page_longest: timedelta | None
    digests_due: int
    digests_late: int
    database_bytes: int
    backup_age: timedelta | None  # None: there never was one


async def figures(session: AsyncSession, *, now: datetime) -> Figures:
    """Read them all; on indexes, so that looking costs milliseconds however many rows there are."""
    unacknowledged = select(func.count(), func.min(Alert.raised_at)).where(Alert.state == AlertState.RAISED)
    alerts, oldest_alert = (await session.execute(unacknowledged)).one()
    waits = await _first_page_waits(session, since=now - RECENT)
    ages = await heartbeats.ages(session, now)
    return Figures(
        inbox=await _inbox(session),
        oldest_waiting=_age(
            await session.scalar(select(func.min(Incoming.received_at)).where(Incoming.state == InboxState.WAITING)),
            now,
        ),
        outbox=await _outbox(session),
        oldest_queued=await _oldest_queued(session, now),
        alerts_unacknowledged=alerts,
        oldest_unacknowledged=_age(oldest_alert, now),
        first_page_median=timedelta(seconds=median(waits)) if waits else None,
        first_page_longest=timedelta(seconds=max(waits)) if waits else None,
        digests_due=await _count(session, Person.next_digest_at <= now),
        digests_late=await late_digests(session, now=now),
        database_bytes=await _size(session),
        backup_age=ages.get(BACKUP),
    )


async def late_digests(session: AsyncSession, *, now: datetime) -> int:
    """How many digests should have been arranged long ago."""
    return await _count(session, Person.next_digest_at <= now - LATE_AFTER)


async def _inbox(session: AsyncSession) -> dict[InboxState, int]:
    rows = await session.execute(select(Incoming.state, func.count()).group_by(Incoming.state))
    return dict.fromkeys(InboxState, 0) | {InboxState(state): number for state, number in rows}


async def _outbox(session: AsyncSession) -> dict[tuple[Lane, OutboxState], int]:
    rows = await session.execute(
        select(Outgoing.lane, Outgoing.state, func.count()).group_by(Outgoing.state, Outgoing.lane)
    )
    zeros = {(lane, state): 0 for lane in Lane for state in OutboxState}
    return zeros | {(Lane(lane), OutboxState(state)): number for lane, state, number in rows}


async def _oldest_queued(session: AsyncSession, now: datetime) -> dict[Lane, timedelta]:
    """What was tried before waits since it was made, however far its next try is put off; what is only due
    later does not wait yet.
    """
    since: ColumnElement[datetime] = case((Outgoing.tries > 0, Outgoing.created_at), else_=Outgoing.due_at)
    oldest: ColumnElement[datetime] = func.min(since, type_=Moment())
    rows = await session.execute(
        select(Outgoing.lane, oldest).where(Outgoing.state == OutboxState.QUEUED, since <= now).group_by(Outgoing.lane)
    )
    found = {Lane(lane): _age(waits_since, now) for lane, waits_since in rows}
    return dict.fromkeys(Lane, timedelta(0)) | found


async def _first_page_waits(session: AsyncSession, *, since: datetime) -> list[float]:
    """Seconds from the message that was stored, or the alert where there is none, to the first page taken."""
    rows = await session.execute(
        select(Alert.raised_at, Message.received_at, Alert.first_paged_at)
        .outerjoin(Message, Message.id == Alert.message_row)
        .where(Alert.first_paged_at > since)
    )
    return [
        (paged_at - (received_at or raised_at)).total_seconds()
        for raised_at, received_at, paged_at in rows
        if paged_at is not None
    ]


async def _count(session: AsyncSession, condition: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).where(condition)) or 0


async def _size(session: AsyncSession) -> int:
    if session.get_bind().dialect.name == "sqlite":
        pages = await session.scalar(text("PRAGMA page_count")) or 0
        return pages * (await session.scalar(text("PRAGMA page_size")) or 0)
    return await session.scalar(text("SELECT pg_database_size(current_database())")) or 0


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta(0)) if since else timedelta(0)
