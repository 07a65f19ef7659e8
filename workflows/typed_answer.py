"""Something is typed that a page of the menu has asked for: a day, an hour, a city, a goal."""

from datetime import timedelta

from alliance.audience import Subject
from alliance.enrolment import ENDED, EnrolmentState
from alliance.own_menu import OFF, done
from alliance.presses import Place
from storage import messages, people, preferences
from storage.tables import Enrolment, Message, Person
from workflows import own_choices, own_goals, take_part
from workflows.answer_agreement import take_sentence
from workflows.choose_readers import reader_in_words
from workflows.own_pages import search_zone
from workflows.page import turn
from workflows.unit import Unit
from workflows.words import clinician_name

WAITS_FOR = timedelta(minutes=15)  # after that, what somebody types is a message like any other

TAKES_WORDS = frozenset({Place.PAUSE, Place.TIME, Place.ZONE, Place.QUIET, Place.GOALS})
NOT_UNDERSTOOD = {Place.PAUSE: "pause.how", Place.TIME: "own.time.how", Place.QUIET: "own.quiet.how"}


async def take_typed(unit: Unit, patient: Person, message: Message | None, words: str | None) -> bool:
    """Take what was typed as the answer to the page that asked for it; False when none did.

    It has been screened and kept like any message. What answers a page is no message to the clinician and is
    forgotten as one; what does not answer it stays kept, because it may have been meant for them.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    place = await preferences.awaited(unit.session, patient.id, since=unit.now - WAITS_FOR)
    if place is None or not words or enrolment is None or enrolment.state in {EnrolmentState.INVITED, *ENDED}:
        return False
    if place == Place.AGREEMENT:
        await take_sentence(unit, patient, message)
        return True
    if await take(unit, patient, enrolment, Place(place), words):
        await preferences.wait_for(unit.session, patient.id, _still_waiting(Place(place)), now=unit.now)
        if message is not None:
            await messages.discard(unit.session, message)
    elif message is not None:
        message.kind = messages.NO_ANSWER
        wording = unit.wording()
        chosen = await reader_in_words(unit, patient.id, Subject.REMARKS, wording)
        reader = chosen or await clinician_name(unit, enrolment.clinician_id)
        text = wording("own.not_understood", clinician=reader)
        await turn(unit, patient, done(wording, text), message_id=None)
    return True


async def take_behind_command(unit: Unit, patient: Person, place: Place, words: str) -> bool:
    """Take words that stand behind a page's command; False where that page takes none, or not from this person."""
    enrolment = await people.enrolment(unit.session, patient.id)
    takes_part = enrolment is not None and enrolment.state not in {EnrolmentState.INVITED, *ENDED}
    if enrolment is None or not takes_part or place not in TAKES_WORDS:
        return False
    await ask_nothing_more(unit, patient)
    await take(unit, patient, enrolment, place, words)
    return True


async def ask_nothing_more(unit: Unit, patient: Person) -> None:
    """Something else was done in between: what is typed next answers no page any more."""
    await preferences.wait_for(unit.session, patient.id, None, now=unit.now)


def _still_waiting(place: Place) -> Place | None:
    """A city that was found is offered, and another may be typed instead; everything else is settled."""
    return Place.ZONE if place is Place.ZONE else None


async def take(unit: Unit, patient: Person, enrolment: Enrolment, place: Place, words: str) -> bool:
    """Do what was typed for a page; False, with a sentence that says how, where nobody can read it."""
    match place:
        case Place.PAUSE:
            understood = await take_part.pause(unit, patient, words)
        case Place.TIME:
            understood = await own_choices.choose_time(unit, patient, enrolment, words, message_id=None)
        case Place.QUIET:
            chosen = words if words.strip().casefold() != OFF else OFF
            understood = await own_choices.choose_quiet(unit, patient, enrolment, chosen, message_id=None)
        case Place.ZONE:
            return await search_zone(unit, patient, words)
        case Place.GOALS:
            return await own_goals.keep(unit, patient, words)
        case _:
            return False
    if not understood:
        wording = unit.wording()
        await turn(unit, patient, done(wording, wording(NOT_UNDERSTOOD[place])), message_id=None)
    return understood
