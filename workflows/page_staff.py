"""People are paged about an alert, one after another, until one of them has it."""

from datetime import datetime, timedelta

import structlog

from alliance.alerts import CHASE_EVERY, REMIND_EVERY, AlertResolution, AlertState, whom_to_page
from alliance.delivery import Lane
from alliance.safety import page as one_page
from alliance.safety import page_taken
from alliance.saying import Saying
from alliance.wording import Wording
from storage import alerts, people
from storage.tables import Alert, Person
from storage.trouble import is_the_databases_own
from workflows.in_reach import can_be_reached
from workflows.page_elsewhere import tell_elsewhere
from workflows.speak import say
from workflows.unit import Unit
from workflows.whom_to_page import order_for, say_if_nobody_is_on_call
from workflows.words import clock_time, day_and_time, who_it_is

BATCH = 25  # alerts paged in one transaction
ARRIVED_LATE = timedelta(minutes=5)  # from here on both times are shown

log = structlog.get_logger()


async def page_again(unit: Unit) -> int:
    """Page about every alert whose next page is due; how many. One that fails is put off and delays no other."""
    due = await alerts.to_page(unit.session, now=unit.now, limit=BATCH)
    for alert in due:
        alert_id, origin = alert.id, f"alert:{alert.id}:{alert.rung}"
        try:
            async with unit.session.begin_nested():
                await page_now(unit, alert, origin=origin)
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("page_failed", alert=alert_id, cause=type(error).__name__)
            await alerts.put_off(unit.session, alert_id, until=unit.now + CHASE_EVERY)
    return len(due)


async def page_now(unit: Unit, alert: Alert, *, origin: str, wrote_again: bool = False) -> None:
    """Page whose turn it is, or remind the one who has the alert; the next page is planned with it.

    ``origin`` makes the keys of the pages, so that a story that runs twice pages once. An alert whose owner
    can no longer be reached goes on as a new one.
    """
    order = await order_for(unit, alert)
    if alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_by is not None:
        owner = await people.get(unit.session, alert.acknowledged_by)
        if not can_be_reached(owner):
            await page_now(unit, await succeed(unit, alert), origin=origin)
            return
        recipients: tuple[int, ...] = (owner.id,)
        alert.next_page_at = unit.now + REMIND_EVERY
    else:
        await say_if_nobody_is_on_call(unit, alert)
        paged = await alerts.paged(unit.session, alert.id)
        recipients = whom_to_page(order, paged=paged)
        alert.next_page_at = unit.now + CHASE_EVERY
        if paged.issuperset(order):  # everybody has been paged, or there is nobody to page
            await tell_elsewhere(unit, alert, is_unanswered=bool(order))
    if not recipients:
        log.critical("nobody_to_page", alert=alert.id)
    for person_id in recipients:
        await _page(unit, alert, person_id, origin=origin, wrote_again=wrote_again)
    alert.rung += 1
    await unit.session.flush()


async def page_also(unit: Unit, alert: Alert, person_id: int, *, origin: str) -> None:
    """Page one person out of turn: the one who had the alert before."""
    if can_be_reached(await people.get(unit.session, person_id)):
        await _page(unit, alert, person_id, origin=origin, wrote_again=True)


async def _page(unit: Unit, alert: Alert, person_id: int, *, origin: str, wrote_again: bool) -> None:
    recipient = await people.get(unit.session, person_id)
    page = await alerts.record_page(unit.session, alert, person_id=person_id, now=unit.now, wrote_again=wrote_again)
    saying = await _page_for(unit, alert, recipient, wrote_again=wrote_again)
    key = f"{origin}:page:{person_id}"
    await say(unit, recipient, saying, lane=Lane.SAFETY, key=key, alert_id=alert.id, page_id=page.id)


async def succeed(unit: Unit, alert: Alert) -> Alert:
    """Close an alert that somebody has, and raise a new one in its place that nobody has yet."""
    alert.state, alert.resolution, alert.resolved_at = AlertState.RESOLVED, AlertResolution.SUPERSEDED, unit.now
    alert.next_page_at = None
    await unit.session.flush()
    return await alerts.raise_alert(
        unit.session,
        Alert(
            patient_id=alert.patient_id,
            chat_id=alert.chat_id,
            cause=alert.cause,
            degree=alert.degree,
            why=alert.why,
            rule=alert.rule,
            rules_version=alert.rules_version,
            message_row=alert.message_row,
            written_at=alert.written_at,
            raised_at=unit.now,
            state=AlertState.RAISED,
            rung=0,
            next_page_at=unit.now,
        ),
    )


async def _page_for(unit: Unit, alert: Alert, recipient: Person, *, wrote_again: bool) -> Saying:
    wording = unit.wording(recipient.language)
    who = await who_it_is(unit, alert, wording)
    if alert.state == AlertState.ACKNOWLEDGED:
        since = read_at(alert.acknowledged_at, recipient, wording)
        more = wording("alert.wrote_again" if wrote_again else "alert.still_open")
        return page_taken(wording, alert_id=alert.id, who=who, at=since, more=more)
    return one_page(
        wording,
        alert_id=alert.id,
        who=who,
        cause=alert.cause,
        written_at=read_at(alert.written_at, recipient, wording),
        arrived_at=arrived_late(alert, recipient),
        again=alert.rung,
    )


def arrived_late(alert: Alert, reader: Person) -> str | None:
    """When the message reached us, on the reader's own clock, if that was long after it was written."""
    late = alert.raised_at - alert.written_at > ARRIVED_LATE
    return clock_time(alert.raised_at, reader.zone) if late else None


def read_at(moment: datetime | None, reader: Person, wording: Wording) -> str:
    """A moment on the reader's own clock; empty when there is none."""
    return day_and_time(moment, reader.zone, wording) if moment else ""
