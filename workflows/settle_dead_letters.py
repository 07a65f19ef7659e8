"""A person deals with what the program could not: looks into it, has it handled again, or closes it."""

import json
import re
from collections.abc import Sequence
from enum import StrEnum
from typing import cast

from storage import audit, dead_letters
from storage.dead_letters import DeadLetter, NoDeadLetter
from workflows.unit import Unit

_OUR_WORDS = re.compile(r"[a-z_]{1,40}")  # names of Telegram's fields; anything else may be somebody's words


class CloseReason(StrEnum):
    """Why nothing more has to be done about it; a choice, so that no words of anybody get into the audit."""

    HANDLED_BY_HAND = "handled_by_hand"
    NOTHING_TO_DO = "nothing_to_do"
    TEST_MESSAGE = "test_message"


async def all_dead_letters(unit: Unit) -> Sequence[DeadLetter]:
    """Those that wait for a person, the oldest first."""
    return await dead_letters.listed(unit.session)


async def structure(unit: Unit, number: int) -> object:
    """What the update is made of, with the kind and length of each value in its place. Raises NoDeadLetter."""
    raw = await dead_letters.content(unit.session, number)
    if raw is None:
        return "does not open: changed, moved, or sealed with a key that is not here"
    try:
        return _without_words(json.loads(raw))
    except ValueError:
        return f"no JSON, {len(raw)} characters"


async def words(unit: Unit, number: int) -> str | None:
    """The update as it came, words and all; that somebody looked is noted. Raises NoDeadLetter."""
    raw = await dead_letters.content(unit.session, number)
    await _note(unit, "dead_letter_read", number)
    return raw


async def handle_again(unit: Unit, number: int | None) -> Sequence[int]:
    """Hand one, or all, back to the running program; which ones. Raises NoDeadLetter."""
    again = await dead_letters.retry(unit.session, number)
    if number is not None and not again:
        raise NoDeadLetter(NoDeadLetter.__doc__)
    for one in again:
        await _note(unit, "dead_letter_retried", one)
    return again


async def close(unit: Unit, number: int, reason: CloseReason) -> None:
    """Nothing more has to be done about it. Raises NoDeadLetter."""
    if not await dead_letters.close(unit.session, number, now=unit.now):
        raise NoDeadLetter(NoDeadLetter.__doc__)
    await _note(unit, "dead_letter_closed", number, reason=reason)


async def _note(unit: Unit, action: str, number: int, **detail: object) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="update",
        object_id=number,
        detail=detail,
    )


def _without_words(value: object) -> object:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)  # JSON
        return {_our_word(name, at): _without_words(inner) for at, (name, inner) in enumerate(fields.items())}
    if isinstance(value, list):
        return [_without_words(inner) for inner in cast("list[object]", value)]  # JSON
    if isinstance(value, str):
        return f"text, {len(value)} characters"
    return value if value is None or isinstance(value, bool) else "number"


def _our_word(name: str, at: int) -> str:
    return name if _OUR_WORDS.fullmatch(name) else f"field {at}"
