"""When a patient is asked next: the cadence turned into the due date that the timers look at."""

from datetime import datetime, time

from alliance.cadence import Cadence, Due, next_due
from alliance.enrolment import EnrolmentState
from storage import checkins
from storage.tables import Enrolment, Person
from workflows.unit import Unit


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
