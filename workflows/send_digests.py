"""Each clinician's digest: once for every local working day, also when there is nothing to say."""

from datetime import date, datetime, time, timedelta

import structlog

from alliance.delivery import Lane
from alliance.digest_json import as_json
from alliance.digest_messages import as_messages
from alliance.local_time import instant, local_day
from storage import digests
from storage.tables import Person
from storage.trouble import is_the_databases_own
from workflows.arrange_digest import arranged
from workflows.rate_alliance import ask_weekly
from workflows.speak import say
from workflows.unit import Unit

BATCH = 20  # clinicians in one transaction
TRY_AGAIN_AFTER = timedelta(minutes=5)  # after a failure that is ours
LONGEST_LOOK_AHEAD = 8  # days; every working week has a working day within them
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

log = structlog.get_logger()


def plan_digest(clinician: Person, *, after: datetime) -> None:
    """Write down when this clinician's next digest is due: her hour, her zone, her working days."""
    due = _next_digest(clinician, after=after)
    clinician.next_digest_at, clinician.next_digest_on = due or (None, None)


def _next_digest(clinician: Person, *, after: datetime) -> tuple[datetime, date] | None:
    if clinician.digest_at is None or clinician.working_days is None:
        return None
    at, working = time.fromisoformat(clinician.digest_at), set(clinician.working_days.split(","))
    today = local_day(after, clinician.zone)
    for ahead in range(LONGEST_LOOK_AHEAD):
        day = today + timedelta(days=ahead)
        due = instant(day, at, clinician.zone)
        if due > after and _DAYS[day.weekday()] in working:
            return due, day
    return None


async def send_due(unit: Unit) -> int:
    """Arrange and send every digest that has fallen due; how many.

    After a downtime only the latest is sent; it covers everything since the last one. A digest that fails
    is put off and reported, and delays nobody else's.
    """
    sent = 0
    for clinician in await digests.due(unit.session, now=unit.now, limit=BATCH):
        clinician_id = clinician.id
        try:
            async with unit.session.begin_nested():
                is_sent = await _send_one(unit, clinician)
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("digest_failed", clinician=clinician_id, cause=type(error).__name__)
            await digests.put_off(unit.session, clinician_id, until=unit.now + TRY_AGAIN_AFTER)
        else:
            sent += is_sent
            if is_sent:
                await _ask_her_view(unit, clinician)
    return sent


async def _ask_her_view(unit: Unit, clinician: Person) -> None:
    """Ask in a savepoint of its own: a digest is sent whatever becomes of the question beside it."""
    clinician_id = clinician.id
    try:
        async with unit.session.begin_nested():
            await ask_weekly(unit, clinician)
    except Exception as error:
        if is_the_databases_own(error):
            raise
        log.critical("views_not_asked", clinician=clinician_id, cause=type(error).__name__)


async def _send_one(unit: Unit, clinician: Person) -> int:
    on = _latest_due(clinician, now=unit.now)
    plan_digest(clinician, after=unit.now)
    await unit.session.flush()
    if await digests.on(unit.session, clinician.id, on) is not None:
        return 0
    await _send(unit, clinician, on)
    return 1


def _latest_due(clinician: Person, *, now: datetime) -> date:
    """The last day whose digest has fallen due; after a downtime there may be several."""
    if clinician.next_digest_at is None or clinician.next_digest_on is None:
        raise ValueError("a digest is due without a due date")  # digests.due never gives one
    due = (clinician.next_digest_at, clinician.next_digest_on)
    while (then := _next_digest(clinician, after=due[0])) is not None and then[0] <= now:
        due = then
    return due[1]


async def _send(unit: Unit, clinician: Person, on: date) -> None:
    content = await arranged(unit, clinician, on)
    digest = await digests.record(
        unit.session,
        clinician.id,
        local_date=on,
        covers_from=content.covers_from,
        content=as_json(content),
        now=unit.now,
    )
    wording = unit.wording(clinician.language)
    for number, saying in enumerate(as_messages(content, digest_id=digest.id, wording=wording)):
        await say(unit, clinician, saying, lane=Lane.DIGEST, key=digests.key_of(clinician.id, on, number))
