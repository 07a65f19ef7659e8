"""A flag that nobody touches goes to whoever stands in for the clinician, after some of her working days."""

from datetime import date, timedelta

from alliance.acting import USUAL_WEEK, Held, whole_working_days_between, works_on
from alliance.delivery import Lane
from alliance.digest_words import shown
from alliance.local_time import local_day, local_time
from alliance.people import Role
from alliance.saying import Saying
from storage import acting, audit, people
from storage.acting import Untouched
from storage.tables import Person
from workflows.next_in_line import next_in_line
from workflows.show_flag import OnCard, card_of
from workflows.speak import say
from workflows.unit import Unit


async def send_due(unit: Unit) -> int:
    """Tell whoever stands in of each flag that has waited too long, and again after as long; how many were told.

    A day is counted when it is one of the working days of whoever should look, and whole. Whoever stands in may act
    from then on; so may the clinician.
    """
    before = unit.now - timedelta(days=unit.clinic.untouched_after)
    told = 0
    for found in await acting.untouched(unit.session, before=before):
        told += await _look(unit, found)
    return told


async def _look(unit: Unit, found: Untouched) -> int:
    held = found.holder
    responsible = await people.get(
        unit.session, held.person_id if held and held.held == Held.HANDED_OVER else found.flag.clinician_id
    )
    today = local_day(unit.now, responsible.zone)
    waited = whole_working_days_between(
        _untouched_since(found, responsible), today, working_days=responsible.working_days
    )
    at_hour = local_time(unit.now, responsible.zone) >= unit.clinic.digest_at
    if waited < unit.clinic.untouched_after or not at_hour or not works_on(today, USUAL_WEEK):
        return 0
    stand_in = await next_in_line(unit, responsible.id)
    if stand_in is None:
        await _tell_coordinators(unit, found, responsible, waited=waited)
        return 0
    await _tell(unit, found, stand_in, today=today)
    return 1


def _untouched_since(found: Untouched, responsible: Person) -> date:
    """The day of the latest thing that happened to it: raised, put off until, handed over, told of."""
    zone = responsible.zone
    days = [local_day(found.flag.raised_at, zone)]
    if found.put_off_until is not None:
        days.append(found.put_off_until)
    if found.holder is not None:
        days.append(found.holder.told_on or local_day(found.holder.since, zone))
    return max(days)


async def _tell(unit: Unit, found: Untouched, stand_in: Person, *, today: date) -> None:
    await acting.hand_to(
        unit.session,
        found.flag.id,
        person_id=stand_in.id,
        held=Held.ESCALATED,
        by_id=None,
        told_on=today,
        now=unit.now,
    )
    at = OnCard(
        flag=found.flag,
        patient=await people.get(unit.session, found.flag.patient_id),
        reader=stand_in,
        digest_id=0,
        message_id=None,
    )
    await say(
        unit,
        stand_in,
        await card_of(unit, at),
        lane=Lane.DIGEST,
        key=f"escalated:{found.flag.id}:{today}:{stand_in.id}",
    )
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=None,
        action="flag_escalated",
        object_kind="flag",
        object_id=found.flag.id,
        detail={"person": stand_in.id},
    )


async def _tell_coordinators(unit: Unit, found: Untouched, responsible: Person, *, waited: int) -> None:
    """There is nobody it could go to; whoever can change that is told, without a word about the patient."""
    for other in await people.in_role(unit.session, Role.COORDINATOR, now=unit.now):
        wording = unit.wording(other.language)
        text = wording("acting.escalated.no_lead", who=shown(responsible.code_name), count=waited)
        await say(unit, other, Saying(text=text), lane=Lane.DIGEST, key=f"no_lead:{found.flag.id}:{other.id}")
