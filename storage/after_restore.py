"""What a restored database believes and can no longer know, put right before anything runs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import CheckinState
from alliance.delivery import MOST_COPIES, OutboxState
from storage import audit, checkins, sessions
from storage.gates import is_repeatable
from storage.tables import Checkin, Heartbeat, Outgoing, PollingState

STALE = timedelta(days=1)  # what was to be said so long ago is not said any more without a person


@dataclass(frozen=True, kw_only=True, slots=True)
class PutRight:
    """How many rows were changed, and why a person may want to know."""

    perhaps_sent: int  # messages that may have gone out since the backup; one copy more at most
    too_old: int  # messages that are not sent any more, and end as uncertain
    answers_unknown: int  # check-ins whose time ran out meanwhile: never the patient's silence


async def put_right(session: AsyncSession, *, made_at: datetime, now: datetime) -> PutRight:
    """Bring a restored database into a state that is true now, and note the restore in the audit.

    - The polling offset is forgotten: Telegram gives out what it still has, and known updates are known.
    - A queued message that was due may have been sent after the backup: it counts as one unclear try. One
      that was made more than a day ago has no try left, so the sender ends it as uncertain.
    - A delivered check-in that ran out since the backup was perhaps answered: uncertain, not silence.
    - Heartbeats are another life's. Leases are left: their time has run out by the database's clock, and
      nobody from before the restore is alive, because a database in use is not restored.
    - Everybody signs in to the console again: who had signed out or left since is not let in by an old session.
    - Alerts, digests and check-ins that fell due meanwhile are left as they are: the timers page again,
      send late, or record as missed, as after any outage.
    """
    await session.execute(delete(PollingState))
    await session.execute(delete(Heartbeat))
    await sessions.end_all(session, None, now=now)
    perhaps_sent, too_old = await _queued(session, now)
    unknown = await _ran_out(session, now)
    done = PutRight(perhaps_sent=perhaps_sent, too_old=too_old, answers_unknown=unknown)
    await audit.record(
        session,
        at=now,
        actor_id=None,
        action="restored",
        object_kind="database",
        detail={"backup_of": made_at.isoformat(), **_counts(done)},
    )
    return done


async def _queued(session: AsyncSession, now: datetime) -> tuple[int, int]:
    waiting = await session.execute(
        select(Outgoing.id, Outgoing.method, Outgoing.created_at).where(
            Outgoing.state == OutboxState.QUEUED, Outgoing.due_at <= now
        )
    )
    rows = waiting.all()
    old = [row for row, _, created_at in rows if now - created_at > STALE]
    fresh = [row for row, method, created_at in rows if now - created_at <= STALE and not is_repeatable(method)]
    for row in old:
        await session.execute(update(Outgoing).where(Outgoing.id == row).values(unclear=MOST_COPIES, cause="restored"))
    for row in fresh:
        await session.execute(
            update(Outgoing).where(Outgoing.id == row).values(unclear=Outgoing.unclear + 1, cause="restored")
        )
    return len(fresh), len(old)


async def _ran_out(session: AsyncSession, now: datetime) -> int:
    rows = await session.scalars(select(Checkin).where(Checkin.state == CheckinState.OPEN, Checkin.expires_at <= now))
    found = rows.all()
    for checkin in found:
        checkins.end(checkin, CheckinState.UNCERTAIN, at=now)
        checkin.remark_open = False
    await session.flush()
    return len(found)


def _counts(done: PutRight) -> Mapping[str, int]:
    return {
        "perhaps_sent": done.perhaps_sent,
        "too_old": done.too_old,
        "answers_unknown": done.answers_unknown,
    }
