"""A check-in comes to its end, kindly: thanks when it was answered, no blame when it was not."""

from alliance.checkin import CheckinState
from storage import checkins, follow_ups, people
from storage.tables import Checkin, Person
from workflows.after_outage import is_unheard
from workflows.notice_ruptures import notice
from workflows.show_checkin import show_where_it_stands, standing_of
from workflows.unit import Unit


async def close(unit: Unit, checkin: Checkin) -> None:
    """The time for a check-in is over, or its patient is not asked any more: whatever was given counts."""
    patient = await people.get(unit.session, checkin.patient_id)
    if checkin.state == CheckinState.ANSWERED:
        await finish(unit, patient, checkin)
        return
    if checkin.state == CheckinState.UNCERTAIN:
        return  # nobody can know whether it arrived: it stays uncertain
    if checkin.state == CheckinState.QUEUED:
        checkins.end(checkin, CheckinState.MISSED, at=unit.now)  # it never left us
        return
    standing = await standing_of(unit, checkin)
    if patient.blocked_at is not None and not standing.is_touched:
        checkins.end(checkin, CheckinState.UNDELIVERABLE, at=unit.now)  # told as such, and not as silence too
        return
    if not standing.is_touched and await is_unheard(unit):
        checkins.end(checkin, CheckinState.UNCERTAIN, at=unit.now)  # perhaps answered: a tap is lost then
        return
    checkins.end(checkin, CheckinState.EXPIRED, at=unit.now)
    await unit.session.flush()
    await show_where_it_stands(unit, patient, checkin, message_id=None)
    await notice(unit, patient, checkin)


async def finish(unit: Unit, patient: Person, checkin: Checkin) -> None:
    """An answered check-in takes no sentence any more, leaves open what was not said, and says thanks."""
    checkin.remark_open = False
    await follow_ups.leave_open(unit.session, checkin.id, now=unit.now)
    await unit.session.flush()
    await show_where_it_stands(unit, patient, checkin, message_id=None)
