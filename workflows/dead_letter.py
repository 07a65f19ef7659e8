"""An update that nobody could handle is set aside; a person is told, and danger in it is not overlooked."""

import json
from datetime import datetime

from alliance.delivery import Lane
from alliance.people import Role
from alliance.saying import Saying
from storage import audit, messages, people
from workflows.danger import danger_in
from workflows.raise_alert import raise_alert
from workflows.recognise import recognise
from workflows.speak import say
from workflows.unit import Unit


async def report(unit: Unit, *, seq: int, raw: str, received_at: datetime) -> None:
    """Tell coordinators, leads and operators; if the words in it speak of danger, page as for any message."""
    told: set[int] = set()
    for role in (Role.COORDINATOR, Role.LEAD, Role.OPERATOR):
        for person in await people.in_role(unit.session, role, now=unit.now):
            if person.id not in told:
                told.add(person.id)
                text = unit.wording(person.language)("dead_letter", number=seq)
                key = f"dead:{seq}:{person.id}"
                await say(unit, person, Saying(text=text), lane=Lane.SAFETY, key=key)
    await audit.record(
        unit.session, at=unit.now, actor_id=None, action="dead_letter", object_kind="update", object_id=seq
    )
    await _raise_if_danger(unit, seq, raw, received_at)


async def _raise_if_danger(unit: Unit, seq: int, raw: str, received_at: datetime) -> None:
    try:
        update: object = json.loads(raw)
    except ValueError:
        return
    danger = danger_in(update, unit.clinic) if isinstance(update, dict) else None  # pyright: ignore[reportUnknownArgumentType]  # JSON
    if danger is None:
        return
    await recognise(unit, chat_id=danger.chat_id)
    kept = await messages.keep(
        unit.session,
        messages.Written(
            chat_id=danger.chat_id,
            message_id=-seq,  # the real one could not be read
            version=0,
            kind="dead_letter",
            words=danger.words,
            sent_at=received_at,
        ),
        messages.Screening(
            disposition="flagged",
            rules_version=unit.clinic.crisis_rules.version,
            crisis_class=danger.cause,
            degree=danger.degree,
        ),
        person_id=unit.person.id if unit.person else None,
        checkin_id=None,
        now=unit.now,
    )
    await raise_alert(
        unit,
        chat_id=danger.chat_id,
        language=unit.person.language if unit.person else danger.language or unit.clinic.language,
        cause=danger.cause,
        degree=danger.degree,
        why=danger.why,
        rule=danger.rule,
        message_row=kept.id if kept else None,
        written_at=received_at,
    )
