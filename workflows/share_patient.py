"""Staff say which clinicians care for a patient beside the primary one; the bond item means each of them in turn."""

from alliance.access import About, Action, allowed
from alliance.people import Role
from storage import audit, care_teams, checkins, people
from storage.tables import Enrolment, Person
from workflows.show_checkin import show_where_it_stands, standing_of
from workflows.take_answer import complete
from workflows.unit import Unit
from workflows.whom_it_means import whom_it_means


class CannotShare(ValueError):
    """Clinicians of a patient that cannot be set like that; the message says why."""


async def clinicians_of(unit: Unit, patient: Person) -> tuple[str, ...]:
    """Code names of a patient's clinicians, the primary one first."""
    enrolment = await _enrolment(unit, patient)
    beside = await care_teams.beside(unit.session, patient.id, now=unit.now)
    return tuple(one.code_name for one in await people.some(unit.session, [enrolment.clinician_id, *beside]))


async def add_clinician(unit: Unit, patient: Person, code_name: str) -> None:
    """From the next check-in on, the bond with this clinician is asked about in turn; raises CannotShare."""
    enrolment = await _enrolment(unit, patient)
    clinician = await _staff(unit, code_name)
    if Role.CLINICIAN not in (await people.actor(unit.session, clinician, now=unit.now)).roles:
        raise CannotShare(f"{clinician.code_name} is no clinician.")
    if clinician.id == enrolment.clinician_id:
        raise CannotShare(f"{clinician.code_name} is the primary clinician of {patient.code_name} already.")
    await care_teams.add(unit.session, patient.id, clinician.id, now=unit.now)
    await _note(unit, patient, "clinician_added", clinician)


async def remove_clinician(unit: Unit, patient: Person, code_name: str) -> None:
    """From this moment on nobody asks about this clinician, in an open check-in either; raises CannotShare."""
    enrolment = await _enrolment(unit, patient)
    clinician = await _staff(unit, code_name)
    if clinician.id == enrolment.clinician_id:
        raise CannotShare(f"{clinician.code_name} is the primary clinician; invite {patient.code_name} with another.")
    if not await care_teams.remove(unit.session, patient.id, clinician.id, now=unit.now):
        raise CannotShare(f"{clinician.code_name} does not care for {patient.code_name}.")
    await _ask_no_more_about(unit, patient, clinician)
    await _note(unit, patient, "clinician_removed", clinician)


async def _ask_no_more_about(unit: Unit, patient: Person, clinician: Person) -> None:
    """An open check-in goes on without that question; it is finished where nothing else is left to ask."""
    for checkin in await checkins.still_open(unit.session, patient.id):
        if whom_it_means(checkin) != clinician.id:
            continue
        standing = await standing_of(unit, checkin)
        if standing.waiting_for is None:
            await complete(unit, patient, checkin, standing)
        await show_where_it_stands(unit, patient, checkin, message_id=None)


async def _enrolment(unit: Unit, patient: Person) -> Enrolment:
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not allowed(unit.actor, Action.CHANGE_ENROLMENT, About(patient_id=patient.id)):
        raise CannotShare(f"{patient.code_name} is not a patient whose clinicians you may change.")
    return enrolment


async def _staff(unit: Unit, code_name: str) -> Person:
    person = await people.by_code_name(unit.session, code_name)
    if person is None or await people.enrolment(unit.session, person.id) is not None:
        raise CannotShare(f"There is no clinician called {code_name}; invite the clinician first.")
    return person


async def _note(unit: Unit, patient: Person, action: str, clinician: Person) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
        detail={"clinician": clinician.id},
    )
