"""A patient has everything deleted: at once, for good, and with one last confirmation."""

from datetime import timedelta

from alliance.access import About, Action, allowed
from alliance.delivery import Lane
from alliance.enrolment import ENDED, EnrolmentState
from alliance.own_menu import done
from alliance.people import STAFF, Role
from alliance.presses import Erase
from alliance.saying import Saying
from storage import alerts, audit, consents, people
from storage.erasure import erase_patient
from storage.tables import Enrolment, Person
from workflows.page import turn
from workflows.show_commands import hide_commands, show_commands
from workflows.speak import say
from workflows.unit import Unit

STILL_MEANT = timedelta(hours=1)  # a button of last week must not delete anything
MINUTE = timedelta(minutes=1)
LAST_WORD, TOLD_TO_STAFF = "erased:", "told_of_erasure:"  # begin the keys of what is forgotten once it has been said


async def erase(unit: Unit, patient: Person, press: Erase, *, message_id: int | None) -> bool:
    """Delete everything about a patient who has said yes; False for a button of long ago.

    While an alert of theirs is open nothing is deleted: somebody may be on the way to them. That is said, and
    noted, and so is a no.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    asked_for = unit.now.timestamp() - press.asked_in * MINUTE.total_seconds()
    if enrolment is None or patient.chat_id is None or not 0 <= asked_for <= STILL_MEANT.total_seconds():
        return False
    if not allowed(unit.actor, Action.ERASE_ONESELF, About(patient_id=patient.id)):
        return False
    wording = unit.wording()
    if not press.sure:
        await turn(unit, patient, done(wording, wording("own.forget.kept")), message_id=message_id)
    elif await alerts.is_live_for(unit.session, patient.id):
        await _note(unit, patient, "erasure_waits")
        await turn(unit, patient, done(wording, wording("own.forget.waits")), message_id=message_id)
    else:
        await _erase(unit, patient, enrolment, chat_id=patient.chat_id)
    return True


async def _erase(unit: Unit, patient: Person, enrolment: Enrolment, *, chat_id: int) -> None:
    wording, is_staff = unit.wording(), bool(STAFF & unit.actor.roles)
    await _withdraw(unit, patient, enrolment)
    await _tell_staff(unit, patient, enrolment.clinician_id)
    await erase_patient(unit.session, patient, is_staff=is_staff)
    await _note(unit, patient, "erased")
    last = Saying(text=wording("own.forget.done", clinic=unit.clinic.name))
    await say(unit, chat_id, last, key=f"{LAST_WORD}{patient.id}")
    if is_staff:
        await show_commands(unit, patient, unit.actor.roles - {Role.PATIENT}, anew=True)
    else:
        await hide_commands(unit, chat_id, key=f"{LAST_WORD}{patient.id}:commands")
        unit.person = None


async def _withdraw(unit: Unit, patient: Person, enrolment: Enrolment) -> None:
    given = await consents.latest(unit.session, patient.id)
    if given is not None and enrolment.state not in {EnrolmentState.INVITED, *ENDED}:
        await consents.record(
            unit.session,
            patient.id,
            version=given.version,
            language=patient.language,
            decision="withdrawn",
            now=unit.now,
        )


async def _tell_staff(unit: Unit, patient: Person, clinician_id: int) -> None:
    """The clinician and the coordinators hear of it now: in the digest this person is simply not there any more."""
    told = {clinician_id: await people.get(unit.session, clinician_id)}
    for coordinator in await people.in_role(unit.session, Role.COORDINATOR, now=unit.now):
        told[coordinator.id] = coordinator
    for staff_id, staff in told.items():
        if staff_id != patient.id:
            text = unit.wording(staff.language)("own.forget.staff", who=patient.code_name)
            await say(unit, staff, Saying(text=text), lane=Lane.DIGEST, key=f"{TOLD_TO_STAFF}{unit.origin}:{staff_id}")


async def _note(unit: Unit, patient: Person, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
    )
