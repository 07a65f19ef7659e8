"""A button was pressed: decode what it was about, do that one thing, and always answer."""

from telegram import CallbackQuery, Update

from alliance.acting_presses import ContactWith, FlagStep
from alliance.buttons import decode
from alliance.checkin_presses import Change, ChooseReader, PutOff, Reopen, SayWhy, SayWish, Skip, Turn
from alliance.coordinator_presses import ListPatients, OpenOne
from alliance.people import STAFF, Role
from alliance.presses import (
    ActOnAlert,
    ActOnFlag,
    AfterSafety,
    ChooseTime,
    ChooseZone,
    Consent,
    Decide,
    Erase,
    HelpNow,
    KeepZone,
    Leave,
    NothingToAdd,
    OpenPlace,
    Place,
    Press,
    Rate,
    SetCadence,
    ShowWords,
)
from alliance.staff_presses import EndLeave, LiftHold, NameCover, PlanHold, PlanLeave, SetHours, StaffPress
from alliance.visit_presses import (
    ActOnDraft,
    ActOnVisit,
    AnswerAgreement,
    OpenList,
    OpenPatient,
    RateAsClinician,
)
from handlers import checkin_buttons, clinician, coordinator, coordinator_pages, own_choices, staff_times
from handlers.context import Context
from handlers.patient import ask_for_help, say_staff_help
from workflows import (
    act_on_flag,
    after_safety,
    answer_agreement,
    answer_page,
    enrol,
    reach_patient,
    review_flags,
    take_part,
)
from workflows.typed_answer import ask_nothing_more
from workflows.unit import Person, Toast, Unit


async def press(update: Update, context: Context) -> None:
    """Do what was pressed and say in a toast what came of it; a press of nobody's changes nothing."""
    query = update.callback_query
    if query is None:
        return
    pressed = decode(query.data) if query.data else None
    key = await _do(context.unit, query, pressed) if pressed else "toast.unknown"
    text = context.unit.wording()(key) if key else None
    context.unit.toasts.append(Toast(query_id=query.id, text=text))


async def _do(unit: Unit, query: CallbackQuery, pressed: Press) -> str | None:
    message_id = query.message.message_id if query.message else 0
    if isinstance(pressed, HelpNow):
        chat_id = query.message.chat.id if query.message else query.from_user.id
        await ask_for_help(unit, chat_id=chat_id, language=query.from_user.language_code)
        return None
    if isinstance(pressed, AfterSafety):
        await _say_after_safety(unit, query, pressed, message_id)
        return None
    if unit.person is None:
        return "toast.unknown"
    if isinstance(pressed, ActOnAlert | ActOnFlag | FlagStep | ContactWith | ShowWords):
        return await _act(unit, pressed, message_id)
    return await _do_as_known(unit, unit.person, pressed, message_id)


async def _do_as_known(unit: Unit, person: Person, pressed: Press, message_id: int) -> str | None:
    match pressed:
        case SetCadence() | SetHours() | PlanLeave() | EndLeave() | NameCover() | PlanHold() | LiftHold():
            return await _arrange(unit, person, pressed, message_id)
        case ListPatients() | OpenOne():
            return await coordinator_pages.press(unit, person, pressed, message_id=message_id)
        case OpenList() | ActOnVisit() | OpenPatient() | ActOnDraft() | RateAsClinician():
            return await clinician.press(unit, pressed, message_id=message_id)
        case OpenPlace(place=Place.AS_STAFF) if STAFF & unit.actor.roles:
            await say_staff_help(unit, person)
            return None
        case _ if Role.PATIENT in unit.actor.roles:
            await ask_nothing_more(unit, person)
            return await _do_as_patient(unit, person, pressed, message_id)
        case _:
            return "toast.not_yours"


async def _act(
    unit: Unit, pressed: ActOnAlert | ActOnFlag | FlagStep | ContactWith | ShowWords, message_id: int
) -> str | None:
    """What whoever was paged, or reads a digest, does about it; the workflow asks whether they may."""
    match pressed:
        case ActOnAlert():
            done = await answer_page.act(unit, pressed, message_id=message_id)
        case ActOnFlag():
            done = await review_flags.act(unit, pressed, message_id=message_id)
        case FlagStep():
            done = await act_on_flag.take(unit, pressed, message_id=message_id)
        case ContactWith():
            done = await reach_patient.take(unit, pressed, message_id=message_id)
        case ShowWords():
            done = await review_flags.show_words(unit, pressed.digest_id, pressed.patient_id)
    return done.said or None


async def _arrange(unit: Unit, staff: Person, pressed: SetCadence | StaffPress, message_id: int) -> str | None:
    if isinstance(pressed, SetCadence):
        return await coordinator.press(unit, pressed, message_id=message_id)
    return await staff_times.press(unit, staff, pressed, message_id=message_id)


async def _say_after_safety(unit: Unit, query: CallbackQuery, pressed: AfterSafety, message_id: int) -> None:
    """A button below the safety message, from anyone who was sent one."""
    spoken = unit.person.language if unit.person else query.from_user.language_code
    await after_safety.take(
        unit,
        pressed.said,
        chat_id=query.message.chat.id if query.message else query.from_user.id,
        language=spoken or unit.clinic.language,
        message_id=message_id,
    )


async def _do_as_patient(unit: Unit, patient: Person, pressed: Press, message_id: int) -> str | None:
    match pressed:
        case (
            Rate()
            | NothingToAdd()
            | ChooseReader()
            | Turn()
            | Skip()
            | Reopen()
            | Change()
            | PutOff()
            | SayWhy()
            | SayWish()
        ):
            return await checkin_buttons.press(unit, patient, pressed, message_id=message_id)
        case AnswerAgreement():
            return await answer_agreement.answer(unit, patient, pressed, message_id=message_id)
        case Leave():
            await take_part.leave(unit, patient, sure=pressed.sure)
            return None
        case OpenPlace() | Decide() | Erase():
            decided = await own_choices.press(unit, patient, pressed, message_id=message_id)
        case Consent():
            decided = await enrol.decide_consent(unit, patient, version=pressed.version, given=pressed.given)
        case KeepZone():
            decided = await enrol.confirm_zone(unit, patient, right=pressed.right)
        case ChooseZone():
            decided = await enrol.choose_zone(unit, patient, pressed.zone)
        case ChooseTime():
            decided = await enrol.choose_time(unit, patient, pressed.at)
        case _:
            return "toast.unknown"
    return None if decided else "toast.no_longer_open"
