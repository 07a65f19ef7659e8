"""A patient pauses, resumes or leaves; it counts at once."""

from alliance.access import About, Action, allowed
from alliance.enrolment import EnrolmentState, may_become
from alliance.local_time import local_day
from alliance.own_menu import pause_rows
from alliance.pause_words import read_pause_end
from alliance.saying import Saying
from alliance.welcoming import leave_request
from alliance.wording import FIRST_LANGUAGE
from storage import audit, checkins, consents, people
from storage.tables import Enrolment, Person
from workflows.change_enrolment import stop_asking
from workflows.close_checkin import finish
from workflows.page import turn
from workflows.schedule import plan_anew
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import day_in_words, next_checkin_in_words


async def pause(unit: Unit, patient: Person, words: str, *, message_id: int | None = None) -> bool:
    """Stop asking until a day, or until the patient resumes; another day moves the end of a break.

    The break begins at once, and its end can be chosen below. False for words that nobody can read as a day.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not _may(unit, patient):
        return True
    wording, today = unit.wording(), local_day(unit.now, patient.zone)
    until = read_pause_end(words, today=today, day_comes_first=patient.language != FIRST_LANGUAGE)
    if until is None and words.strip():
        return False
    if enrolment.state != EnrolmentState.PAUSED:
        if not may_become(EnrolmentState(enrolment.state), EnrolmentState.PAUSED):
            await turn(unit, patient, Saying(text=wording("pause.not_now")), message_id=message_id)
            return True
        enrolment.state = EnrolmentState.PAUSED
        await _stop_asking(unit, patient, enrolment)
    enrolment.paused_until = until
    await unit.session.flush()
    if until is None:
        saying = Saying(text=wording("pause.open"), rows=pause_rows(wording, today=today))
    else:
        saying = Saying(text=wording("pause.until", day=day_in_words(until, wording)))
    await turn(unit, patient, saying, message_id=message_id)
    return True


async def is_paused(unit: Unit, patient: Person) -> bool:
    """Whether this patient is having a break."""
    enrolment = await people.enrolment(unit.session, patient.id)
    return enrolment is not None and enrolment.state == EnrolmentState.PAUSED


async def resume(unit: Unit, patient: Person, *, message_id: int | None = None) -> None:
    """Go on asking by the cadence."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not _may(unit, patient):
        return
    wording = unit.wording()
    if enrolment.state != EnrolmentState.PAUSED:
        await turn(unit, patient, Saying(text=wording("resume.not_paused")), message_id=message_id)
        return
    enrolment.state, enrolment.paused_until = EnrolmentState.ACTIVE, None
    await plan_anew(unit, patient, enrolment)
    coming = next_checkin_in_words(patient, enrolment, wording)
    text = wording("pause.over", when=coming) if coming else wording("pause.over_no_next")
    await turn(unit, patient, Saying(text=text), message_id=message_id)


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
