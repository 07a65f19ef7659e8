"""A patient looks around in a check-in before answering: who reads it, a later time, what was given before."""

from datetime import UTC, datetime, timedelta

from alliance.access import About, Action, allowed
from alliance.asking import question_again
from alliance.beside_asking import (
    MINUTE,
    READERS_OF,
    back_to_who,
    change_request,
    later_request,
    put_off,
    reader_choices,
    who_reads,
)
from alliance.checkin import ANSWERABLE, CheckinState, Standing
from alliance.checkin_presses import AN_HOUR_FROM_THE_TAP, ChooseReader, Look, PutOff, Reopen, Turn
from alliance.enrolment import ENDED
from alliance.putting_off import IN_A_WHILE, may_come_back, offers, window
from alliance.readers import readers_page
from storage import checkins, people
from storage.tables import Checkin, Person
from workflows import choose_readers
from workflows.meanwhile import everybody_away_for
from workflows.own_goals import to_name
from workflows.show_checkin import Page, put, show_where_it_stands, standing_of
from workflows.sights import care_of
from workflows.speak import Answered
from workflows.unit import Unit
from workflows.whom_it_means import named_in
from workflows.words import day_and_time

ONE_MORE_DAY = timedelta(days=1)


async def own_checkin(unit: Unit, checkin_id: int) -> Checkin | None:
    """The check-in of that id, if it is for the person of this unit to answer."""
    checkin = await checkins.get(unit.session, checkin_id)
    if checkin is None or not allowed(unit.actor, Action.ANSWER_CHECKIN, About(patient_id=checkin.patient_id)):
        return None
    return checkin


async def is_within_reach(unit: Unit, checkin: Checkin, standing: Standing) -> bool:
    """Whether this check-in can still be changed: its time is not over, and its patient has not left."""
    enrolment = await people.enrolment(unit.session, checkin.patient_id)
    return enrolment is not None and enrolment.state not in ENDED and standing.is_changeable(unit.now)


def touch(unit: Unit, checkin: Checkin, *, message_id: int) -> None:
    """A tap proves that the question arrived, and the check-in goes on in the message that was tapped."""
    if checkin.state in ANSWERABLE and unit.now < checkin.expires_at:  # one that an outage ended stays uncertain
        checkin.state = CheckinState.OPEN
    if checkin.delivered_at is None:
        checkin.delivered_at = unit.now
    checkin.message_id = message_id or checkin.message_id


async def turn(unit: Unit, patient: Person, press: Turn, *, message_id: int) -> Answered | None:
    """Turn the message to something else or back; what was to be said about that, if anything."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return Answered(said="toast.unknown")
    standing = await standing_of(unit, checkin)
    if press.to not in {Look.WHO, *READERS_OF} and not await is_within_reach(unit, checkin, standing):
        return await _too_late(unit, patient, checkin, message_id=message_id)
    if standing.is_changeable(unit.now):
        touch(unit, checkin, message_id=message_id)
    match press.to:
        case Look.WHO:
            await _show_who(unit, patient, checkin, message_id=message_id)
        case Look.BOND_READERS | Look.REMARK_READERS:
            await _show_readers(unit, patient, checkin, press.to, message_id=message_id)
        case Look.LATER if standing.state in ANSWERABLE and standing.waiting_for is not None:
            await _show_later(unit, patient, checkin, message_id=message_id)
        case Look.CHANGE if standing.is_touched:
            await _show_change(unit, patient, checkin, standing, message_id=message_id)
        case _:
            await show_where_it_stands(unit, patient, checkin, message_id=message_id)
    return None


async def reopen(unit: Unit, patient: Person, press: Reopen, *, message_id: int) -> Answered | None:
    """Show one item again, with what was chosen, so that it can be changed."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return Answered(said="toast.unknown")
    standing = await standing_of(unit, checkin)
    if not await is_within_reach(unit, checkin, standing):
        return await _too_late(unit, patient, checkin, message_id=message_id)
    item = standing.instrument.item(press.item_id)
    if item is None or not (item.id in standing.ratings or item.id in standing.skipped):
        return Answered(said="toast.unknown")
    touch(unit, checkin, message_id=message_id)
    named = await named_in(unit, checkin)
    saying = question_again(
        unit.wording(checkin.language),
        standing,
        item,
        checkin_id=checkin.id,
        clinician=named.clinician,
        bond_with=named.bond_with,
        goals=await to_name(unit, patient.id, item),
    )
    await put(unit, patient, checkin, saying, page=f"{Page.AGAIN}{item.id}", message_id=message_id)
    return None


async def come_back_later(unit: Unit, patient: Person, press: PutOff, *, message_id: int) -> Answered:
    """Come back with the check-in at another time; the due time is kept with it, so that a restart loses nothing."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return Answered(said="toast.unknown")
    standing = await standing_of(unit, checkin)
    if not await is_within_reach(unit, checkin, standing):
        return await _too_late(unit, patient, checkin, message_id=message_id)
    touch(unit, checkin, message_id=message_id)
    if standing.waiting_for is None:
        await show_where_it_stands(unit, patient, checkin, message_id=message_id)
        return Answered(said="toast.finished_before")
    at = _meant(press.minute, now=unit.now)
    longest = await _longest(unit, checkin)
    if at is None or not may_come_back(
        at,
        now=unit.now,
        expires_at=checkin.expires_at,
        zone=patient.zone,
        quiet=unit.clinic.quiet,
        longest=longest,
    ):
        await _show_later(unit, patient, checkin, message_id=message_id)
        return Answered(said="checkin.toast.no_longer")
    checkin.remind_at = checkin.later_at = at
    checkin.expires_at = window(at, expires_at=checkin.expires_at, zone=patient.zone, longest=longest)
    await unit.session.flush()
    wording = unit.wording(checkin.language)
    saying = put_off(wording, checkin_id=checkin.id, when=day_and_time(at, patient.zone, wording))
    await put(unit, patient, checkin, saying, page=Page.PUT_OFF, message_id=message_id)
    return Answered(said="checkin.toast.set")


async def _longest(unit: Unit, checkin: Checkin) -> datetime:
    """How far the window of a check-in may be lengthened: to the next one, or by a day where none is planned."""
    enrolment = await people.enrolment(unit.session, checkin.patient_id)
    planned = enrolment.next_due_at if enrolment else None
    return planned or checkin.expires_at + ONE_MORE_DAY


def _meant(minute: int, *, now: datetime) -> datetime | None:
    if minute == AN_HOUR_FROM_THE_TAP:
        return now + IN_A_WHILE
    try:
        return datetime.fromtimestamp(minute * MINUTE, UTC)
    except (OverflowError, ValueError, OSError):
        return None  # a year that no calendar has


async def _too_late(unit: Unit, patient: Person, checkin: Checkin, *, message_id: int) -> Answered:
    await show_where_it_stands(unit, patient, checkin, message_id=message_id)
    return Answered(said="toast.too_late")


async def _show_who(unit: Unit, patient: Person, checkin: Checkin, *, message_id: int) -> None:
    care = await care_of(unit, patient.id)
    names, named = await choose_readers.names_of(unit, care), await named_in(unit, checkin)
    wording = unit.wording(checkin.language)
    saying = who_reads(
        wording,
        names,
        care.routing,
        checkin_id=checkin.id,
        at=unit.now,
        bond_with=named.bond_with,
        away=await everybody_away_for(unit, patient.id, wording),
    )
    await put(unit, patient, checkin, saying, page=Page.WHO, message_id=message_id)


async def choose_reader(unit: Unit, patient: Person, press: ChooseReader, *, message_id: int) -> Answered:
    """Somebody else reads it from the next answer on; the page shows who reads what now."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return Answered(said="toast.unknown")
    if not await choose_readers.choose(unit, patient, press.subject, press.audience):
        return Answered(said="toast.no_longer_open")
    await _show_who(unit, patient, checkin, message_id=message_id)
    return Answered(said="readers.toast")


async def _show_readers(unit: Unit, patient: Person, checkin: Checkin, look: Look, *, message_id: int) -> None:
    care, subject, wording = await care_of(unit, patient.id), READERS_OF[look], unit.wording(checkin.language)
    names = await choose_readers.names_of(unit, care)
    saying = readers_page(
        wording,
        names,
        subject,
        care.routing.latest(subject, at=unit.now),
        chosen_on=await choose_readers.since_in_words(unit, care, subject, patient.zone),
        choices=reader_choices(checkin.id, subject, names),
        back=back_to_who(wording, checkin_id=checkin.id),
    )
    await put(unit, patient, checkin, saying, page=f"page:{look}", message_id=message_id)


async def _show_later(unit: Unit, patient: Person, checkin: Checkin, *, message_id: int) -> None:
    possible = offers(
        now=unit.now,
        expires_at=checkin.expires_at,
        zone=patient.zone,
        quiet=unit.clinic.quiet,
        longest=await _longest(unit, checkin),
    )
    saying = later_request(
        unit.wording(checkin.language),
        possible,
        checkin_id=checkin.id,
        zone=patient.zone,
        expires_at=checkin.expires_at,
    )
    await put(unit, patient, checkin, saying, page=Page.LATER, message_id=message_id)


async def _show_change(unit: Unit, patient: Person, checkin: Checkin, standing: Standing, *, message_id: int) -> None:
    named = await named_in(unit, checkin)
    saying = change_request(
        unit.wording(checkin.language),
        standing,
        checkin_id=checkin.id,
        clinician=named.clinician,
        bond_with=named.bond_with,
    )
    await put(unit, patient, checkin, saying, page=Page.CHANGE, message_id=message_id)
