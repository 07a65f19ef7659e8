"""What the rounds of the watchdog ask of the tables: whether somebody waits who should not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import AlertState
from alliance.enrolment import EnrolmentState
from storage import heartbeats, inbox
from storage.figures import BACKUP, late_digests
from storage.tables import Alert, Enrolment

PAGED_WITHIN = timedelta(seconds=30)  # a page leaves in two; the operator is told within sixty


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Who and what waits."""

    unpaged_alerts: int  # raised a while ago, and Telegram has taken no page about them
    late_digests: int
    dead_letters: int
    patients: int  # who take part
    backup_age: timedelta | None


NOTHING = Seen(unpaged_alerts=0, late_digests=0, dead_letters=0, patients=0, backup_age=timedelta(0))


async def look(session: AsyncSession, *, now: datetime) -> Seen:
    """Look around; every question is answered by an index or a small table."""
    unpaged = select(func.count()).where(
        Alert.state == AlertState.RAISED, Alert.first_paged_at.is_(None), Alert.raised_at <= now - PAGED_WITHIN
    )
    taking_part = select(func.count()).where(Enrolment.state == EnrolmentState.ACTIVE)
    return Seen(
        unpaged_alerts=await session.scalar(unpaged) or 0,
        late_digests=await late_digests(session, now=now),
        dead_letters=await inbox.dead(session),
        patients=await session.scalar(taking_part) or 0,
        backup_age=(await heartbeats.ages(session, now)).get(BACKUP),
    )
