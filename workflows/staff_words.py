"""What a member of staff types after being asked: a note, a reason, a day, a colleague."""

from alliance.access import Action
from alliance.acting import ASKED_FOR, Asked, Why
from alliance.digest_words import shown
from alliance.flags import FlagState, Resolution
from alliance.notes import LONGEST_NOTE, fits
from alliance.people import STAFF, Role
from alliance.saying import Saying
from storage import flags, messages, notes, people
from storage.tables import Message, Person, StaffPrompt
from workflows import hand_over_flag, write_note
from workflows.act_on_flag import judge, put_off_as_typed
from workflows.flag_rights import refusal
from workflows.show_flag import OnCard
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import day_in_words


async def is_expected(unit: Unit, message_id: int, *, is_edit: bool) -> bool:
    """Whether words of staff are the answer to a question of ours, or a change of one: about somebody else, then.

    They are not screened for danger to whoever wrote them. Whoever is a patient as well is screened like any patient.
    """
    person = unit.person
    if person is None or not STAFF & unit.actor.roles or Role.PATIENT in unit.actor.roles:
        return False
    if is_edit:
        return await notes.typed_in(unit.session, person.id, message_id) is not None
    return await _asked(unit, person) is not None


async def put_aside(unit: Unit) -> None:
    """A command was given instead of what was asked for: nothing typed later is meant for it."""
    person = unit.person
    if person is None or not STAFF & unit.actor.roles or await _asked(unit, person) is None:
        return
    await notes.ask_nothing_more(unit.session, person.id)
    await say(unit, person, Saying(text=unit.wording()("acting.typed.put_aside")))


async def take(unit: Unit, message_id: int, words: str | None, *, kept: Message | None) -> bool:
    """Take what was typed for what was asked; False when nothing was.

    ``kept`` is its row where whoever typed it is a patient as well: it is no message to their own clinician.
    """
    person = unit.person
    asked = await _asked(unit, person) if person is not None and STAFF & unit.actor.roles else None
    if person is None or asked is None:
        return False
    if kept is not None:
        await messages.discard(unit.session, kept)
    if words is None or not words.strip():
        await _say(unit, person, "acting.typed.only_text" if words is None else "acting.typed.empty")
        return True
    if not fits(words):
        await _say(unit, person, "acting.typed.too_long", most=LONGEST_NOTE)
        return True
    flag = await flags.get(unit.session, asked.flag_id)
    is_open = flag is not None and (flag.state != FlagState.RESOLVED or asked.asked == Asked.WHY)
    if flag is None or not is_open or await refusal(unit, flag, Action.REVIEW_FLAG):
        await notes.ask_nothing_more(unit.session, person.id)
        await _say(unit, person, "acting.typed.gone")
        return True
    at = OnCard(
        flag=flag,
        patient=await people.get(unit.session, flag.patient_id),
        reader=person,
        digest_id=asked.digest_id,
        message_id=None,
    )
    if await _understood(unit, at, Asked(asked.asked), words, message_id):
        await notes.ask_nothing_more(unit.session, person.id)
    return True


async def _understood(unit: Unit, at: OnCard, asked: Asked, words: str, message_id: int) -> bool:
    match asked:
        case Asked.NOTE:
            if refused := await write_note.refusal_to_write(unit, at):
                await _say(unit, at.reader, refused)
            else:
                await write_note.draft_own(unit, at, words, typed_in=message_id)
        case Asked.WHY:
            if at.flag.resolution == Resolution.NOT_A_RUPTURE:
                await _say(unit, at.reader, "acting.why.kept")
                await judge(unit, at, Why.OTHER, words)
        case Asked.UNTIL:
            day = await put_off_as_typed(unit, at, words)
            if day is None:
                await _say(unit, at.reader, "acting.until.how")
                return False
            name, when = shown(at.patient.code_name), day_in_words(day, unit.wording())
            await _say(unit, at.reader, "acting.until.kept", name=name, day=when)
        case Asked.COLLEAGUE:
            if not await hand_over_flag.hand_to_named(unit, at, words):
                await _say(unit, at.reader, "acting.hand.unknown")
                return False
    return True


async def _asked(unit: Unit, person: Person) -> StaffPrompt | None:
    return await notes.asked_of(unit.session, person.id, since=unit.now - ASKED_FOR)


async def _say(unit: Unit, person: Person, key: str, **values: object) -> None:
    await say(unit, person, Saying(text=unit.wording(person.language)(key, **values)))
