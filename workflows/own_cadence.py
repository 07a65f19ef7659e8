"""What is one patient's own in their cadence, and stays when the programme changes: days off, limits, their hour."""

from alliance.enrolment import EnrolmentState
from alliance.programme import HIGHEST_CAP, MOST_STRETCHES, Stretch
from alliance.programme_json import stretches_as_text
from storage import audit
from storage.tables import Person
from workflows.schedule import plan_around, plan_next
from workflows.send_checkins import catch_up
from workflows.set_cadence import CannotSet, enrolment_to_set
from workflows.unit import Unit


async def set_days_off(unit: Unit, patient: Person, not_on: tuple[Stretch, ...]) -> None:
    """Leave these days out for one patient, in the place of those that were left out before."""
    if len(not_on) > MOST_STRETCHES:
        raise CannotSet("too_many_days", f"At most {MOST_STRETCHES} days or stretches can be left out.")
    enrolment = await enrolment_to_set(unit, patient)
    before, enrolment.not_on = list(enrolment.not_on), stretches_as_text(tuple(sorted(set(not_on))))
    await plan_around(unit, patient, enrolment)
    await _note(unit, patient, "days_off_set", {"before": before, "after": list(enrolment.not_on)})


async def set_most_a_week(unit: Unit, patient: Person, most: int | None) -> None:
    """Say how many check-ins from Monday to Sunday are enough for a patient; None: what the programme says."""
    if most is not None and not 1 <= most <= HIGHEST_CAP:
        raise CannotSet("bad_cap", f"At most 1 to {HIGHEST_CAP} check-ins a week can be set.")
    enrolment = await enrolment_to_set(unit, patient)
    before, enrolment.most_a_week = enrolment.most_a_week, most
    await unit.session.flush()
    await _note(unit, patient, "most_a_week_set", {"before": before, "after": most})


async def back_to_programme(unit: Unit, patient: Person) -> None:
    """Ask a patient by the programme again: its rhythm, and its hours where it names some."""
    enrolment = await enrolment_to_set(unit, patient)
    if enrolment.programme_version_id is None:
        raise CannotSet("no_own_programme", f"{patient.code_name} is on no programme.", who=patient.code_name)
    if enrolment.state == EnrolmentState.ACTIVE:
        await catch_up(unit, enrolment)  # what has fallen due before is not forgotten
    before = {"rules": list(enrolment.rules), "keeps_own_time": enrolment.keeps_own_time}
    enrolment.rules, enrolment.keeps_own_time = [], False
    await plan_next(unit, patient, enrolment, after=unit.now)
    await _note(unit, patient, "back_to_programme", {"before": before})


async def _note(unit: Unit, patient: Person, action: str, detail: dict[str, object]) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
        detail=detail,
    )
