"""Everything a clinician can do about a flag beyond one press, from the second page of its card."""

from collections.abc import Mapping
from datetime import date, timedelta

from alliance.access import Action
from alliance.acting import (
    OFFERED_CONTACTS,
    OFFERED_SNOOZES,
    SAID_WITH_A_TAP,
    Asked,
    Deed,
    Held,
    Why,
    snooze_until,
)
from alliance.acting_presses import FlagStep, Step
from alliance.flags import FlagState, Resolution
from alliance.local_time import local_day
from alliance.wording import main_language
from storage import acting, flags, notes, people
from workflows import hand_over_flag, write_note
from workflows.flag_rights import holder_of, refusal
from workflows.reach_patient import record_contact
from workflows.show_flag import OnCard, card_of, note, record_deed, show
from workflows.speak import Answered
from workflows.unit import Unit

_NEEDED: Mapping[Step, Action] = {
    Step.CONTACT: Action.RECORD_CONTACT,
    **dict.fromkeys((Step.WRITE, Step.WRITE_OWN, Step.SEND, Step.DROP), Action.WRITE_TO_PATIENT),
    **dict.fromkeys((Step.HAND_OVER, Step.NAME_COLLEAGUE), Action.HAND_OVER_FLAG),
}
_AFTER_THE_END = frozenset({Step.WHY, Step.WHY_OWN})


async def take(unit: Unit, pressed: FlagStep, *, message_id: int) -> Answered:
    """Do one step; whoever may not, and whatever comes too late, is told so in a word."""
    flag = await flags.get(unit.session, pressed.flag_id)
    if flag is None or unit.person is None:
        return Answered(said="acting.toast.gone")
    if refused := await refusal(unit, flag, _NEEDED.get(pressed.step, Action.REVIEW_FLAG)):
        return Answered(said=refused)
    at = OnCard(
        flag=flag,
        patient=await people.get(unit.session, flag.patient_id),
        reader=unit.person,
        digest_id=pressed.digest_id,
        message_id=message_id,
    )
    if flag.state == FlagState.RESOLVED and pressed.step not in _AFTER_THE_END:
        await show(unit, at)
        return Answered(said="toast.flag_settled")
    return Answered(said=await _do(unit, at, pressed))


async def _do(unit: Unit, at: OnCard, pressed: FlagStep) -> str:
    match pressed.step:
        case Step.MORE | Step.BACK:
            return await _turn(unit, at, pressed.step)
        case Step.CONTACT:
            return await _contact(unit, at, pressed.choice)
        case Step.PUT_OFF:
            return await _put_off(unit, at, pressed.choice)
        case Step.HAND_OVER:
            return await hand_over_flag.hand_over(unit, at, pressed.choice)
        case Step.GIVE_BACK:
            return await hand_over_flag.give_back(unit, at)
        case Step.WHY:
            return await _say_why(unit, at, pressed.choice)
        case Step.WRITE:
            return await write_note.choose(unit, at, pressed.choice)
        case Step.SEND | Step.DROP:
            return await write_note.settle_draft(unit, at, pressed.choice, sends=pressed.step is Step.SEND)
        case Step.WRITE_OWN | Step.PUT_OFF_UNTIL | Step.NAME_COLLEAGUE | Step.WHY_OWN:
            return await _ask(unit, at, pressed.step)


async def _turn(unit: Unit, at: OnCard, step: Step) -> str:
    await notes.ask_nothing_more(unit.session, at.reader.id)
    card = await card_of(unit, at)
    if step is Step.BACK:
        await show(unit, at, card)
        return ""
    held = await holder_of(unit, at.flag)
    is_mine = held is not None and held.held == Held.HANDED_OVER
    can_be_put_off = at.flag.state == FlagState.RAISED
    await show(unit, at, at.pages(unit).more(card, can_be_put_off=can_be_put_off, can_be_given_back=is_mine))
    return ""


async def _contact(unit: Unit, at: OnCard, code: str) -> str:
    if code not in OFFERED_CONTACTS:
        await show(unit, at, at.pages(unit).contact())
        return ""
    reached = OFFERED_CONTACTS[code]
    if not await record_contact(unit, at.patient, at.reader, reached):
        await show(unit, at)
        return "acting.toast.noted_before"
    await record_deed(unit, at, Deed(reached.how))
    await show(unit, at)
    return "acting.toast.noted"


async def _put_off(unit: Unit, at: OnCard, choice: str) -> str:
    if not choice:
        await show(unit, at, at.pages(unit).snoozes())
        return ""
    if choice not in OFFERED_SNOOZES:
        return "acting.toast.no_day"
    return await _put_off_until(unit, at, local_day(unit.now, at.reader.zone) + timedelta(days=OFFERED_SNOOZES[choice]))


async def put_off_as_typed(unit: Unit, at: OnCard, words: str) -> date | None:
    """Put a flag off until the day somebody typed; None for the past and for what is no day."""
    today = local_day(unit.now, at.reader.zone)
    day = snooze_until(words, today=today, day_comes_first=main_language(at.reader.language) == "es")
    if day is None or at.flag.state != FlagState.RAISED:
        return None
    await _put_off_until(unit, at, day)
    return day


async def _put_off_until(unit: Unit, at: OnCard, day: date) -> str:
    if at.flag.state != FlagState.RAISED:  # nobody is waiting to be reminded of it
        await show(unit, at)
        return "acting.toast.seen_before"
    await acting.put_off(unit.session, at.flag.id, until_on=day, by_id=at.reader.id, now=unit.now)
    await record_deed(unit, at, Deed.PUT_OFF, settles=False)
    await show(unit, at)
    return "acting.toast.put_off"


async def _say_why(unit: Unit, at: OnCard, choice: str) -> str:
    if at.flag.resolution != Resolution.NOT_A_RUPTURE or choice not in set(SAID_WITH_A_TAP):
        return "toast.unknown"
    await judge(unit, at, Why(choice))
    return "acting.toast.noted"


async def judge(unit: Unit, at: OnCard, why: Why, words: str | None = None) -> None:
    """Keep why a flag was no rupture, and show the card without the question."""
    await acting.judge(unit.session, at.flag, why, by_id=at.reader.id, words=words, now=unit.now)
    await note(unit, at, "flag_not_because", {"why": why})
    await show(unit, at)


async def _ask(unit: Unit, at: OnCard, step: Step) -> str:
    asked, key = {
        Step.WRITE_OWN: (Asked.NOTE, "acting.note.type"),
        Step.PUT_OFF_UNTIL: (Asked.UNTIL, "acting.until.type"),
        Step.NAME_COLLEAGUE: (Asked.COLLEAGUE, "acting.hand.type"),
        Step.WHY_OWN: (Asked.WHY, "acting.why.type"),
    }[step]
    if asked is Asked.NOTE and (refused := await write_note.refusal_to_write(unit, at)):
        return refused
    if asked is Asked.WHY and at.flag.resolution != Resolution.NOT_A_RUPTURE:
        return "toast.unknown"
    await notes.ask(unit.session, at.reader.id, asked, flag_id=at.flag.id, digest_id=at.digest_id, now=unit.now)
    await show(unit, at, at.pages(unit).prompt(key))
    return "acting.toast.type_it"
