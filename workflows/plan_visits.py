"""A visit is planned, moved, marked or called off: from the command line, in the chat, or by an import."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from alliance.access import About, Action, allowed
from alliance.enrolment import ENDED
from alliance.local_time import local_day
from alliance.visits import FARTHEST_AHEAD, NoSuchTime, VisitState, brief_due, read_start
from alliance.wording import FIRST_LANGUAGE
from storage import audit, outbox, people, visits
from storage.tables import Enrolment, Person, Visit
from workflows.rate_alliance import ask_after
from workflows.schedule import plan_again
from workflows.unit import Unit

NOT_MARKED_FOR = timedelta(days=14)  # how long a visit that nobody has marked is still listed


class CannotPlan(ValueError):
    """A visit that cannot be; the message says why, and ``key`` names the same sentence in the wording."""

    def __init__(self, key: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.key, self.values = key, values


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitOf:
    """A visit with the people it is between."""

    visit: Visit
    patient: Person
    clinician: Person


def read_moment(unit: Unit, words: str, *, zone: str) -> datetime:
    """When a visit starts, as somebody wrote it; raises CannotPlan with one sentence."""
    day_comes_first = unit.wording().language != FIRST_LANGUAGE
    try:
        moment = read_start(words, zone=zone, now=unit.now, day_comes_first=day_comes_first)
    except NoSuchTime:
        raise CannotPlan(
            "no_such_time", f"{words} does not exist in {zone}: the clocks go forward in that hour."
        ) from None
    if moment is None:
        raise CannotPlan("unreadable", f"{words!r} is no day and hour; write it as 2026-03-02T10:00 or 2 March 10:00.")
    return moment


async def plan(unit: Unit, patient: Person, *, starts_at: datetime) -> Visit:
    """Plan a visit with the patient's clinician; its brief falls due that morning.

    Raises CannotPlan for a moment that has passed, lies too far ahead or is taken, and for a patient who does not
    take part or is not this actor's.
    """
    enrolment = await _enrolment(unit, patient)
    if enrolment.state in ENDED:
        raise CannotPlan("no_part", f"{patient.code_name} does not take part any more.", who=patient.code_name)
    await _check(unit, patient, starts_at)
    visit = Visit(
        patient_id=patient.id, clinician_id=enrolment.clinician_id, starts_at=starts_at, state=VisitState.PLANNED
    )
    await _plan_brief(unit, visit)
    await visits.add(unit.session, visit)
    await plan_again(unit, visit.patient_id)
    await _note(unit, visit, "visit_planned")
    return visit


async def move(unit: Unit, visit_id: int, *, starts_at: datetime) -> Visit:
    """Move a planned visit; its brief moves with it. To the same moment changes nothing."""
    visit, patient = await _planned(unit, visit_id)
    if visit.starts_at == starts_at:
        return visit
    await _check(unit, patient, starts_at)
    await _call_off_brief(unit, visit)
    visit.starts_at = starts_at
    await _plan_brief(unit, visit)
    await unit.session.flush()
    await plan_again(unit, visit.patient_id)
    await _note(unit, visit, "visit_moved")
    return visit


async def cancel(unit: Unit, visit_id: int) -> Visit:
    """Call a planned visit off; no brief comes of it any more."""
    visit, _ = await _planned(unit, visit_id)
    await _call_off_brief(unit, visit)
    await _settle(unit, visit, VisitState.CANCELLED)
    return visit


async def mark_done(unit: Unit, visit_id: int) -> Visit:
    """Say that a visit took place, once its time has come; its clinician may be asked how she sees it."""
    visit, _ = await _planned(unit, visit_id)
    if visit.starts_at > unit.now:
        raise CannotPlan("not_begun", f"Visit {visit_id} has not begun; it can be marked once its time has come.")
    await _settle(unit, visit, VisitState.DONE)
    await ask_after(unit, visit)
    return visit


async def coming(unit: Unit, clinician: Person | None) -> Sequence[VisitOf]:
    """Planned visits of a clinician (None: of everybody), with those of two weeks back that nobody has marked.

    Of those, what this actor may plan: a patient who is somebody else's by now is not named.
    """
    rows = await visits.of_clinician(
        unit.session,
        clinician.id if clinician else None,
        after=unit.now - NOT_MARKED_FOR,
        until=unit.now + FARTHEST_AHEAD,
    )
    return [
        VisitOf(
            visit=row,
            patient=await people.get(unit.session, row.patient_id),
            clinician=await people.get(unit.session, row.clinician_id),
        )
        for row in rows
        if await _may_plan(unit, row.patient_id)
    ]


async def allowed_visit(unit: Unit, visit_id: int) -> tuple[Visit, Person]:
    """A visit that this actor may see, and its patient; raises CannotPlan for any other."""
    visit = await visits.get(unit.session, visit_id)
    if visit is None:
        raise CannotPlan("no_visit", f"There is no visit {visit_id}.")
    patient = await people.get(unit.session, visit.patient_id)
    await _enrolment(unit, patient)
    return visit, patient


async def own_patient(unit: Unit, code_name: str) -> Person:
    """The patient of that code name on this actor's caseload; raises CannotPlan, alike for any other name."""
    person = await people.by_code_name(unit.session, code_name)
    if person is None:
        raise CannotPlan("nobody", f"There is no patient called {code_name}.", who=code_name)
    await _enrolment(unit, person)
    return person


async def own_patient_of(unit: Unit, patient_id: int) -> Person:
    """The patient of that id on this actor's caseload; raises CannotPlan, alike for any other id."""
    if await people.enrolment(unit.session, patient_id) is None:
        raise CannotPlan("nobody", "There is no such patient.", who="?")
    person = await people.get(unit.session, patient_id)
    await _enrolment(unit, person)
    return person


def brief_key(visit: Visit, clinician: Person) -> str:
    """How the keys of a visit's brief begin in the outbox: once for the visit and the day on which it is."""
    return f"brief:{visit.id}:{local_day(visit.starts_at, clinician.zone)}:"


async def _planned(unit: Unit, visit_id: int) -> tuple[Visit, Person]:
    visit, patient = await allowed_visit(unit, visit_id)
    if visit.state != VisitState.PLANNED:
        raise CannotPlan("settled", f"Visit {visit_id} is {visit.state} already; nothing was changed.")
    return visit, patient


async def _may_plan(unit: Unit, patient_id: int) -> bool:
    enrolment = await people.enrolment(unit.session, patient_id)
    about = About(patient_id=patient_id, clinician_id=enrolment.clinician_id if enrolment else None)
    return enrolment is not None and allowed(unit.actor, Action.PLAN_VISIT, about)


async def _enrolment(unit: Unit, patient: Person) -> Enrolment:
    enrolment = await people.enrolment(unit.session, patient.id)
    # whoever may not plan for a patient is not told that there is one
    if enrolment is None or not await _may_plan(unit, patient.id):
        raise CannotPlan("nobody", f"There is no patient called {patient.code_name}.", who=patient.code_name)
    return enrolment


async def _check(unit: Unit, patient: Person, starts_at: datetime) -> None:
    if starts_at <= unit.now:
        raise CannotPlan("past", "That moment has passed; a visit is planned for one that is still to come.")
    if starts_at - unit.now > FARTHEST_AHEAD:
        raise CannotPlan("too_far", "That is more than two years ahead.")
    if await visits.planned_at(unit.session, patient.id, starts_at) is not None:
        raise CannotPlan("double", f"{patient.code_name} has a visit at just that time already.", who=patient.code_name)


async def _plan_brief(unit: Unit, visit: Visit) -> None:
    clinician = await people.get(unit.session, visit.clinician_id)
    at = time.fromisoformat(clinician.digest_at) if clinician.digest_at else unit.clinic.digest_at
    visit.brief_at = brief_due(visit.starts_at, zone=clinician.zone, at=at)


async def _call_off_brief(unit: Unit, visit: Visit) -> None:
    clinician = await people.get(unit.session, visit.clinician_id)
    if clinician.chat_id is None:
        return
    waits = await outbox.last_key(unit.session, chat_id=clinician.chat_id, beginning=brief_key(visit, clinician))
    if waits is not None:
        await outbox.call_off(unit.session, beginning=waits)


async def _settle(unit: Unit, visit: Visit, state: VisitState) -> None:
    visit.state, visit.marked_at, visit.brief_at = state, unit.now, None
    await unit.session.flush()
    await plan_again(unit, visit.patient_id)
    await _note(unit, visit, f"visit_{state}")


async def _note(unit: Unit, visit: Visit, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="visit",
        object_id=visit.patient_id,
        detail={"visit": visit.id},
    )
