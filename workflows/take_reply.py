"""A patient taps a number, writes a sentence, or does something else: it counts, and it is answered."""

from zlib import crc32

from alliance.access import About, Action, allowed
from alliance.asking import closed, help_row, question, remark_request
from alliance.buttons import Rate
from alliance.checkin import (
    ANSWERABLE,
    CheckinState,
    NotOffered,
    Outcome,
    Recorded,
    Repeated,
    Standing,
    TooLate,
    accept,
    typed_rating,
)
from alliance.enrolment import ENDED, EnrolmentState
from alliance.own_menu import menu_row
from alliance.saying import Saying
from storage import checkins, people
from storage.tables import Checkin, Message, Person
from workflows.close_checkin import closed_key, finish, finished_key, thanks
from workflows.enrol import ask_again
from workflows.keep_message import has_rules
from workflows.notice_ruptures import notice
from workflows.own_goals import to_name
from workflows.speak import change, say
from workflows.unit import Unit
from workflows.words import clinician_name, next_checkin_in_words

RECEIPT_EVERY = 600  # seconds; several messages in a row are one thought and get one receipt


async def take_tap(unit: Unit, patient: Person, press: Rate, *, message_id: int) -> Outcome:
    """A tap on a number: stored at once, and the message goes on to what comes next."""
    checkin = await checkins.get(unit.session, press.checkin_id)
    if checkin is None or not allowed(unit.actor, Action.ANSWER_CHECKIN, About(patient_id=checkin.patient_id)):
        return NotOffered()
    standing = await _standing(unit, checkin)
    outcome = accept(standing, item_id=press.item_id, rating=press.rating, now=unit.now)
    match outcome:
        case Recorded():
            await _record(unit, patient, checkin, standing, outcome, message_id=message_id)
        case TooLate():
            await _say_closed(unit, patient, checkin, message_id, answered=bool(standing.ratings))
        case Repeated():
            await _show_where_it_stands(unit, patient, checkin, standing, message_id=message_id)
        case _:
            pass
    return outcome


async def _show_where_it_stands(
    unit: Unit, patient: Person, checkin: Checkin, standing: Standing, *, message_id: int
) -> None:
    """A tap on another copy of the message: bring that copy to where the check-in is."""
    if standing.waiting_for is None:
        key, saying = finished_key(checkin), await thanks(unit, patient, checkin)
    else:
        key = f"checkin:{checkin.id}:{standing.waiting_for.id}"
        saying = question(
            unit.wording(checkin.language),
            standing.instrument,
            standing.waiting_for,
            checkin_id=checkin.id,
            clinician=await clinician_name(unit, checkin.clinician_id),
            goals=await to_name(unit, patient.id, standing.waiting_for),
        )
    await change(unit, patient, message_id, saying, key=key)


async def _standing(unit: Unit, checkin: Checkin) -> Standing:
    return Standing(
        # until the sentence a second tap on the last number is a change of mind
        state=CheckinState.OPEN if checkin.remark_open else CheckinState(checkin.state),
        expires_at=checkin.expires_at,
        instrument=unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument,
        ratings=await checkins.ratings(unit.session, checkin.id),
    )


async def _record(
    unit: Unit,
    patient: Person,
    checkin: Checkin,
    standing: Standing,
    recorded: Recorded,
    *,
    message_id: int | None,
) -> None:
    await checkins.record_answer(
        unit.session,
        checkin.id,
        item_id=recorded.item.id,
        domain=recorded.item.domain,
        rating=recorded.rating,
        fraction=standing.instrument.fraction(recorded.item, recorded.rating),
        now=unit.now,
    )
    if checkin.delivered_at is None:
        checkin.delivered_at = unit.now  # the tap proves that the question arrived
    checkin.message_id = shown_in = message_id or checkin.message_id
    if recorded.then is None:
        checkins.end(checkin, CheckinState.ANSWERED, at=checkin.ended_at or unit.now)
        checkin.completed_at, checkin.remark_open = checkin.ended_at, True
    else:
        checkin.state = CheckinState.OPEN
    await unit.session.flush()
    saying = await _next_question(unit, checkin, standing, recorded)
    if shown_in is not None:
        shows = recorded.then.id if recorded.then else "remark"
        await change(unit, patient, shown_in, saying, key=f"checkin:{checkin.id}:{shows}", checkin_id=checkin.id)
    if recorded.then is None:
        await notice(unit, patient, checkin)


async def _next_question(unit: Unit, checkin: Checkin, standing: Standing, recorded: Recorded) -> Saying:
    wording = unit.wording(checkin.language)
    clinician = await clinician_name(unit, checkin.clinician_id)
    if recorded.then is None:
        return remark_request(wording, checkin_id=checkin.id, clinician=clinician)
    goals = await to_name(unit, checkin.patient_id, recorded.then)
    return question(
        wording, standing.instrument, recorded.then, checkin_id=checkin.id, clinician=clinician, goals=goals
    )


async def _say_closed(unit: Unit, patient: Person, checkin: Checkin, message_id: int, *, answered: bool) -> None:
    enrolment = await people.enrolment(unit.session, patient.id)
    wording = unit.wording(checkin.language)
    coming = next_checkin_in_words(patient, enrolment, wording) if enrolment else None
    saying = closed(wording, answered=answered, next_on=coming)
    await change(unit, patient, message_id, saying, key=closed_key(checkin))


async def nothing_to_add(unit: Unit, patient: Person, checkin_id: int, *, message_id: int) -> bool:
    """The check-in ends without a sentence; False when it is not this patient's or has ended before."""
    checkin = await checkins.get(unit.session, checkin_id)
    if checkin is None or checkin.patient_id != patient.id or not checkin.remark_open:
        return False
    checkin.message_id = message_id
    await finish(unit, patient, checkin)
    return True


async def take_message(unit: Unit, patient: Person, message: Message | None, words: str | None) -> None:
    """Anything a patient sends that is not a tap and not a command; it has been screened and kept before."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None:
        return
    if enrolment.state == EnrolmentState.INVITED:
        await ask_again(unit, patient, enrolment, words)
        return
    wording = unit.wording(patient.language)
    if enrolment.state in ENDED:
        await _receipt(unit, patient, wording("message.no_longer_taking_part", clinic=unit.clinic.name))
        return
    checkin = await checkins.open_of(unit.session, patient.id, now=unit.now)
    if message is None:
        return  # the same version of the same message once more
    if words is None:
        await say(unit, patient, Saying(text=wording("message.cannot_read"), rows=(help_row(wording),)))
    elif checkin is not None and checkin.state == CheckinState.ANSWERED and checkin.remark_open:
        await finish(unit, patient, checkin)
        await notice(unit, patient, checkin)
    elif checkin is not None and checkin.state in ANSWERABLE and checkin.delivered_at is not None:
        await _words_instead_of_a_tap(unit, patient, checkin, words)
    else:
        clinician = await clinician_name(unit, enrolment.clinician_id)
        await _receipt(unit, patient, _kept(unit, "message.kept", clinician=clinician))


async def _words_instead_of_a_tap(unit: Unit, patient: Person, checkin: Checkin, words: str) -> None:
    standing = await _standing(unit, checkin)
    rating = typed_rating(standing, words)
    item = standing.waiting_for
    if rating is not None and item is not None:
        outcome = accept(standing, item_id=item.id, rating=rating, now=unit.now)
        if isinstance(outcome, Recorded):
            await _record(unit, patient, checkin, standing, outcome, message_id=None)
            return
    clinician = await clinician_name(unit, checkin.clinician_id)
    await _receipt(unit, patient, _kept(unit, "message.kept_and_question_open", clinician=clinician))


def _kept(unit: Unit, key: str, *, clinician: str) -> str:
    """That a message is kept; where no rules read its language, that only people do."""
    wording = unit.wording()
    told = wording(key, clinician=clinician)
    return told if has_rules(unit) else f"{told}\n\n{wording('message.only_people')}"


async def _receipt(unit: Unit, patient: Person, text: str) -> None:
    several = int(unit.now.timestamp()) // RECEIPT_EVERY
    key = f"receipt:{patient.id}:{several}:{crc32(text.encode())}"  # each sentence once
    await say(unit, patient, Saying(text=text), key=key)


async def help_patient(unit: Unit, patient: Person) -> None:
    """What a patient can do here at this moment; nobody who has left is told that somebody reads."""
    enrolment = await people.enrolment(unit.session, patient.id)
    wording = unit.wording(patient.language)
    if enrolment is not None and enrolment.state == EnrolmentState.INVITED:
        await ask_again(unit, patient, enrolment, None)
    elif enrolment is None or enrolment.state in ENDED:
        text = wording("message.no_longer_taking_part", clinic=unit.clinic.name)
        await say(unit, patient, Saying(text=text, rows=(menu_row(wording), help_row(wording))))
    else:
        text = wording("help.patient", clinic=unit.clinic.name)
        await say(unit, patient, Saying(text=text, rows=(menu_row(wording), help_row(wording))))


async def take_edit(unit: Unit, patient: Person, message: Message | None) -> None:
    """A message was changed afterwards: the new version is kept beside the old one, and nothing is said."""
    if message is None or message.checkin_id is None:
        return
    checkin = await checkins.get(unit.session, message.checkin_id)
    if checkin is not None and checkin.state == CheckinState.ANSWERED:
        await notice(unit, patient, checkin)
