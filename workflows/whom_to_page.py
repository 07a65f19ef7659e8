"""Whom an alert is to be told to, in order, as far as they can be reached; nobody on call is told aloud."""

from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import Lane
from alliance.people import Role
from alliance.saying import Saying
from storage import people, rota
from storage.tables import Alert, Person
from workflows.in_reach import can_be_reached
from workflows.speak import say
from workflows.unit import Unit
from workflows.who_stands_in import stand_in_for
from workflows.words import who_it_is

_OTHERS = (Role.COORDINATOR, Role.LEAD)  # where those who care for the patient are not enough

log = structlog.get_logger()


async def order_for(unit: Unit, alert: Alert) -> tuple[int, ...]:
    """Whom to page about an alert, in order, as far as they can be reached.

    Those on shift and then the clinic's standing on-call order, then the patient's clinician or whoever stands in
    for her, then coordinators and leads, and last of all a clinician who is away; for a stranger coordinators and
    leads first.
    """
    carers = list(await rota.on_call_now(unit.session, now=unit.now))
    others = await _in_roles(unit.session, *_OTHERS, now=unit.now)
    if alert.patient_id is None:
        wanted = [*others, *carers]
    else:
        hers, on_leave = await _clinician_and_stand_in(unit, alert.patient_id)
        wanted = [*carers, *hers, *others, *on_leave]
    return tuple([person.id for person in await _reachable(unit.session, wanted) if person.id != alert.patient_id])


async def _clinician_and_stand_in(unit: Unit, patient_id: int) -> tuple[list[int], list[int]]:
    """Who is there for a patient, and, apart from them, the clinician who is away."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None:
        return [], []
    clinician = await people.get(unit.session, enrolment.clinician_id)
    if await people.has_left(unit.session, clinician.id, now=unit.now):
        return [], []
    reader = await stand_in_for(unit, clinician, unit.now)
    if reader is not None and reader.id == enrolment.clinician_id:
        return [reader.id], []
    return ([reader.id] if reader else []), [enrolment.clinician_id]


async def reachable_staff(session: AsyncSession, *, now: datetime) -> tuple[tuple[int, str], ...]:
    """Chats and languages of everybody to page when the database can no longer be asked."""
    wanted = [*await rota.on_call_now(session, now=now), *await _in_roles(session, *_OTHERS, Role.CLINICIAN, now=now)]
    staff = await _reachable(session, wanted)
    return tuple((person.chat_id, person.language) for person in staff if person.chat_id is not None)


async def say_if_nobody_is_on_call(unit: Unit, alert: Alert) -> None:
    """Tell coordinators and leads, once for each alert, that its page goes to others than those on call."""
    on_call = await rota.on_call_now(unit.session, now=unit.now)
    if await _reachable(unit.session, list(on_call)):
        return
    log.critical("nobody_on_call", alert=alert.id)
    told = await _in_roles(unit.session, *_OTHERS, now=unit.now)
    for person in await _reachable(unit.session, told):
        wording = unit.wording(person.language)
        text = wording("alert.nobody_on_call", who=await who_it_is(unit, alert, wording))
        key = f"nobody_on_call:{alert.id}:{person.id}"
        await say(unit, person, Saying(text=text, protected=True), lane=Lane.SAFETY, key=key)


async def _in_roles(session: AsyncSession, *roles: Role, now: datetime) -> list[int]:
    found = await people.in_roles(session, roles, now=now)
    return [person.id for holders in found.values() for person in holders]


async def _reachable(session: AsyncSession, wanted: list[int]) -> list[Person]:
    return [person for person in await people.some(session, wanted) if can_be_reached(person)]
