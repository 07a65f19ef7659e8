"""A coordinator sets how often and when a patient is asked, and sees the next dates before saving."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from alliance.access import About, Action, allowed
from alliance.cadence import Cadence, NotACadence, parse_rule, parse_times
from alliance.cadence_words import in_words
from alliance.enrolment import EnrolmentState
from alliance.local_time import local_day
from alliance.programme_dates import upcoming
from alliance.programme_words import programme_in_words
from storage import audit, people
from storage.tables import Enrolment, Person
from workflows.circumstances import Plan, circumstances, look_around, plan_of, version_of, with_own_rhythm
from workflows.schedule import plan_next
from workflows.send_checkins import catch_up
from workflows.unit import Unit

SHOWN = 5  # next dates in a preview: enough to see a pattern


class CannotSet(ValueError):
    """A cadence that cannot be set; the message says why, and ``key`` names the same sentence in the wording."""

    def __init__(self, key: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.key, self.values = f"cadence.refused.{key}", values


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What a cadence would mean for one patient: in words, and the next moments (UTC) in their zone."""

    patient: Person
    cadence: Cadence
    words: str
    next_at: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Current:
    """How a patient is asked now: in words, and the next moments (UTC)."""

    words: str
    next_at: tuple[datetime, ...]


async def preview(unit: Unit, patient: Person, *, rules: tuple[str, ...], at: str | None) -> Preview:
    """Work out what rules and times (``09:00,18:30``; None keeps the patient's own) would mean.

    Raises CannotSet or NotACadence with one sentence; nothing is changed.
    """
    enrolment = await enrolment_to_set(unit, patient)
    cadence = _cadence(unit, patient, enrolment, rules=rules, at=at)
    plan = await _plan_with(unit, patient, enrolment, cadence)
    dues = upcoming(plan.programme, plan.around, after=unit.now, count=SHOWN)
    asked = tuple(due.due_at for due in dues if due.held is None)
    if not asked:
        raise CannotSet("no_future", "This cadence has no date in the future.")
    reader = unit.wording().language
    return Preview(
        patient=patient,
        cadence=cadence,
        words=in_words(cadence, "es" if reader == "es" else "en"),
        next_at=asked,
    )


async def save(unit: Unit, seen: Preview) -> None:
    """Set the cadence that was looked at; the next check-in falls due by it."""
    enrolment = await enrolment_to_set(unit, seen.patient)
    if enrolment.state == EnrolmentState.ACTIVE:
        await catch_up(unit, enrolment)  # what has fallen due before is not forgotten
    before = {"rules": list(enrolment.rules), "at": list(enrolment.at)}
    enrolment.rules = list(seen.cadence.rules)
    enrolment.at = [f"{at:%H:%M}" for at in seen.cadence.at]
    enrolment.starts_on = seen.cadence.starts_on
    await plan_next(unit, seen.patient, enrolment, after=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="cadence_set",
        object_kind="patient",
        object_id=seen.patient.id,
        detail={"before": before, "after": {"rules": enrolment.rules, "at": enrolment.at}},
    )


async def set_most_a_day(unit: Unit, patient: Person, most: int | None) -> None:
    """Say how many check-ins a day are enough for a patient; None: as many as the cadence has times."""
    enrolment = await enrolment_to_set(unit, patient)
    before, enrolment.most_a_day = enrolment.most_a_day, most
    await unit.session.flush()
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="most_a_day_set",
        object_kind="patient",
        object_id=patient.id,
        detail={"before": before, "after": most},
    )


async def find_patient(unit: Unit, code_name: str) -> Person:
    """The patient of that code name; raises CannotSet when there is none."""
    person = await people.by_code_name(unit.session, code_name)
    if person is None or await people.enrolment(unit.session, person.id) is None:
        raise CannotSet("no_patient", f"There is no patient called {code_name}.", who=code_name)
    return person


async def patient_of(unit: Unit, patient_id: int) -> Person:
    """The patient of that id; raises CannotSet when there is none."""
    if await people.enrolment(unit.session, patient_id) is None:
        raise CannotSet("no_patient", "There is no such patient.", who="?")
    return await people.get(unit.session, patient_id)


async def current(unit: Unit, patient: Person) -> Current | None:
    """The cadence a patient has now, or None before there is one."""
    enrolment = await enrolment_to_set(unit, patient)
    if enrolment.rules and enrolment.at:
        seen = await preview(unit, patient, rules=tuple(enrolment.rules), at=None)
        return Current(words=seen.words, next_at=seen.next_at)
    plan = await plan_of(unit, patient, enrolment, held=True)
    if plan is None or enrolment.programme_version_id is None:
        return None
    dues = upcoming(plan.programme, plan.around, after=unit.now, count=SHOWN)
    reader = unit.wording().language
    return Current(
        words=programme_in_words(plan.programme, "es" if reader == "es" else "en"),
        next_at=tuple(due.due_at for due in dues if due.held is None),
    )


def _cadence(unit: Unit, patient: Person, enrolment: Enrolment, *, rules: tuple[str, ...], at: str | None) -> Cadence:
    if at is None and not enrolment.at:
        raise CannotSet("no_time", "The patient has not chosen a time yet; name one, such as 09:00.")
    times = parse_times(at) if at is not None else tuple(time.fromisoformat(own) for own in enrolment.at)
    canonical = tuple(parse_rule(rule) for rule in rules)
    same = list(canonical) == enrolment.rules
    return Cadence(
        rules=canonical,
        at=times,
        starts_on=enrolment.starts_on if same else local_day(unit.now, patient.zone),
    )


async def _plan_with(unit: Unit, patient: Person, enrolment: Enrolment, cadence: Cadence) -> Plan:
    """How the patient would be asked with that rhythm of their own; the limits of a programme go on."""
    version = await version_of(unit, enrolment)
    programme = with_own_rhythm(version, cadence.rules)
    around = circumstances(unit, patient, enrolment, await look_around(unit, (patient.id,), (programme,), held=True))
    return Plan(programme=programme, around=replace(around, at=cadence.at, starts_on=cadence.starts_on))


async def enrolment_to_set(unit: Unit, patient: Person) -> Enrolment:
    """The enrolment of a patient whose cadence this actor may set; raises CannotSet for any other."""
    if not allowed(unit.actor, Action.SET_CADENCE, About(patient_id=patient.id)):
        raise CannotSet("not_coordinator", "Only a coordinator may set a cadence.")
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None:
        raise CannotSet("no_patient", f"{patient.code_name} is not a patient.", who=patient.code_name)
    return enrolment


__all__ = [
    "CannotSet",
    "Current",
    "NotACadence",
    "Preview",
    "current",
    "enrolment_to_set",
    "find_patient",
    "patient_of",
    "preview",
    "save",
    "set_most_a_day",
]
