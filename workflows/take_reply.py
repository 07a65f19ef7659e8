"""A patient writes a sentence, or does something else that is no tap: it counts, and it is answered."""

from zlib import crc32

from alliance.asking import help_row
from alliance.audience import Subject
from alliance.checkin import ANSWERABLE, CheckinState
from alliance.enrolment import ENDED, EnrolmentState
from alliance.meanwhile import Meanwhile, meanwhile_in_words
from alliance.own_menu import menu_row
from alliance.saying import Saying
from storage import checkins, people
from storage.tables import Checkin, Message, Person
from workflows.choose_readers import is_read_by_nobody, reader_in_words
from workflows.close_checkin import finish
from workflows.enrol import ask_again
from workflows.keep_message import has_rules
from workflows.meanwhile import is_chosen_away, who_reads_meanwhile
from workflows.notice_ruptures import notice, notice_said
from workflows.one_thought import has_been_answered
from workflows.propose_zone import ask_about_the_clock
from workflows.show_checkin import Page
from workflows.speak import say
from workflows.typed_number import shown, take_typed_number
from workflows.unit import Unit
from workflows.words import clinician_name

RECEIPT_EVERY = 600  # seconds; in them several thoughts get one receipt, as each thought does that takes longer


async def take_message(unit: Unit, patient: Person, message: Message | None, words: str | None) -> None:
    """Anything a patient sends that is not a tap and not a command; it has been screened and kept before."""
    await _answer(unit, patient, message, words)
    await ask_about_the_clock(unit, patient)


async def _answer(unit: Unit, patient: Person, message: Message | None, words: str | None) -> None:
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
    elif checkin is not None and await take_typed_number(unit, patient, checkin, message, words):
        return  # the check-in itself goes on
    elif checkin is not None and checkin.state == CheckinState.ANSWERED and checkin.remark_open:
        await finish(unit, patient, checkin)
        await notice(unit, patient, checkin)
    elif checkin is not None and checkin.state in ANSWERABLE and checkin.delivered_at is not None:
        await _keep_beside_a_question(unit, patient, checkin, message)
    else:
        await _receipt(unit, patient, await _kept(unit, patient, "message.kept", enrolment.clinician_id), to=message)
        if checkin is not None and checkin.id == message.checkin_id:
            await notice(unit, patient, checkin)  # one more sentence after the thanks
        else:
            await notice_said(unit, patient, message, clinician_id=enrolment.clinician_id)


async def _keep_beside_a_question(unit: Unit, patient: Person, checkin: Checkin, message: Message) -> None:
    on_screen = await shown(unit, checkin)
    is_put_off = on_screen is not None and on_screen.page == Page.PUT_OFF
    key = "message.kept" if is_put_off else "message.kept_and_question_open"
    await _receipt(unit, patient, await _kept(unit, patient, key, checkin.clinician_id), to=message)


async def _kept(unit: Unit, patient: Person, key: str, clinician_id: int) -> str:
    """That a message is kept, and for whom; where no rules read its language, that only people do."""
    wording = unit.wording()
    chosen = await reader_in_words(unit, patient.id, Subject.REMARKS, wording)
    told = wording(key, clinician=chosen or await clinician_name(unit, clinician_id))
    if await is_read_by_nobody(unit, patient.id, Subject.REMARKS):
        told = wording("readers.kept_unread", reader=chosen)
    elif away := await _who_is_away(unit, patient, clinician_id, is_chosen=chosen is not None):
        kept = wording("readers.away.kept") if away.cover is None else wording(key, clinician=away.cover)
        told = f"{kept}\n\n{meanwhile_in_words(away, wording=wording)}"
    return told if has_rules(unit) else f"{told}\n\n{wording('message.only_people')}"


async def _who_is_away(unit: Unit, patient: Person, clinician_id: int, *, is_chosen: bool) -> Meanwhile | None:
    if is_chosen:
        return await is_chosen_away(unit, patient.id, Subject.REMARKS, unit.wording())
    return await who_reads_meanwhile(unit, clinician_id, unit.wording())


async def _receipt(unit: Unit, patient: Person, text: str, *, to: Message | None = None) -> None:
    """Say that something was received; the rest of a thought was received with its beginning."""
    if to is not None and await has_been_answered(unit, to):
        return
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
