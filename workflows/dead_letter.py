"""An update that nobody could handle is set aside; a person is told, and danger in it is not overlooked."""

import json
from collections.abc import Iterator, Mapping

from alliance.crisis import Degree, screen
from alliance.delivery import Lane
from alliance.people import Role
from alliance.saying import Saying
from storage import audit, people
from workflows.keep_message import SCREEN_FAILED
from workflows.raise_alert import raise_alert
from workflows.recognise import recognise
from workflows.speak import say
from workflows.unit import Unit

SPOKEN = ("text", "caption")  # where a person's words stand in an update
DEEPEST = 6  # levels of an update that are looked through


async def report(unit: Unit, *, seq: int, raw: str) -> None:
    """Tell coordinators, leads and operators; if the words in it speak of danger, page as for any message."""
    update = _parsed(raw)
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
    chat_id = _chat(update)
    if chat_id is not None and any(screen(words, unit.clinic.crisis_rules) for words in _words(update)):
        await recognise(unit, chat_id=chat_id)
        await raise_alert(
            unit,
            chat_id=chat_id,
            language=unit.person.language if unit.person else unit.clinic.language,
            cause=SCREEN_FAILED,
            degree=Degree.NOW,
            why="",
            rule="dead_letter",
            message_row=None,
            written_at=unit.now,
        )


def _parsed(raw: str) -> Mapping[str, object]:
    try:
        update: object = json.loads(raw)
    except ValueError:
        return {}
    return update if isinstance(update, dict) else {}  # pyright: ignore[reportUnknownVariableType]  # JSON


def _words(part: object, depth: int = 0) -> Iterator[str]:
    if isinstance(part, Mapping) and depth < DEEPEST:
        for key, value in part.items():  # pyright: ignore[reportUnknownVariableType]  # JSON
            if key in SPOKEN and isinstance(value, str):
                yield value
            yield from _words(value, depth + 1)  # pyright: ignore[reportUnknownArgumentType]  # JSON


def _chat(update: Mapping[str, object]) -> int | None:
    for part in update.values():
        sender = part.get("from") if isinstance(part, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # JSON
        found = sender.get("id") if isinstance(sender, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]  # JSON
        if isinstance(found, int):
            return found
    return None
