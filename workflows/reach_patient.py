"""Somebody got in touch with a patient outside the tool: noted once, and the patient waits no longer."""

from datetime import datetime

from alliance.access import About, Action, allowed
from alliance.acting import OFFERED_CONTACTS, How, Reached, When, reached_at
from alliance.acting_pages import contact_page
from alliance.acting_presses import ContactWith
from alliance.digest_words import shown
from alliance.local_time import local_day
from alliance.saying import Saying
from storage import acting, audit, people
from storage.tables import Person
from workflows.page import turn
from workflows.speak import Answered
from workflows.unit import Unit


async def take(unit: Unit, pressed: ContactWith, *, message_id: int) -> Answered:
    """A button beside a patient who waits: ask how and when in a message of its own, then note it there."""
    enrolment = await people.enrolment(unit.session, pressed.patient_id)
    if enrolment is None or unit.person is None:
        return Answered(said="acting.toast.gone")
    about = About(patient_id=pressed.patient_id, clinician_id=enrolment.clinician_id)
    if not allowed(unit.actor, Action.RECORD_CONTACT, about):
        return Answered(said="toast.not_yours")
    patient = await people.get(unit.session, pressed.patient_id)
    wording = unit.wording()
    if not pressed.how:
        page = contact_page(wording, patient_id=patient.id, name=patient.code_name)
        await turn(unit, unit.person, page, message_id=None)
        return Answered(said="")
    is_new = await record_contact(unit, patient, unit.person, OFFERED_CONTACTS[pressed.how])
    noted = Saying(text=wording("acting.contact.noted", name=shown(patient.code_name)), protected=True)
    await turn(unit, unit.person, noted, message_id=message_id)
    return Answered(said="acting.toast.noted" if is_new else "acting.toast.noted_before")


async def record_contact(unit: Unit, patient: Person, by: Person, reached: Reached) -> bool:
    """Keep a contact; False where the same person noted the same way for that day before."""
    at = reached_at(reached.when, now=unit.now, zone=by.zone)
    return await _keep(unit, patient, by, reached.how, at)


async def record_message(unit: Unit, patient: Person, by: Person) -> None:
    """A message of a clinician's has arrived: that is contact as well."""
    await _keep(unit, patient, by, How.MESSAGE, reached_at(When.TODAY, now=unit.now, zone=by.zone))


async def _keep(unit: Unit, patient: Person, by: Person, how: How, at: datetime) -> bool:
    on = local_day(at, by.zone)
    is_new = await acting.record_contact(
        unit.session, patient.id, by_id=by.id, how=how, made_on=on, made_at=at, now=unit.now
    )
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=by.id,
        action="contact_made",
        object_kind="patient",
        object_id=patient.id,
        detail={"how": how, "on": on.isoformat()},
    )
    return is_new
