"""The pages of the menu: what a patient can look at and decide, opened by a command or by a button."""

from zoneinfo import available_timezones

from alliance.access import About, Action, allowed
from alliance.enrolment import ENDED, EnrolmentState, may_become
from alliance.local_time import find_zones, local_day
from alliance.own_hours import in_words
from alliance.own_menu import (
    OPEN,
    RESUME,
    WHO_DOES_NOT,
    WHO_TAKES_PART,
    Standing,
    data_page,
    done,
    forget_page,
    language_page,
    leave_page,
    menu,
    pause_page,
    quiet_page,
    time_page,
    zone_page,
    zones_found,
)
from alliance.presses import Decide, Place
from alliance.saying import Saying
from storage import people, preferences
from storage.tables import Enrolment, Person
from workflows import own_choices, own_goals, own_readers, take_part
from workflows.own_record import send_record
from workflows.page import turn
from workflows.unit import Unit
from workflows.words import clock_time, day_in_words

TAKES_SOMETHING_TYPED = frozenset({Place.PAUSE, Place.TIME, Place.ZONE, Place.QUIET})
MINUTE = 60  # seconds


async def show(unit: Unit, patient: Person, place: Place, *, message_id: int | None = None) -> None:
    """Show a page; what somebody who does not take part cannot decide is not shown to them."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None:
        return
    takes_part = enrolment.state not in {EnrolmentState.INVITED, *ENDED}
    await preferences.wait_for(unit.session, patient.id, None, now=unit.now)
    if place is Place.MENU:
        places = WHO_TAKES_PART if takes_part else WHO_DOES_NOT
        await turn(unit, patient, menu(unit.wording(), places), message_id=message_id)
    elif not takes_part and place not in WHO_DOES_NOT:
        await turn(unit, patient, done(unit.wording(), unit.wording()("own.not_taking_part")), message_id=message_id)
    elif place is Place.GOALS:
        await own_goals.show(unit, patient, message_id=message_id)
    else:
        if place in TAKES_SOMETHING_TYPED:
            await preferences.wait_for(unit.session, patient.id, place, now=unit.now)
        await turn(unit, patient, await _page(unit, patient, enrolment, place), message_id=message_id)


async def _page(unit: Unit, patient: Person, enrolment: Enrolment, place: Place) -> Saying:
    wording = unit.wording()
    if place in own_readers.PLACES:
        return await own_readers.page(unit, patient, place)
    match place:
        case Place.PAUSE:
            return _pause(unit, patient, enrolment)
        case Place.TIME:
            return time_page(wording, now=enrolment.at[0] if len(enrolment.at) == 1 else None)
        case Place.ZONE:
            return zone_page(wording, zone=patient.zone, time_there=clock_time(unit.now, patient.zone))
        case Place.LANGUAGE:
            spoken = unit.clinic.wordings.languages
            return language_page(wording, {one: unit.wording(one)("own.language.name") for one in spoken})
        case Place.QUIET:
            own = await preferences.own_quiet(unit.session, patient.id)
            return quiet_page(wording, clinic=in_words(unit.clinic.quiet), own=in_words(own) if own else None)
        case Place.DATA:
            return data_page(wording)
        case Place.LEAVE:
            return leave_page(wording)
        case Place.FORGET:
            return forget_page(wording, asked_in=int(unit.now.timestamp()) // MINUTE)
        case _:
            return menu(wording)


def _pause(unit: Unit, patient: Person, enrolment: Enrolment) -> Saying:
    wording, until = unit.wording(), enrolment.paused_until
    is_paused = enrolment.state == EnrolmentState.PAUSED
    if not is_paused and not may_become(EnrolmentState(enrolment.state), EnrolmentState.PAUSED):
        return done(wording, wording("pause.not_now"))
    standing = Standing(is_paused=is_paused, until=day_in_words(until, wording) if until else None)
    return pause_page(wording, standing, today=local_day(unit.now, patient.zone))


async def decide(  # noqa: C901  # one line for each page
    unit: Unit, patient: Person, press: Decide, *, message_id: int | None
) -> bool:
    """Do what was chosen on a page; False where the choice says nothing any more."""
    enrolment = await people.enrolment(unit.session, patient.id)
    about = About(patient_id=patient.id)
    if enrolment is None or not allowed(unit.actor, Action.DECIDE_FOR_ONESELF, about):
        return False
    takes_part = enrolment.state not in {EnrolmentState.INVITED, *ENDED}
    if not takes_part and press.place not in WHO_DOES_NOT:
        return False
    await preferences.wait_for(unit.session, patient.id, None, now=unit.now)
    if press.place in own_readers.PLACES:
        return await own_readers.decide(unit, patient, press, message_id=message_id)
    match press.place:
        case Place.PAUSE:
            return await _decide_pause(unit, patient, press.choice, message_id=message_id)
        case Place.TIME:
            return await own_choices.choose_time(unit, patient, enrolment, press.choice, message_id=message_id)
        case Place.ZONE:
            return await own_choices.choose_zone(unit, patient, enrolment, press.choice, message_id=message_id)
        case Place.LANGUAGE:
            return await own_choices.choose_language(unit, patient, press.choice, message_id=message_id)
        case Place.QUIET:
            return await own_choices.choose_quiet(unit, patient, enrolment, press.choice, message_id=message_id)
        case Place.GOALS:
            return await own_goals.decide(unit, patient, press.choice, message_id=message_id)
        case Place.DATA:
            await send_record(unit, patient)
            return True
        case _:
            return False


async def _decide_pause(unit: Unit, patient: Person, choice: str, *, message_id: int | None) -> bool:
    if choice == RESUME:
        await take_part.resume(unit, patient, message_id=message_id)
        return True
    # a button of long ago carries a day that has passed, and begins no break
    return await take_part.pause(unit, patient, "" if choice == OPEN else choice, message_id=message_id)


async def search_zone(unit: Unit, patient: Person, words: str) -> bool:
    """Offer the zones that fit a city that was typed; False when none does."""
    zones = find_zones(words, available_timezones())
    await turn(unit, patient, zones_found(unit.wording(), zones), message_id=None)
    return bool(zones)
