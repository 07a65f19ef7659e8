"""A check-in comes to its end, kindly: thanks when it was answered, no blame when it was not."""

from alliance.asking import closed, finished
from alliance.checkin import CheckinState
from alliance.saying import Saying
from storage import checkins, people
from storage.tables import Checkin, Person
from workflows.after_outage import is_unheard
from workflows.notice_ruptures import notice
from workflows.speak import change
from workflows.unit import Unit
from workflows.words import clinician_name, next_checkin_in_words


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
    given = await checkins.ratings(unit.session, checkin.id)
    if patient.blocked_at is not None and not given:
        checkins.end(checkin, CheckinState.UNDELIVERABLE, at=unit.now)  # told as such, and not as silence too
        return
    if not given and await is_unheard(unit):
        checkins.end(checkin, CheckinState.UNCERTAIN, at=unit.now)  # perhaps answered: a tap is lost then
        return
    checkins.end(checkin, CheckinState.EXPIRED, at=unit.now)
    enrolment = await people.enrolment(unit.session, patient.id)
    wording = unit.wording(checkin.language)
    coming = next_checkin_in_words(patient, enrolment, wording) if enrolment else None
    saying = closed(wording, answered=bool(given), next_on=coming)
    await _put(unit, patient, checkin, saying, key=closed_key(checkin))
    await unit.session.flush()
    await notice(unit, patient, checkin)


async def finish(unit: Unit, patient: Person, checkin: Checkin) -> None:
    """An answered check-in takes no sentence any more, and says thanks."""
    checkin.remark_open = False
    await unit.session.flush()
    await _put(unit, patient, checkin, await thanks(unit, patient, checkin), key=finished_key(checkin))


async def thanks(unit: Unit, patient: Person, checkin: Checkin) -> Saying:
    """What a finished check-in says: thanks, who reads it, what comes next."""
    enrolment = await people.enrolment(unit.session, patient.id)
    wording = unit.wording(checkin.language)
    coming = next_checkin_in_words(patient, enrolment, wording) if enrolment else None
    clinician = await clinician_name(unit, checkin.clinician_id)
    return finished(wording, clinician=clinician, next_on=coming)


def finished_key(checkin: Checkin) -> str:
    """What the thanks in a message of this check-in are for."""
    return f"checkin:{checkin.id}:finished"


def closed_key(checkin: Checkin) -> str:
    """What the closing of a message of this check-in is for."""
    return f"checkin:{checkin.id}:closed"


async def _put(unit: Unit, patient: Person, checkin: Checkin, saying: Saying, *, key: str) -> None:
    if checkin.message_id is not None:
        await change(unit, patient, checkin.message_id, saying, key=key, checkin_id=checkin.id)
