"""The pages of the menu about readers: who reads what, who could instead, and whether being read is told."""

from alliance.own_menu import OFF, ON, READERS_OF, back_to_who, reader_choices, reading_page, who_page
from alliance.presses import Decide, Place
from alliance.readers import readers_page
from alliance.saying import Saying
from storage import preferences
from storage.tables import Person
from workflows.choose_readers import choose, names_of, since_in_words
from workflows.meanwhile import everybody_away_for
from workflows.page import turn
from workflows.sights import care_of
from workflows.tell_read import tell_nothing_queued
from workflows.unit import Unit

PLACES = frozenset({Place.WHO, Place.READING, *READERS_OF})


async def page(unit: Unit, patient: Person, place: Place) -> Saying:
    """One of these pages as it stands."""
    if place is Place.READING:
        return reading_page(unit.wording(), is_on=await preferences.hears_of_reading(unit.session, patient.id))
    return await (_who(unit, patient) if place is Place.WHO else _readers(unit, patient, place))


async def decide(unit: Unit, patient: Person, press: Decide, *, message_id: int | None) -> bool:
    """Do what was chosen on one of them; False where the choice says nothing any more."""
    if press.place is Place.READING and press.choice in {ON, OFF}:
        await preferences.hear_of_reading(unit.session, patient.id, is_on=press.choice == ON)
        if press.choice == OFF:
            await tell_nothing_queued(unit, patient.id)
        saying = reading_page(unit.wording(), is_on=press.choice == ON)
    elif press.place in READERS_OF and await choose(unit, patient, READERS_OF[press.place], press.choice):
        saying = await _readers(unit, patient, press.place, is_new=True)
    else:
        return False
    await turn(unit, patient, saying, message_id=message_id)
    return True


async def _who(unit: Unit, patient: Person) -> Saying:
    care = await care_of(unit, patient.id)
    time = care.clinician.digest_at or f"{unit.clinic.digest_at:%H:%M}"
    wording = unit.wording()
    away = await everybody_away_for(unit, patient.id, wording)
    return who_page(wording, await names_of(unit, care), care.routing, at=unit.now, time=time, away=away)


async def _readers(unit: Unit, patient: Person, place: Place, *, is_new: bool = False) -> Saying:
    wording, subject, care = unit.wording(), READERS_OF[place], await care_of(unit, patient.id)
    names = await names_of(unit, care)
    return readers_page(
        wording,
        names,
        subject,
        care.routing.latest(subject, at=unit.now),
        chosen_on=await since_in_words(unit, care, subject, patient.zone),
        choices=reader_choices(place, names),
        back=back_to_who(wording),
        is_new=is_new,
    )
