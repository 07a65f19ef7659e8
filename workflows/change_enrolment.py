"""Staff say where an enrolment stands: on hold, discharged, transferred, deceased, or going on."""

from alliance.access import About, Action, allowed
from alliance.checkin import CheckinState
from alliance.enrolment import ENDED, EnrolmentState, NotFromHere, may_become
from storage import answers, audit, checkins, holds, invitations, outbox, people
from storage.tables import Enrolment, Person
from workflows.close_checkin import close
from workflows.schedule import plan_next
from workflows.unit import Unit
from workflows.write_note import were_cancelled as notes_were_cancelled

BY_STAFF = frozenset(
    {
        EnrolmentState.ACTIVE,
        EnrolmentState.ON_HOLD,
        EnrolmentState.DISCHARGED,
        EnrolmentState.TRANSFERRED,
        EnrolmentState.DECEASED,
    }
)  # to pause and to leave is the patient's own


async def change_enrolment(unit: Unit, patient: Person, to: EnrolmentState) -> EnrolmentState:
    """Bring an enrolment into another state; nothing more is sent from this moment where it may not be.

    The patient is told nothing: staff do that themselves. Gives back the state before. Raises NotFromHere.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not allowed(unit.actor, Action.CHANGE_ENROLMENT, About(patient_id=patient.id)):
        raise NotFromHere(f"{patient.code_name} is not a patient whose enrolment you may change.")
    before = EnrolmentState(enrolment.state)
    if to not in BY_STAFF or not may_become(before, to) or (before is EnrolmentState.INVITED and to not in ENDED):
        raise NotFromHere(f"{patient.code_name} is {before}, and cannot be made {to} from there.")
    enrolment.state = to
    if to is not EnrolmentState.ON_HOLD:
        await holds.end_all(unit.session, patient.id, at=unit.now)
    if to in ENDED:
        enrolment.ended_at = unit.now
    if to is EnrolmentState.ACTIVE:
        await plan_next(unit, patient, enrolment, after=unit.now)
    else:
        await stop_asking(unit, patient, enrolment)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="enrolment_changed",
        object_kind="patient",
        object_id=patient.id,
        detail={"before": before, "after": to},
    )
    return before


async def stop_asking(unit: Unit, patient: Person, enrolment: Enrolment) -> None:
    """Take back what is on its way to a patient and plan nothing more; safety messages still go out.

    What was answered in part counts. Buttons and links of an enrolment that had only begun stop working.
    """
    await checkins.schedule(unit.session, enrolment, at=None, on=None, slot=None)
    for checkin in await checkins.still_open(unit.session, patient.id):
        if await answers.ratings(unit.session, checkin.id):
            await close(unit, checkin)
        else:
            checkins.end(checkin, CheckinState.CANCELLED, at=unit.now)
    for checkin in await checkins.waiting_for_a_remark(unit.session, patient.id):
        checkin.remark_open = False  # or its thanks would still be said when its time is over
    await outbox.cancel(unit.session, person_id=patient.id)
    await notes_were_cancelled(unit, patient, for_good=enrolment.state in ENDED)
    if enrolment.state in ENDED:
        enrolment.step = "ended"
        await invitations.revoke(unit.session, person_id=patient.id, now=unit.now)
