"""What the rounds of the watchdog ask of the tables: whether somebody waits who should not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from alliance.alerts import AlertState
from alliance.delivery import Lane, OutboxState
from alliance.enrolment import EnrolmentState
from storage import heartbeats, inbox
from storage.columns import Moment
from storage.figures import BACKUP, late_digests
from storage.tables import Alert, Enrolment, Outgoing, Person

MAILED_WITHIN = timedelta(hours=1)  # a mail server is restarted in less
MAILED_LATELY = timedelta(days=7)  # whoever has had no digest to mail for a week is sent none any more
PAGED_WITHIN = timedelta(seconds=30)  # a page leaves in two; the operator is told within sixty


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Who and what waits."""

    unpaged_alerts: int  # raised a while ago, and Telegram has taken no page about them
    late_digests: int
    dead_letters: int
    patients: int  # who take part
    backup_age: timedelta | None
    unmailed: int = 0  # digests that no mail server has taken
    unmailed_since: datetime | None = None  # when the first of them was to go out


NOTHING = Seen(unpaged_alerts=0, late_digests=0, dead_letters=0, patients=0, backup_age=timedelta(0))


async def look(session: AsyncSession, *, now: datetime) -> Seen:
    """Look around; every question is answered by an index or a small table."""
    unpaged = select(func.count()).where(
        Alert.state == AlertState.RAISED, Alert.first_paged_at.is_(None), Alert.raised_at <= now - PAGED_WITHIN
    )
    taking_part = select(func.count()).where(Enrolment.state == EnrolmentState.ACTIVE)
    unmailed, since = await _unmailed(session, now=now)
    return Seen(
        unpaged_alerts=await session.scalar(unpaged) or 0,
        late_digests=await late_digests(session, now=now),
        dead_letters=await inbox.dead(session),
        patients=await session.scalar(taking_part) or 0,
        backup_age=(await heartbeats.ages(session, now)).get(BACKUP),
        unmailed=unmailed,
        unmailed_since=since,
    )


async def _unmailed(session: AsyncSession, *, now: datetime) -> tuple[int, datetime | None]:
    """Digests of the last week refused for good, given up, or tried in vain for an hour, and since when.

    What came before a digest that the same reader did get is over, and so is what was for somebody without an address.
    """
    later = aliased(Outgoing)
    arrived_since = exists().where(
        later.person_id == Outgoing.person_id,
        later.lane == Lane.MAIL,
        later.state == OutboxState.SENT,
        later.id > Outgoing.id,
    )
    first: ColumnElement[datetime | None] = func.min(Outgoing.created_at, type_=Moment())
    row = await session.execute(
        select(func.count(), first)
        .join(Person, Person.id == Outgoing.person_id)
        .where(
            Outgoing.lane == Lane.MAIL,
            Outgoing.created_at > now - MAILED_LATELY,
            or_(
                Outgoing.state.in_((OutboxState.REJECTED, OutboxState.EXPIRED)),
                and_(
                    Outgoing.state == OutboxState.QUEUED,
                    Outgoing.tries > 0,
                    Outgoing.created_at <= now - MAILED_WITHIN,
                ),
            ),
            Person.email.is_not(None),
            ~arrived_since,
        )
    )
    count, since = row.one()
    return count, since
