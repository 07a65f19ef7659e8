"""When a patient is asked next: the cadence turned into the due date that the timers look at."""

from datetime import datetime, time

from alliance.cadence import Due
from alliance.enrolment import EnrolmentState
from alliance.local_time import instant
from alliance.programme_dates import due_of, next_due, times_on
from storage import checkins, people
from storage.tables import Enrolment, Person
from workflows.circumstances import Plan, plan_of, version_of
from workflows.unit import Unit

LAST_MINUTE = time(23, 59)  # of a day


async def plan_next(unit: Unit, person: Person, enrolment: Enrolment, *, after: datetime) -> Due | None:
    """Write down the next due date after a moment, or none while this patient may not be asked."""
    plan = await _plan(unit, person, enrolment)
    return await _write_down(unit, enrolment, next_due(plan.programme, plan.around, after=after) if plan else None)


async def plan_anew(unit: Unit, person: Person, enrolment: Enrolment) -> Due | None:
    """Write down the next due date after another hour, another zone or a break.

    Where one check-in a day is meant, a day that has had one gets no second one by being moved.
    """
    plan = await _plan(unit, person, enrolment)
    due = next_due(plan.programme, plan.around, after=unit.now) if plan else None
    while plan is not None and due is not None and await _has_had_its_only_one(unit, person, plan, due):
        end_of_day = instant(due.local_date, LAST_MINUTE, person.zone)
        due = next_due(plan.programme, plan.around, after=max(due.due_at, end_of_day))
    return await _write_down(unit, enrolment, due)


async def plan_around(unit: Unit, person: Person, enrolment: Enrolment) -> Due | None:
    """Write down the next due date after a visit, a flag, a day off or quiet hours have changed.

    What was to come and would be over by what holds now is asked at once, and not forgotten.
    """
    plan = await _plan(unit, person, enrolment)
    if plan is None:
        return await _write_down(unit, enrolment, None)
    due = next_due(plan.programme, plan.around, after=unit.now)
    on, slot, was_due_at = enrolment.next_due_on, enrolment.next_slot, enrolment.next_due_at
    if on is not None and slot is not None and was_due_at is not None:
        waiting = due_of(plan.programme, plan.around, on=on, slot=slot)
        if waiting is not None and waiting.due_at <= unit.now:
            due = Due(local_date=on, slot=slot, due_at=min(unit.now, was_due_at))
    return await _write_down(unit, enrolment, due)


async def plan_again(unit: Unit, patient_id: int) -> None:
    """A visit or a flag of this patient has changed: plan around it, where their programme looks at such things."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None or enrolment.programme_version_id is None:
        return
    programme = await version_of(unit, enrolment)
    if programme is not None and (programme.needs_visits or programme.after_flag):
        await plan_around(unit, await people.get(unit.session, patient_id), enrolment)


async def _plan(unit: Unit, person: Person, enrolment: Enrolment) -> Plan | None:
    return await plan_of(unit, person, enrolment) if enrolment.state == EnrolmentState.ACTIVE else None


async def _has_had_its_only_one(unit: Unit, person: Person, plan: Plan, due: Due) -> bool:
    is_single = times_on(plan.programme, plan.around, due.local_date) == 1
    return is_single and await checkins.has_day(unit.session, person.id, due.local_date)


async def _write_down(unit: Unit, enrolment: Enrolment, due: Due | None) -> Due | None:
    if due is None:
        await checkins.schedule(unit.session, enrolment, at=None, on=None, slot=None)
    else:
        await checkins.schedule(unit.session, enrolment, at=due.due_at, on=due.local_date, slot=due.slot)
    return due
