"""What a person in crisis reads at once, and what the person who is paged reads."""

from alliance.buttons import encode
from alliance.presses import ActOnAlert, AfterSafety, AlertStep, HelpNow, SafetyAnswer
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording


def safety_message(
    wording: Wording,
    *,
    emergency_number: str,
    crisis_line: str,
    clinic_contact: str,
    gently: bool,
    asked: bool = False,
) -> Saying:
    """Where help is, spelled out; without a number the local emergency services are named in words.

    ``asked`` is for somebody who pressed a button or gave a command and has written nothing.
    """
    opening = "asked" if asked else "gently" if gently else "opening"
    ways = _ways_to_help(wording, emergency_number, crisis_line, clinic_contact)
    lines = [wording(f"safety.{opening}"), *ways, wording("safety.limits")]
    rows = tuple(
        (Button(label=wording(f"safety.say.{said}"), press=encode(AfterSafety(said=said))),) for said in SafetyAnswer
    )
    return Saying(text="\n\n".join(lines), rows=rows)


def passed_on(
    wording: Wording, said: SafetyAnswer, *, emergency_number: str, crisis_line: str, clinic_contact: str
) -> Saying:
    """What somebody reads who pressed a button below the safety message: the ways to help once more, no promise."""
    ways = _ways_to_help(wording, emergency_number, crisis_line, clinic_contact)
    lines = [wording(f"safety.said.{said}"), *ways, wording("safety.limits")]
    rows = ((Button(label=wording("safety.button"), press=encode(HelpNow())),),)
    return Saying(text="\n\n".join(lines), rows=rows)


def _ways_to_help(wording: Wording, emergency_number: str, crisis_line: str, clinic_contact: str) -> list[str]:
    lines = [
        wording("safety.emergency", number=emergency_number)
        if emergency_number
        else wording("safety.emergency_in_words")
    ]
    if crisis_line:
        lines.append(wording("safety.line", line=crisis_line))
    if clinic_contact:
        lines.append(wording("safety.clinic", contact=clinic_contact))
    return lines


def page(
    wording: Wording,
    *,
    alert_id: int,
    who: str,
    cause: str,
    written_at: str,
    arrived_at: str | None,
    again: int,
) -> Saying:
    """One page: whom it is about, what the screen saw, since when, and what to press."""
    body = [wording("alert.cause", cause=wording(f"cause.{cause}"), at=written_at)]
    if arrived_at:
        body.append(wording("alert.late", at=arrived_at))
    body += [wording("alert.told"), wording("alert.until")]
    if again:
        body.append(wording("alert.again", count=again))
    rows = (
        (_step(wording, alert_id, AlertStep.HAVE),),
        (_step(wording, alert_id, AlertStep.REACH), _step(wording, alert_id, AlertStep.WORDS)),
    )
    return headed(wording("alert.title", who=who), "\n".join(body), rows=rows, protected=True)


def page_taken(wording: Wording, *, alert_id: int, who: str, at: str, more: str = "") -> Saying:
    """The page in the hands of the person who has it, with the ways to close it."""
    rows = (
        (_step(wording, alert_id, AlertStep.REACH), _step(wording, alert_id, AlertStep.WORDS)),
        (_step(wording, alert_id, AlertStep.CONTACT_MADE),),
        (_step(wording, alert_id, AlertStep.NOT_A_CRISIS),),
    )
    body = "\n".join(filter(None, (wording("alert.yours", at=at), more)))
    return headed(wording("alert.title", who=who), body, rows=rows, protected=True)


def said_by_the_person(
    wording: Wording, said: SafetyAnswer, *, alert_id: int, who: str, at: str, is_open: bool, is_theirs: bool
) -> Saying:
    """What staff read when the person pressed a button; whatever was pressed, the alert stands as it did."""
    stands = "theirs" if is_theirs else "open"
    body = wording(f"alert.pressed.{said}", at=at)
    if is_open:
        body = f"{body}\n{wording(f'alert.pressed.{stands}')}"
    steps = (AlertStep.REACH,) if is_theirs or not is_open else (AlertStep.HAVE, AlertStep.REACH)
    rows = (tuple(_step(wording, alert_id, step) for step in steps),)
    return headed(wording("alert.pressed.title", who=who), body, rows=rows, protected=True)


def _step(wording: Wording, alert_id: int, step: AlertStep) -> Button:
    return Button(label=wording(f"alert.step.{step}"), press=encode(ActOnAlert(alert_id=alert_id, step=step)))
