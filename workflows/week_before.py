"""The last whole week of a clinician, or of the team, in figures: told in the first digest of the next one."""

from datetime import date, time, timedelta

from alliance.checkin import CheckinState
from alliance.local_time import instant
from alliance.week import WEEKS_OF_VERDICTS, Week, last_week
from storage import checkins
from storage.tables import Person
from workflows.judge_flags import own_verdicts
from workflows.unit import Unit

_REACHED = (CheckinState.ANSWERED, CheckinState.EXPIRED)  # what is not known counts on neither side
MIDNIGHT = time(0)


async def week_before(unit: Unit, reader: Person, on: date, *, last_on: date | None) -> Week | None:
    """The figures of a clinician's own patients and verdicts; None when this week's digests have told them.

    ``last_on`` is the date of the last digest that arrived.
    """
    monday = on - timedelta(days=on.weekday())
    if last_on is not None and last_on >= monday:
        return None
    return await _week(unit, reader.zone, on, clinician_id=reader.id)


async def team_week(unit: Unit, zone: str, on: date) -> Week | None:
    """The same of the whole team together; nobody is compared with anybody."""
    return await _week(unit, zone, on, clinician_id=None)


async def _week(unit: Unit, zone: str, on: date, *, clinician_id: int | None) -> Week | None:
    since_on, until_on = last_week(on)
    since = instant(since_on, MIDNIGHT, zone)
    until = instant(until_on + timedelta(days=1), MIDNIGHT, zone)
    ended = await checkins.ended_in(unit.session, since=since, until=until, clinician_id=clinician_id)
    long_before = until - timedelta(weeks=WEEKS_OF_VERDICTS)
    judged, dismissed = await own_verdicts(unit, since=long_before, until=until, person_id=clinician_id)
    asked = sum(ended.get(state, 0) for state in _REACHED)
    if not (asked or judged):
        return None
    return Week(
        since=since_on,
        until=until_on,
        asked=asked,
        answered=ended.get(CheckinState.ANSWERED, 0),
        judged=judged,
        dismissed=dismissed,
    )
