"""A patient taps or types a number, skips an item or changes an answer: stored at once, and the message goes on."""

from alliance.checkin import (
    CheckinState,
    NotOffered,
    Outcome,
    Recorded,
    Repeated,
    Skipped,
    Standing,
    TooLate,
    accept,
    skip,
)
from alliance.checkin_presses import Change, Skip
from alliance.presses import Rate
from storage import answers, checkins
from storage.tables import Checkin, Person
from workflows.after_outage import make_up_for_it
from workflows.close_checkin import finish
from workflows.follow_up import ask_about_low_answers
from workflows.look_around import is_within_reach, own_checkin, touch
from workflows.notice_ruptures import notice
from workflows.propose_zone import ask_about_the_clock
from workflows.show_checkin import show_where_it_stands, standing_of
from workflows.unit import Unit
from workflows.whom_it_means import seen_in


async def take_tap(unit: Unit, patient: Person, press: Rate, *, message_id: int) -> Outcome:
    """A tap on a number: stored at once, and the message goes on to what comes next."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return NotOffered()
    standing = await standing_of(unit, checkin)
    outcome = accept(standing, item_id=press.item_id, rating=press.rating, now=unit.now)
    return await _take(unit, patient, checkin, standing, outcome, message_id=message_id)


async def take_change(unit: Unit, patient: Person, press: Change, *, message_id: int) -> Outcome:
    """Another number for an item that was shown again, before or after the check-in was finished."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return NotOffered()
    standing = await standing_of(unit, checkin)
    outcome = await changed(unit, checkin, standing, item_id=press.item_id, rating=press.rating)
    return await _take(unit, patient, checkin, standing, outcome, message_id=message_id)


async def take_skip(unit: Unit, patient: Person, press: Skip, *, message_id: int) -> Outcome:
    """An item is passed over, without penalty; it is remembered."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None:
        return NotOffered()
    standing = await standing_of(unit, checkin)
    outcome = skip(standing, item_id=press.item_id, now=unit.now)
    return await _take(unit, patient, checkin, standing, outcome, message_id=message_id)


async def changed(unit: Unit, checkin: Checkin, standing: Standing, *, item_id: str, rating: int) -> Outcome:
    """What another number for an item does that was shown again; nothing once its patient has left."""
    if not await is_within_reach(unit, checkin, standing):
        return TooLate()
    return accept(standing, item_id=item_id, rating=rating, now=unit.now, asked_to_change=True)


async def record(
    unit: Unit,
    patient: Person,
    checkin: Checkin,
    standing: Standing,
    outcome: Recorded | Skipped,
    *,
    message_id: int | None,
    is_typed: bool = False,
) -> None:
    """Keep what was given, and bring the message to what comes next."""
    make_up_for_it(unit, checkin)
    touch(unit, checkin, message_id=message_id or 0)
    match outcome:
        case Recorded(item=item, rating=rating):
            after = standing.answered(item.id, rating)
            await answers.record_answer(
                unit.session,
                checkin.id,
                item_id=item.id,
                domain=item.domain,
                rating=rating,
                fraction=standing.instrument.fraction(item, rating),
                now=unit.now,
                message_id=checkin.message_id,
                is_typed=is_typed,
                seen=seen_in(checkin, item),
            )
        case Skipped(item=item):
            after = standing.passed_over(item.id)
            await answers.record_skip(unit.session, checkin.id, item_id=item.id, domain=item.domain, now=unit.now)
    if outcome.then is None:
        await complete(unit, patient, checkin, after)
    await unit.session.flush()
    await show_where_it_stands(unit, patient, checkin, message_id=message_id, after=after)


async def nothing_to_add(unit: Unit, patient: Person, checkin_id: int, *, message_id: int) -> bool:
    """The check-in ends without a sentence; False when it is not this patient's or has ended before."""
    checkin = await own_checkin(unit, checkin_id)
    if checkin is None or not checkin.remark_open:
        return False
    checkin.message_id = message_id or checkin.message_id
    await finish(unit, patient, checkin)
    return True


async def _take(
    unit: Unit, patient: Person, checkin: Checkin, standing: Standing, outcome: Outcome, *, message_id: int
) -> Outcome:
    match outcome:
        case Recorded() | Skipped():
            await record(unit, patient, checkin, standing, outcome, message_id=message_id)
            await ask_about_the_clock(unit, patient)
        case Repeated() | TooLate():  # also in another copy of the message, which then shows where it stands
            await show_where_it_stands(unit, patient, checkin, message_id=message_id)
        case NotOffered():
            pass
    return outcome


async def complete(unit: Unit, patient: Person, checkin: Checkin, standing: Standing) -> None:
    """Nothing is left to ask but what follows; an answer changed later is looked at anew."""
    is_first = checkin.completed_at is None
    if is_first:
        checkins.end(checkin, CheckinState.ANSWERED, at=unit.now)
        checkin.completed_at, checkin.remark_open = unit.now, True
    await unit.session.flush()
    await notice(unit, patient, checkin)
    if await ask_about_low_answers(unit, patient, checkin, standing) and not is_first:
        checkin.remark_open = True
