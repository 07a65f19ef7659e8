"""Somebody presses a button below the safety message: it is kept, passed on, and answered without a promise."""

from alliance.alerts import SAME_MOMENT, AlertState
from alliance.crisis import Degree
from alliance.delivery import Lane
from alliance.presses import SafetyAnswer
from alliance.safety import passed_on, said_by_the_person
from alliance.saying import Saying
from storage import alerts, people
from storage.tables import Alert
from workflows.in_reach import can_be_reached
from workflows.page_staff import page_now
from workflows.raise_alert import ASKED_FOR_HELP, raise_alert
from workflows.speak import say
from workflows.unit import Clinic, Unit
from workflows.words import day_and_time, who_it_is


async def take(unit: Unit, said: SafetyAnswer, *, chat_id: int, language: str, message_id: int) -> None:
    """Take a press in, from anyone and however old the message is.

    "I am safe for now" never closes or lowers an alert. "Please call me" without a live alert is a request for
    help like any other, and pages. Presses of one moment are one.
    """
    alert = await alerts.latest(unit.session, chat_id)
    is_live = alert is not None and alert.state != AlertState.RESOLVED
    if said is SafetyAnswer.CALL and not is_live:
        alert = await _ask_for_a_person(unit, chat_id=chat_id, language=language)
    await _answer(unit, said, chat_id=chat_id, language=language)
    if alert is None:
        return  # no alert was ever raised here, so there is nobody to tell
    before = await alerts.last_pressed_at(unit.session, alert.id, said=said)
    if before is not None and unit.now - before <= SAME_MOMENT:
        return
    await alerts.record_press(unit.session, alert, said=said, message_id=message_id, now=unit.now)
    told = await _who_is_told(unit, alert)
    if is_live and not told:  # those who knew are gone; whoever is next learns of the alert first
        await page_now(unit, alert, origin=unit.origin)
        alert = await alerts.latest(unit.session, chat_id) or alert
        told = await _who_is_told(unit, alert)
    for person_id in told:
        await _pass_on(unit, alert, said, person_id)


async def _ask_for_a_person(unit: Unit, *, chat_id: int, language: str) -> Alert:
    return await raise_alert(
        unit,
        chat_id=chat_id,
        language=language,
        cause=ASKED_FOR_HELP,
        degree=Degree.NOW,
        why="",
        rule=ASKED_FOR_HELP,
        message_row=None,
        written_at=unit.now,
    )


def answer_saying(clinic: Clinic, said: SafetyAnswer, *, language: str) -> Saying:
    """What a person reads who pressed one of the two buttons: the ways to help once more, in their language."""
    return passed_on(
        clinic.wordings.in_language(language),
        said,
        emergency_number=clinic.help_at_once.emergency_number,
        crisis_line=clinic.help_at_once.crisis_line_in(language),
        clinic_contact=clinic.help_at_once.clinic_contact_in(language),
    )


async def _answer(unit: Unit, said: SafetyAnswer, *, chat_id: int, language: str) -> None:
    saying = answer_saying(unit.clinic, said, language=language)
    await say(unit, unit.person or chat_id, saying, lane=Lane.SAFETY, key=f"{unit.origin}:after_safety")


async def _who_is_told(unit: Unit, alert: Alert) -> tuple[int, ...]:
    """Of a live alert everybody who was paged or has it, of a closed one who had it; as far as they can be reached."""
    involved = set[int]() if alert.state == AlertState.RESOLVED else set(await alerts.paged(unit.session, alert.id))
    if alert.acknowledged_by is not None:
        involved.add(alert.acknowledged_by)
    known = await people.some(unit.session, sorted(involved))
    return tuple(person.id for person in known if can_be_reached(person))


async def _pass_on(unit: Unit, alert: Alert, said: SafetyAnswer, person_id: int) -> None:
    recipient = await people.get(unit.session, person_id)
    wording = unit.wording(recipient.language)
    saying = said_by_the_person(
        wording,
        said,
        alert_id=alert.id,
        who=await who_it_is(unit, alert, wording),
        at=day_and_time(unit.now, recipient.zone, wording),
        is_open=alert.state != AlertState.RESOLVED,
        is_theirs=alert.acknowledged_by == person_id,
    )
    key = f"{unit.origin}:after_safety:{person_id}"
    await say(unit, recipient, saying, lane=Lane.SAFETY, key=key, alert_id=alert.id)
