"""After a low answer one gentle question, and what the person would like to happen; both go to the care team."""

from alliance.checkin import Standing
from alliance.checkin_presses import SayWhy, SayWish
from alliance.follow_up import CHOICES, low_items
from alliance.items import Domain
from storage import follow_ups
from storage.tables import Checkin, Person
from workflows.keep_course import usual_of
from workflows.look_around import is_within_reach, own_checkin
from workflows.show_checkin import chosen_of, show_where_it_stands, standing_of
from workflows.speak import Answered
from workflows.unit import Unit
from workflows.whom_it_means import is_about_the_primary


async def ask_about_low_answers(unit: Unit, patient: Person, checkin: Checkin, standing: Standing) -> bool:
    """Ask once in each domain with a low answer; whether there is something new to ask.

    What is not low any more, because it was changed, is not asked about; what was chosen before stays.
    """
    usuals = await usual_of(unit, patient.id)
    if not is_about_the_primary(checkin):  # the usual is that of another bond
        usuals = {domain: usual for domain, usual in usuals.items() if domain is not Domain.BOND}
    low = {item.domain: item for item in low_items(standing.instrument, standing.ratings, usuals=usuals)}
    for asked in await follow_ups.of(unit.session, checkin.id):
        if asked.concern is None and asked.domain not in low:
            await follow_ups.take_back(unit.session, asked)
    return any(
        [
            await follow_ups.offer(unit.session, checkin.id, domain=domain, item_id=item.id, now=unit.now)
            for domain, item in low.items()
        ]
    )


async def say_why(unit: Unit, patient: Person, press: SayWhy, *, message_id: int) -> Answered:
    """What lies behind a low answer, as far as a tap can say it; another tap is a change of mind."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None or press.concern not in CHOICES[press.domain]:
        return Answered(said="toast.unknown")
    asked = next((one for one in await follow_ups.of(unit.session, checkin.id) if one.domain == press.domain), None)
    if asked is None:
        return Answered(said="toast.unknown")
    late = await _too_late(unit, checkin)
    if late is None and asked.concern != press.concern:
        checkin.message_id = message_id or checkin.message_id
        await follow_ups.choose(unit.session, asked, press.concern, now=unit.now)
    await show_where_it_stands(unit, patient, checkin, message_id=message_id)
    return late or Answered(said="checkin.toast.noted")


async def say_wish(unit: Unit, patient: Person, press: SayWish, *, message_id: int) -> Answered:
    """What should follow: it is passed on as said, and nothing is promised."""
    checkin = await own_checkin(unit, press.checkin_id)
    if checkin is None or not chosen_of(await follow_ups.of(unit.session, checkin.id)):
        return Answered(said="toast.unknown")
    late = await _too_late(unit, checkin)
    if late is None and checkin.wish != press.wish:
        checkin.message_id = message_id or checkin.message_id
        checkin.wish, checkin.wished_at = press.wish, unit.now
        await unit.session.flush()
    await show_where_it_stands(unit, patient, checkin, message_id=message_id)
    return late or Answered(said="checkin.toast.noted")


async def _too_late(unit: Unit, checkin: Checkin) -> Answered | None:
    """Why a choice no longer counts: the check-in has closed, or was left at that."""
    if not await is_within_reach(unit, checkin, await standing_of(unit, checkin)):
        return Answered(said="toast.too_late")
    return None if checkin.remark_open else Answered(said="toast.finished_before")
