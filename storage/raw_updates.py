"""An update before anybody looks into it: what makes it this one, whose it is, and where it stands."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard, cast

IDENTITY_LENGTH = 32  # hexadecimal digits; 128 bits, so that no two updates of one clinic ever share it
NO_CHAT = 0  # of updates that belong to no chat we can name
_LARGEST = 2**63 - 1  # what a column holds; Telegram's ids have 52 bits, and one beyond must not stop the others


class InboxState(StrEnum):
    """Where an update stands."""

    WAITING = "waiting"
    DONE = "done"
    DEAD = "dead"  # nobody could handle it; a person is told


@dataclass(frozen=True, kw_only=True, slots=True)
class RawUpdate:
    """An update that was not looked into yet, but for the ids that make it this one.

    ``speaks_of_danger`` lets it overtake whatever waits.
    """

    update_id: int
    identity: str
    raw: bytes | str
    chat_id: int = NO_CHAT
    speaks_of_danger: bool = False


def identity_of(update: Mapping[str, object]) -> str:
    """What makes an update this one: the same for each delivery of it, another for any other update.

    The update's id alone does not do: after a week without updates Telegram starts from a random number
    (Bot API, Update), so that an id may come back. Chat, message, dates and the callback's id are added;
    where none of these is found the whole content is. Takes any JSON object, raises nothing.
    """
    kind, content = next(((k, v) for k, v in update.items() if k != "update_id"), ("", None))
    marks = _marks(cast("dict[object, object]", content)) if isinstance(content, dict) else []  # JSON
    number = update.get("update_id")
    subject = json.dumps([number, kind, marks or content], sort_keys=True, default=str)
    return hashlib.sha256(subject.encode()).hexdigest()[:IDENTITY_LENGTH]


def chat_of(update: Mapping[str, object]) -> int:
    """The chat an update belongs to, so that one is handled after the other; NO_CHAT where none is found.

    A person and the private chat with that person have the same id (Bot API, Chat). Takes any JSON object.
    """
    content = _table(next((value for key, value in update.items() if key != "update_id"), None))
    places = (content, _table(content.get("message")))
    owners = [_table(place.get("chat")) for place in places] + [_table(content.get(who)) for who in ("from", "user")]
    return next((number for owner in owners if is_storable(number := owner.get("id"))), NO_CHAT)


def is_storable(number: object) -> TypeGuard[int]:
    """Whether this is a whole number that a column can hold."""
    return type(number) is int and abs(number) <= _LARGEST


def _table(value: object) -> Mapping[object, object]:
    return cast("Mapping[object, object]", value) if isinstance(value, dict) else {}  # JSON


def _marks(content: dict[object, object]) -> list[object]:
    """The ids and dates of a message, of the message under a button, or of what else came; [] if none."""
    under = content.get("message")
    message = cast("dict[object, object]", under) if isinstance(under, dict) else content  # JSON
    chat = message.get("chat")
    chat_id = cast("dict[object, object]", chat).get("id") if isinstance(chat, dict) else None  # JSON
    marks = [chat_id, message.get("message_id"), message.get("date"), content.get("id")]
    edited = content.get("edit_date")
    return [*marks, edited] if any(isinstance(mark, int | str) for mark in marks) else []
