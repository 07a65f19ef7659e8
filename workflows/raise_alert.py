"""A message needs a human now: the safety message goes out, and people are paged until one has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.access import About, Action, allowed
from alliance.alerts import CHASE_EVERY, REMIND_EVERY, AlertResolution, AlertState, whom_to_page
from alliance.buttons import AlertStep
from alliance.crisis import Degree
from alliance.delivery import Lane
from alliance.people import Role
from alliance.safety import page, page_taken, safety_message
from alliance.saying import Saying, headed
from alliance.wording import Wording
from storage import alerts, audit, messages, people
from storage.tables import Alert, Person
from workflows.speak import change, say
from workflows.unit import Unit
from workflows.words import clock_time, day_and_time

BATCH = 100  # alerts paged in one transaction
ARRIVED_LATE = timedelta(minutes=5)  # from here on both times are shown
WORDS_STAY = 600  # seconds; ten minutes to read what is taken away again
ASKED_FOR_HELP = "asked_for_help"


async def say_safety(unit: Unit, *, chat_id: int, degree: Degree, language: str) -> None:
    """Send the safety message; it depends on nothing but its wording."""
    help_at_once = unit.clinic.help_at_once
    saying = safety_message(
        unit.clinic.wordings.in_language(language),
        emergency_number=help_at_once.emergency_number,
        crisis_line=help_at_once.crisis_line,
        clinic_contact=help_at_once.clinic_contact,
        gently=degree is Degree.REVIEW_NOW,
    )
    await say(unit, unit.person or chat_id, saying, lane=Lane.SAFETY, key=f"{unit.origin}:safety")


async def raise_alert(
    unit: Unit,
    *,
    chat_id: int,
    language: str,
    cause: str,
    degree: Degree,
    why: str,
    rule: str,
    message_row: int | None,
    written_at: datetime,
) -> Alert:
    """Answer a person in danger at once and page people; a live alert of the same chat takes it in."""
    await say_safety(unit, chat_id=chat_id, degree=degree, language=language)
    live = await alerts.live(unit.session, chat_id)
    if live is not None:
        live.message_row = message_row or live.message_row
        live.next_page_at = unit.now
        await _page(unit, live, origin=unit.origin)
        return live
    is_patient = Role.PATIENT in unit.actor.roles
    alert = await alerts.raise_alert(
        unit.session,
        Alert(
            patient_id=unit.person.id if unit.person and is_patient else None,
            chat_id=chat_id,
            cause=cause,
            degree=degree,
            why=why,
            rule=rule,
            message_row=message_row,
            written_at=written_at,
            raised_at=unit.now,
            state=AlertState.RAISED,
            rung=0,
            next_page_at=unit.now,
        ),
    )
    await _page(unit, alert, origin=unit.origin)
    return alert


async def page_again(unit: Unit) -> int:
    """Page about every alert whose next page is due; how many."""
    due = await alerts.to_page(unit.session, now=unit.now, limit=BATCH)
    for alert in due:
        await _page(unit, alert, origin=f"alert:{alert.id}:{alert.rung}")
    return len(due)


async def _page(unit: Unit, alert: Alert, *, origin: str) -> None:
    order = await order_for(unit, alert)
    if alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_by is not None:
        recipients: tuple[int, ...] = (alert.acknowledged_by,)
        alert.next_page_at = unit.now + REMIND_EVERY
    else:
        recipients = whom_to_page(order, rung=alert.rung) if order else ()
        alert.next_page_at = unit.now + CHASE_EVERY
    for person_id in recipients:
        recipient = await people.get(unit.session, person_id)
        await alerts.record_page(unit.session, alert, person_id=person_id, rung=alert.rung, now=unit.now)
        saying = await _page_for(unit, alert, recipient)
        key = f"{origin}:page:{person_id}"
        await say(unit, recipient, saying, lane=Lane.SAFETY, key=key, alert_id=alert.id)
    alert.rung += 1
    await unit.session.flush()


async def order_for(unit: Unit, alert: Alert) -> tuple[int, ...]:
    """Whom to page about an alert, in order, as far as they can be reached.

    The on-call order where the clinic has set one, then the patient's clinician, then the coordinators
    and leads; for a stranger the coordinators first.
    """
    order: list[int] = []
    clinicians = list(await people.on_call(unit.session))
    if alert.patient_id is not None:
        enrolment = await people.enrolment(unit.session, alert.patient_id)
        clinicians += [enrolment.clinician_id] if enrolment else []
    others = [p.id for p in await people.in_role(unit.session, Role.COORDINATOR, now=unit.now)]
    others += [p.id for p in await people.in_role(unit.session, Role.LEAD, now=unit.now)]
    for person_id in clinicians + others if alert.patient_id is not None else others + clinicians:
        if person_id in order:
            continue
        person = await people.get(unit.session, person_id)
        if person.chat_id is not None and person.blocked_at is None:
            order.append(person_id)
    return tuple(order)


async def _page_for(unit: Unit, alert: Alert, recipient: Person) -> Saying:
    wording = unit.wording(recipient.language)
    who = await _who(unit, alert, wording)
    if alert.state == AlertState.ACKNOWLEDGED:
        saying = page_taken(wording, alert_id=alert.id, who=who, at=_when(alert.acknowledged_at, recipient, wording))
        reminder = wording("alert.still_open")
        return Saying(
            text=f"{saying.text}\n{reminder}",
            rows=saying.rows,
            emphasis=saying.emphasis,
            protected=True,
        )
    late = alert.raised_at - alert.written_at > ARRIVED_LATE
    return page(
        wording,
        alert_id=alert.id,
        who=who,
        cause=alert.cause,
        written_at=_when(alert.written_at, recipient, wording),
        arrived_at=clock_time(alert.raised_at, recipient.zone) if late else None,
        again=alert.rung,
    )


async def _who(unit: Unit, alert: Alert, wording: Wording) -> str:
    if alert.patient_id is None:
        return wording("alert.stranger")
    return (await people.get(unit.session, alert.patient_id)).code_name


def _when(moment: datetime | None, reader: Person, wording: Wording) -> str:
    return day_and_time(moment, reader.zone, wording) if moment else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stepped:
    """What a press on a page came to: the key of the sentence that says so."""

    said: str


async def act(unit: Unit, alert_id: int, step: AlertStep, *, message_id: int) -> Stepped:
    """A paged person takes an alert on, looks, or closes it; anybody else is refused."""
    alert = await alerts.get(unit.session, alert_id)
    if alert is None or unit.person is None:
        return Stepped(said="toast.unknown")
    about = await _about(unit, alert)
    needed = {AlertStep.REACH: Action.READ_CONTACT, AlertStep.WORDS: Action.READ_WORDS}
    if not allowed(unit.actor, needed.get(step, Action.ACKNOWLEDGE_ALERT), about):
        return Stepped(said="toast.not_yours")
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=f"alert_{step}",
        object_kind="alert",
        object_id=alert.id,
    )
    match step:
        case AlertStep.HAVE:
            return await _acknowledge(unit, alert, unit.person, message_id)
        case AlertStep.REACH:
            return await _show_contact(unit, alert, unit.person)
        case AlertStep.WORDS:
            return await _show_words(unit, alert, unit.person)
        case AlertStep.CONTACT_MADE:
            return await _resolve(unit, alert, AlertResolution.CONTACT_MADE, unit.person, message_id)
        case AlertStep.NOT_A_CRISIS:
            return await _resolve(unit, alert, AlertResolution.NOT_A_CRISIS, unit.person, message_id)


async def _about(unit: Unit, alert: Alert) -> About:
    enrolment = await people.enrolment(unit.session, alert.patient_id) if alert.patient_id else None
    return About(
        patient_id=alert.patient_id,
        clinician_id=enrolment.clinician_id if enrolment else None,
        on_call=await alerts.paged(unit.session, alert.id),
    )


async def _acknowledge(unit: Unit, alert: Alert, person: Person, message_id: int) -> Stepped:
    if alert.state == AlertState.RESOLVED:
        return Stepped(said="toast.alert_closed")
    if alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_by != person.id:
        return Stepped(said="toast.alert_taken")
    if alert.state == AlertState.RAISED:
        alert.state, alert.acknowledged_by, alert.acknowledged_at = (
            AlertState.ACKNOWLEDGED,
            person.id,
            unit.now,
        )
        alert.next_page_at = unit.now + REMIND_EVERY
        await _tell_the_others(unit, alert, person)
    wording = unit.wording(person.language)
    who = await _who(unit, alert, wording)
    at = _when(alert.acknowledged_at, person, wording)
    await change(unit, person, message_id, page_taken(wording, alert_id=alert.id, who=who, at=at))
    return Stepped(said="toast.alert_yours")


async def _tell_the_others(unit: Unit, alert: Alert, owner: Person) -> None:
    for person_id in sorted(await alerts.paged(unit.session, alert.id) - {owner.id}):
        other = await people.get(unit.session, person_id)
        wording = unit.wording(other.language)
        text = wording("alert.taken_by", who=await _who(unit, alert, wording), owner=owner.code_name)
        key = f"alert:{alert.id}:taken:{person_id}"
        await say(unit, other, Saying(text=text, protected=True), lane=Lane.SAFETY, key=key)


async def _show_contact(unit: Unit, alert: Alert, person: Person) -> Stepped:
    wording = unit.wording(person.language)
    lines: list[str] = []
    if alert.patient_id is not None:
        patient = await people.get(unit.session, alert.patient_id)
        details = await people.contact(unit.session, patient.id)
        lines.append(wording("contact.name", name=people.display_name(unit.session, patient)))
        lines += [wording(f"contact.{kind}", value=value) for kind, value in details.items()]
        if not details:
            lines.append(wording("contact.none"))
    else:
        lines.append(wording("contact.stranger"))
    saying = headed(wording("contact.title"), "\n".join(lines), protected=True)
    await say(unit, person, saying, lane=Lane.SAFETY, take_away_after=WORDS_STAY)
    return Stepped(said="toast.shown")


async def _show_words(unit: Unit, alert: Alert, person: Person) -> Stepped:
    wording = unit.wording(person.language)
    row = await messages.get(unit.session, alert.message_row) if alert.message_row else None
    words = messages.words_of(unit.session, row) if row else None
    body = words if words is not None else wording("words.none")
    when = _when(row.sent_at, person, wording) if row else ""
    title = wording("words.title", who=await _who(unit, alert, wording), when=when)
    await say(
        unit,
        person,
        headed(title, body, protected=True),
        lane=Lane.SAFETY,
        take_away_after=WORDS_STAY,
    )
    return Stepped(said="toast.shown")


async def _resolve(unit: Unit, alert: Alert, resolution: AlertResolution, person: Person, message_id: int) -> Stepped:
    if alert.state == AlertState.RESOLVED:
        return Stepped(said="toast.alert_closed")
    if alert.acknowledged_by != person.id:
        return Stepped(said="toast.alert_not_taken")
    alert.state, alert.resolution, alert.resolved_at = AlertState.RESOLVED, resolution, unit.now
    alert.next_page_at = None
    wording = unit.wording(person.language)
    who = await _who(unit, alert, wording)
    text = wording("alert.closed", who=who, how=wording(f"resolution.{resolution}"))
    await change(unit, person, message_id, Saying(text=text, protected=True))
    return Stepped(said="toast.alert_closed")
