"""Whose patients somebody may look at in the console: everybody's, or their own and of those for whom they stand in."""

from alliance.access import Action, allowed
from alliance.people import Role
from storage import people
from storage.tables import Enrolment, Person
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, everybody_away

Clinicians = frozenset[int] | None  # None: everybody's


async def clinicians_of(unit: Unit) -> Clinicians:
    """The clinicians whose patients this actor may see listed; nobody's for whoever is none of the staff."""
    if unit.actor.roles & {Role.COORDINATOR, Role.OPERATOR}:
        return None
    if Role.CLINICIAN not in unit.actor.roles or unit.person is None:
        return frozenset()
    covered = await covered_by(unit, unit.person, await everybody_away(unit, unit.now), unit.now)
    return frozenset({unit.person.id, *(person.id for person, _ in covered)})


async def patient_in_sight(unit: Unit, patient_id: int) -> tuple[Person, Enrolment]:
    """A patient this actor may look at; raises LookupError alike for any other and for none."""
    enrolment = await people.enrolment(unit.session, patient_id)
    clinicians = await clinicians_of(unit)
    if enrolment is None or (clinicians is not None and enrolment.clinician_id not in clinicians):
        raise LookupError("no such patient")
    return await people.get(unit.session, patient_id), enrolment


def arranges(unit: Unit) -> bool:
    """Whether this actor changes enrolments and cadences, as coordinators do."""
    return allowed(unit.actor, Action.CHANGE_ENROLMENT) and allowed(unit.actor, Action.SET_CADENCE)
