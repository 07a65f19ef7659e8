"""A message needs a human now: the safety message goes out at once, and paging begins."""

from datetime import datetime

from alliance.alerts import SAME_MOMENT, AlertState
from alliance.crisis import Degree
from alliance.delivery import Lane
from alliance.people import Role
from alliance.safety import safety_message
from alliance.saying import Saying
from storage import alerts
from storage.tables import Alert
from workflows.keep_message import ASKED_FOR_HELP
from workflows.page_staff import page_also, page_now, succeed
from workflows.speak import say
from workflows.unit import Clinic, Unit


def safety_saying(clinic: Clinic, *, degree: Degree, language: str, asked: bool = False) -> Saying:
    """The safety message of this clinic; it depends on nothing but its wording."""
    return safety_message(
        clinic.wordings.in_language(language),
        emergency_number=clinic.help_at_once.emergency_number,
        crisis_line=clinic.help_at_once.crisis_line_in(language),
        clinic_contact=clinic.help_at_once.clinic_contact_in(language),
        gently=degree is Degree.REVIEW_NOW,
        asked=asked,
    )


async def say_safety(unit: Unit, *, chat_id: int, degree: Degree, language: str, asked: bool = False) -> None:
    """Send the safety message, before everything else."""
    saying = safety_saying(unit.clinic, degree=degree, language=language, asked=asked)
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
    asked = cause == ASKED_FOR_HELP
    await say_safety(unit, chat_id=chat_id, degree=degree, language=language, asked=asked)
    live = await alerts.live(unit.session, chat_id)
    if live is not None:
        return await _join(
            unit,
            live,
            cause=cause,
            degree=degree,
            why=why,
            rule=rule,
            message_row=message_row,
            written_at=written_at,
        )
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
            rules_version=unit.clinic.crisis_rules.version,
            message_row=message_row,
            written_at=written_at,
            raised_at=unit.now,
            state=AlertState.RAISED,
            rung=0,
            next_page_at=unit.now,
        ),
    )
    await page_now(unit, alert, origin=unit.origin)
    return alert


async def _join(
    unit: Unit,
    live: Alert,
    *,
    cause: str,
    degree: Degree,
    why: str,
    rule: str,
    message_row: int | None,
    written_at: datetime,
) -> Alert:
    """A live alert takes in what comes next; danger after somebody took it on is chased like a new alert."""
    is_worse = degree is Degree.NOW and live.degree != Degree.NOW
    live.message_row = message_row or live.message_row
    if degree is Degree.NOW or live.degree != Degree.NOW:
        live.degree, live.cause, live.why, live.rule, live.written_at = degree, cause, why, rule, written_at
        live.rules_version = unit.clinic.crisis_rules.version
    if live.state == AlertState.ACKNOWLEDGED and degree is Degree.NOW:
        owner = live.acknowledged_by
        fresh = await succeed(unit, live)
        if owner is not None:
            await page_also(unit, fresh, owner, origin=unit.origin)
        await page_now(unit, fresh, origin=unit.origin)
        return fresh
    last = await alerts.last_paged_at(unit.session, live.id)
    if is_worse or last is None or unit.now - last > SAME_MOMENT:
        await page_now(unit, live, origin=unit.origin, wrote_again=True)
    return live


__all__ = ["ASKED_FOR_HELP", "raise_alert", "safety_saying", "say_safety"]
