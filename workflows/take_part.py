"""A patient pauses, resumes or leaves; it counts at once."""

from alliance.access import About, Action, allowed
from alliance.enrolment import EnrolmentState, may_become, pause_end
from alliance.local_time import local_day
from alliance.saying import Saying
from alliance.welcoming import leave_request
from storage import audit, checkins, consents, people
from storage.tables import Enrolment, Person
from workflows.change_enrolment import stop_asking
from workflows.close_checkin import finish
from workflows.schedule import plan_next
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import day_in_words, next_checkin_in_words


async def pause(unit: Unit, patient: Person, words: str) -> None:
    """Stop asking for a number of days, or until the patient resumes."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not _may(unit, patient):
        return
    wording = unit.wording()
    if enrolment.state == EnrolmentState.PAUSED or not may_become(
        EnrolmentState(enrolment.state), EnrolmentState.PAUSED
    ):
        await say(unit, patient, Saying(text=wording("pause.not_now")))
        return
    until = pause_end(today=local_day(unit.now, patient.zone), words=words.strip())
    if words.strip() and until is None:
        await say(unit, patient, Saying(text=wording("pause.how")))
        return
    enrolment.state, enrolment.paused_until = EnrolmentState.PAUSED, until
    await _stop_asking(unit, patient, enrolment)
    text = wording("pause.until", day=day_in_words(until, wording)) if until else wording("pause.open")
    await say(unit, patient, Saying(text=text))


async def resume(unit: Unit, patient: Person) -> None:
    """Go on asking by the cadence."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not _may(unit, patient):
        return
    wording = unit.wording()
    if enrolment.state != EnrolmentState.PAUSED:
        await say(unit, patient, Saying(text=wording("resume.not_paused")))
        return
    enrolment.state, enrolment.paused_until = EnrolmentState.ACTIVE, None
    await plan_next(unit, patient, enrolment, after=unit.now)
    coming = next_checkin_in_words(patient, enrolment, wording)
    text = wording("pause.over", when=coming) if coming else wording("pause.over_no_next")
    await say(unit, patient, Saying(text=text))


async def ask_to_leave(unit: Unit, patient: Person) -> None:
    """Ask once, without asking for a reason."""
    await say(unit, patient, leave_request(unit.wording()))


async def leave(unit: Unit, patient: Person, *, sure: bool) -> None:
    """Stop taking part at once; what was sent stays with the clinic until it is erased."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not _may(unit, patient):
        return
    wording = unit.wording()
    if not may_become(EnrolmentState(enrolment.state), EnrolmentState.LEFT):
        await say(unit, patient, Saying(text=wording("leave.already")))
        return
    if not sure:
        await say(unit, patient, Saying(text=wording("leave.stays")))
        return
    enrolment.state, enrolment.ended_at = EnrolmentState.LEFT, unit.now
    await _stop_asking(unit, patient, enrolment)
    given = await consents.latest(unit.session, patient.id)
    await consents.record(
        unit.session,
        patient.id,
        version=given.version if given else 0,
        language=patient.language,
        decision="withdrawn",
        now=unit.now,
    )
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action="left",
        object_kind="patient",
        object_id=patient.id,
    )
    await say(unit, patient, Saying(text=wording("leave.done", clinic=unit.clinic.name)))


async def _stop_asking(unit: Unit, patient: Person, enrolment: Enrolment) -> None:
    answered = await checkins.waiting_for_a_remark(unit.session, patient.id)
    await stop_asking(unit, patient, enrolment)
    for checkin in answered:
        await finish(unit, patient, checkin)  # its thanks are said now, since nothing is said later


def _may(unit: Unit, patient: Person) -> bool:
    return allowed(unit.actor, Action.CHANGE_OWN_TAKING_PART, About(patient_id=patient.id))
