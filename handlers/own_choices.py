"""What a patient can look at and decide: each page by its command, with or without words behind it."""

from collections.abc import Callable, Coroutine

from telegram import Update

from alliance.presses import Decide, Erase, OpenPlace, Place
from handlers.context import Context
from handlers.patient import is_patient
from workflows import answer_agreement, own_pages, own_record, typed_answer
from workflows.erase import erase
from workflows.take_reply import help_patient
from workflows.unit import Person, Unit

Handler = Callable[[Update, Context], Coroutine[object, object, None]]

PAGES = {
    "menu": Place.MENU,
    "time": Place.TIME,
    "zone": Place.ZONE,
    "language": Place.LANGUAGE,
    "quiet": Place.QUIET,
    "goals": Place.GOALS,
    "who": Place.WHO,
    "forget": Place.FORGET,
}


def opens(place: Place) -> Handler:
    """The handler of the command that opens a page; words behind the command are taken as typed there."""

    async def handle(update: Update, context: Context) -> None:
        unit = context.unit
        if not await is_patient(update, unit) or unit.person is None:
            return
        words = " ".join(context.args or [])
        if place is Place.LANGUAGE and words:
            await _speak(unit, unit.person, words)
        elif not words or not await typed_answer.take_behind_command(unit, unit.person, place, words):
            await own_pages.show(unit, unit.person, place)

    return handle


async def _speak(unit: Unit, patient: Person, words: str) -> None:
    """``/language es``, or the language by its own name; anything else shows what there is."""
    named = {unit.wording(one)("own.language.name").casefold(): one for one in unit.clinic.wordings.languages}
    chosen = Decide(place=Place.LANGUAGE, choice=named.get(words.casefold(), words.casefold()))
    if not await own_pages.decide(unit, patient, chosen, message_id=None):
        await own_pages.show(unit, patient, Place.LANGUAGE)


async def my_data(update: Update, context: Context) -> None:
    """/mydata."""
    if await is_patient(update, context.unit) and context.unit.person is not None:
        await own_record.send_record(context.unit, context.unit.person)


async def agreed(update: Update, context: Context) -> None:
    """/agreed: what both sides agreed on after a visit."""
    if await is_patient(update, context.unit) and context.unit.person is not None:
        await answer_agreement.show_newest(context.unit, context.unit.person)


async def press(unit: Unit, patient: Person, pressed: OpenPlace | Decide | Erase, *, message_id: int) -> bool:
    """A page was opened, or something was chosen on one; False where the button says nothing any more."""
    match pressed:
        case OpenPlace(place=Place.AS_PATIENT):
            await help_patient(unit, patient)
        case OpenPlace(place=Place.AS_STAFF):
            return False  # staff were answered before; this is somebody who is staff no more
        case OpenPlace(place=Place.AGREEMENT):
            await answer_agreement.show_newest(unit, patient)
        case OpenPlace():
            await own_pages.show(unit, patient, pressed.place, message_id=message_id)
        case Decide():
            return await own_pages.decide(unit, patient, pressed, message_id=message_id)
        case Erase():
            return await erase(unit, patient, pressed, message_id=message_id)
    return True
