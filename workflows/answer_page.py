"""A paged person takes an alert on, looks, or closes it."""

from alliance.access import About, Action, allowed
from alliance.alerts import REMIND_EVERY, AlertResolution, AlertState
from alliance.delivery import Lane
from alliance.presses import ActOnAlert, AlertStep
from alliance.safety import page_taken
from alliance.saying import Saying, headed
from storage import alerts, audit, messages, people, reach
from storage.tables import Alert, Person
from workflows.group_pages import redraw
from workflows.one_thought import words_of_thought
from workflows.page_staff import read_at, who_it_is
from workflows.speak import WORDS_STAY, Answered, change, say
from workflows.unit import Unit


async def act(unit: Unit, pressed: ActOnAlert, *, message_id: int) -> Answered:
    """A paged person takes an alert on, looks, or closes it; anybody else is refused.

    Where the page named other alerts too, the message goes on to show how each of them stands.
    """
    step = pressed.step
    alert = await alerts.get(unit.session, pressed.alert_id)
    if alert is None or unit.person is None:
        return Answered(said="toast.unknown")
    about = await _about(unit, alert)
    needed = {AlertStep.REACH: Action.READ_CONTACT, AlertStep.WORDS: Action.READ_WORDS}
    if not allowed(unit.actor, needed.get(step, Action.ACKNOWLEDGE_ALERT), about):
        return Answered(said="toast.not_yours")
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
            return await _acknowledge(unit, alert, unit.person, message_id, group=pressed.group)
        case AlertStep.REACH:
            return await _show_contact(unit, alert, unit.person)
        case AlertStep.WORDS:
            return await _show_words(unit, alert, unit.person)
        case AlertStep.CONTACT_MADE:
            how = AlertResolution.CONTACT_MADE
            return await _resolve(unit, alert, how, unit.person, message_id, group=pressed.group)
        case AlertStep.NOT_A_CRISIS:
            how = AlertResolution.NOT_A_CRISIS
            return await _resolve(unit, alert, how, unit.person, message_id, group=pressed.group)


async def _about(unit: Unit, alert: Alert) -> About:
    enrolment = await people.enrolment(unit.session, alert.patient_id) if alert.patient_id else None
    return About(
        patient_id=alert.patient_id,
        clinician_id=enrolment.clinician_id if enrolment else None,
        on_call=await alerts.paged(unit.session, alert.id),
    )


async def _acknowledge(unit: Unit, alert: Alert, person: Person, message_id: int, *, group: int | None) -> Answered:
    if alert.state == AlertState.RESOLVED:
        return Answered(said="toast.alert_closed")
    if alert.state == AlertState.ACKNOWLEDGED and alert.acknowledged_by != person.id:
        return Answered(said="toast.alert_taken")
    if alert.state == AlertState.RAISED:
        alert.state, alert.acknowledged_by, alert.acknowledged_at = (
            AlertState.ACKNOWLEDGED,
            person.id,
            unit.now,
        )
        alert.next_page_at = unit.now + REMIND_EVERY
        await _tell_the_others(unit, alert, person)
    if group is not None and await redraw(unit, person, message_id, group=group):
        return Answered(said="toast.alert_yours")
    wording = unit.wording(person.language)
    who = await who_it_is(unit, alert, wording)
    at = read_at(alert.acknowledged_at, person, wording)
    taken = page_taken(wording, alert_id=alert.id, who=who, at=at)
    await change(unit, person, message_id, taken, key=f"alert:{alert.id}:yours")
    return Answered(said="toast.alert_yours")


async def _tell_the_others(unit: Unit, alert: Alert, owner: Person) -> None:
    for person_id in sorted(await alerts.paged(unit.session, alert.id) - {owner.id}):
        other = await people.get(unit.session, person_id)
        wording = unit.wording(other.language)
        text = wording("alert.taken_by", who=await who_it_is(unit, alert, wording), owner=owner.code_name)
        key = f"alert:{alert.id}:taken:{person_id}"
        await say(unit, other, Saying(text=text, protected=True), lane=Lane.SAFETY, key=key)


async def _show_contact(unit: Unit, alert: Alert, person: Person) -> Answered:
    wording = unit.wording(person.language)
    lines: list[str] = []
    if alert.patient_id is not None:
        patient = await people.get(unit.session, alert.patient_id)
        details = await reach.contact(unit.session, patient.id)
        lines.append(wording("contact.name", name=people.display_name(unit.session, patient)))
        lines += [wording(f"contact.{kind}", value=value) for kind, value in details.items()]
        if not details:
            lines.append(wording("contact.none"))
    else:
        lines.append(wording("contact.stranger"))
    saying = headed(wording("contact.title"), "\n".join(lines), protected=True)
    await say(unit, person, saying, lane=Lane.SAFETY, take_away_after=WORDS_STAY)
    return Answered(said="toast.shown")


async def _show_words(unit: Unit, alert: Alert, person: Person) -> Answered:
    wording = unit.wording(person.language)
    row = await messages.get(unit.session, alert.message_row) if alert.message_row else None
    words = await words_of_thought(unit, row) if row else None
    body = words if words is not None else wording("words.none")
    when = read_at(row.sent_at, person, wording) if row else ""
    title = wording("words.title", who=await who_it_is(unit, alert, wording), when=when)
    await say(
        unit,
        person,
        headed(title, body, protected=True),
        lane=Lane.SAFETY,
        take_away_after=WORDS_STAY,
    )
    return Answered(said="toast.shown")


async def _resolve(
    unit: Unit, alert: Alert, resolution: AlertResolution, person: Person, message_id: int, *, group: int | None
) -> Answered:
    if alert.state == AlertState.RESOLVED:
        return Answered(said="toast.alert_closed")
    if alert.acknowledged_by != person.id:
        return Answered(said="toast.alert_not_taken")
    alert.state, alert.resolution, alert.resolved_at = AlertState.RESOLVED, resolution, unit.now
    alert.next_page_at = None
    if group is not None and await redraw(unit, person, message_id, group=group):
        return Answered(said="toast.alert_closed")
    wording = unit.wording(person.language)
    who = await who_it_is(unit, alert, wording)
    text = wording("alert.closed", who=who, how=wording(f"resolution.{resolution}"))
    await change(unit, person, message_id, Saying(text=text, protected=True))
    return Answered(said="toast.alert_closed")
