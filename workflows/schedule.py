"""When a patient is asked next: the cadence turned into the due date that the timers look at."""

from datetime import datetime, time

from alliance.cadence import Cadence, Due, next_due
from alliance.enrolment import EnrolmentState
from alliance.local_time import instant
from storage import checkins
from storage.tables import Enrolment, Person
from workflows.unit import Unit

LAST_MINUTE = time(23, 59)  # of a day


def cadence_of(enrolment: Enrolment) -> Cadence:
    """The cadence of an enrolment as the rules know it."""
    return Cadence(
        rules=tuple(enrolment.rules),
        at=tuple(time.fromisoformat(at) for at in enrolment.at),
        starts_on=enrolment.starts_on,
    )


async def plan_next(unit: Unit, person: Person, enrolment: Enrolment, *, after: datetime) -> Due | None:
    """Write down the next due date after a moment, or none while this patient may not be asked."""
    due = None
    if enrolment.state == EnrolmentState.ACTIVE and enrolment.rules and enrolment.at:
        due = next_due(cadence_of(enrolment), zone=person.zone, after=after)
    if due is None:
        await checkins.schedule(unit.session, enrolment, at=None, on=None, slot=None)
    else:
        await checkins.schedule(unit.session, enrolment, at=due.due_at, on=due.local_date, slot=due.slot)
    return due


async def plan_anew(unit: Unit, person: Person, enrolment: Enrolment) -> Due | None:
    """Write down the next due date after another hour, another zone or a break.

    Where one check-in a day is meant, a day that has had one gets no second one by being moved.
    """
    due = await plan_next(unit, person, enrolment, after=unit.now)
    while (
        due is not None and len(enrolment.at) == 1 and await checkins.has_day(unit.session, person.id, due.local_date)
    ):
        end_of_day = instant(due.local_date, LAST_MINUTE, person.zone)
        due = await plan_next(unit, person, enrolment, after=max(due.due_at, end_of_day))
    return due
