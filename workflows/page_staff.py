"""People are paged about an alert, one after another, until one of them has it."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import CHASE_EVERY, REMIND_EVERY, AlertState, whom_to_page
from alliance.delivery import Lane
from alliance.people import Role
from alliance.safety import page, page_taken
from alliance.saying import Saying
from alliance.wording import Wording
from storage import alerts, people
from storage.tables import Alert, Person
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clock_time, day_and_time

BATCH = 100  # alerts paged in one transaction
ARRIVED_LATE = timedelta(minutes=5)  # from here on both times are shown

log = structlog.get_logger()


async def page_again(unit: Unit) -> int:
    """Page about every alert whose next page is due; how many."""
    due = await alerts.to_page(unit.session, now=unit.now, limit=BATCH)
    for alert in due:
        await page_now(unit, alert, origin=f"alert:{alert.id}:{alert.rung}")
    return len(due)


async def page_now(unit: Unit, alert: Alert, *, origin: str, wrote_again: bool = False) -> None:
    """Page the people of the alert's rung, or remind the one who has it; the next page is planned with it.

    ``origin`` makes the keys of the pages, so that a story that runs twice pages once.
    """
    if alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_by is not None:
        recipients: tuple[int, ...] = (alert.acknowledged_by,)
        alert.next_page_at = unit.now + REMIND_EVERY
    else:
        order = await order_for(unit, alert)
        recipients = whom_to_page(order, rung=alert.rung) if order else ()
        alert.next_page_at = unit.now + CHASE_EVERY
    if not recipients:
        log.critical("nobody_to_page", alert=alert.id)
    for person_id in recipients:
        recipient = await people.get(unit.session, person_id)
        await alerts.record_page(unit.session, alert, person_id=person_id, rung=alert.rung, now=unit.now)
        saying = await _page_for(unit, alert, recipient, wrote_again=wrote_again)
        key = f"{origin}:page:{person_id}"
        await say(unit, recipient, saying, lane=Lane.SAFETY, key=key, alert_id=alert.id)
    alert.rung += 1
    await unit.session.flush()


async def order_for(unit: Unit, alert: Alert) -> tuple[int, ...]:
    """Whom to page about an alert, in order, as far as they can be reached.

    The on-call order where the clinic has set one, then the patient's clinician, then coordinators and
    leads; for a stranger coordinators and leads first.
    """
    carers = list(await people.on_call(unit.session))
    if alert.patient_id is not None:
        enrolment = await people.enrolment(unit.session, alert.patient_id)
        carers += [enrolment.clinician_id] if enrolment else []
    others = await _coordinators_and_leads(unit.session, unit.now)
    wanted = [*carers, *others] if alert.patient_id is not None else [*others, *carers]
    return tuple([person.id for person in await _reachable(unit.session, wanted)])


async def reachable_staff(session: AsyncSession, *, now: datetime) -> tuple[tuple[int, str], ...]:
    """Chats and languages of everybody to page when the database can no longer be asked."""
    wanted = [*await people.on_call(session), *await _coordinators_and_leads(session, now)]
    staff = await _reachable(session, wanted)
    return tuple((person.chat_id, person.language) for person in staff if person.chat_id is not None)


async def _coordinators_and_leads(session: AsyncSession, now: datetime) -> list[int]:
    coordinators = await people.in_role(session, Role.COORDINATOR, now=now)
    leads = await people.in_role(session, Role.LEAD, now=now)
    return [person.id for person in (*coordinators, *leads)]


async def _reachable(session: AsyncSession, wanted: list[int]) -> list[Person]:
    found = [await people.get(session, person_id) for person_id in dict.fromkeys(wanted)]
    return [person for person in found if person.chat_id is not None and person.blocked_at is None]


async def _page_for(unit: Unit, alert: Alert, recipient: Person, *, wrote_again: bool) -> Saying:
    wording = unit.wording(recipient.language)
    who = await who_it_is(unit, alert, wording)
    if alert.state == AlertState.ACKNOWLEDGED:
        since = read_at(alert.acknowledged_at, recipient, wording)
        more = wording("alert.wrote_again" if wrote_again else "alert.still_open")
        return page_taken(wording, alert_id=alert.id, who=who, at=since, more=more)
    late = alert.raised_at - alert.written_at > ARRIVED_LATE
    return page(
        wording,
        alert_id=alert.id,
        who=who,
        cause=alert.cause,
        written_at=read_at(alert.written_at, recipient, wording),
        arrived_at=clock_time(alert.raised_at, recipient.zone) if late else None,
        again=alert.rung,
    )


async def who_it_is(unit: Unit, alert: Alert, wording: Wording) -> str:
    """Whom an alert is about, by code name, or that it is somebody unknown."""
    if alert.patient_id is None:
        return wording("alert.stranger")
    return (await people.get(unit.session, alert.patient_id)).code_name


def read_at(moment: datetime | None, reader: Person, wording: Wording) -> str:
    """A moment on the reader's own clock; empty when there is none."""
    return day_and_time(moment, reader.zone, wording) if moment else ""
