"""What Telegram knows of a run, written down line by line for a judge who knows none of our code."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sandbox import Entry, Sandbox
from sandbox.updates import Fate, Update

Line = Mapping[str, object]
_EVERYTHING = 1_000_000


class Journal:
    """Notes the fate of each update as it comes, and tells the rest at the end. To be made before anybody writes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._ended: list[tuple[datetime, Update, Fate]] = []
        sandbox.world.queue.tell = self._note

    def _note(self, update: Update, fate: Fate) -> None:
        self._ended.append((self._sandbox.world.now(), update, fate))

    def write(self, file: Path) -> Path:
        """All of it so far; the file."""
        with file.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(line) + "\n" for line in self.lines())
        return file

    def lines(self) -> Iterator[Line]:
        """Updates with their fates, those that still wait, and each call."""
        now = self._sandbox.world.now()
        waiting = self._sandbox.world.queue.first(_EVERYTHING, now, without=())
        yield from (_of_update(update, str(fate), at) for at, update, fate in self._ended)
        yield from (_of_update(update, "waiting", now) for update in waiting)
        yield from (_of_call(entry) for entry in self._sandbox.ledger.entries)


def _of_update(update: Update, fate: str, at: datetime) -> Line:
    body: dict[str, Any] = json.loads(update.body)  # Any: an update, malformed ones too
    content = _table(next((value for key, value in body.items() if key != "update_id"), None))
    place = _table(content["message"]) if "message" in content else content
    chat = _table(place.get("chat")) or _table(content.get("from")) or _table(content.get("user"))
    return {
        "what": "update",
        "update_id": update.update_id,
        "kind": update.kind,
        "fate": fate,
        "at": at.isoformat(),
        "chat": chat.get("id") if type(chat.get("id")) is int else 0,
        "message_id": content.get("message_id"),
        "text": content.get("text"),
        "tapped": content.get("data"),
        "status": _table(content.get("new_chat_member")).get("status"),
        "body": {key: value for key, value in body.items() if key != "update_id"},
    }


def _table(value: object) -> dict[str, Any]:  # Any: as above
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType]  # JSON


def _of_call(entry: Entry) -> Line:
    return {
        "what": "call",
        "at": entry.at.isoformat(),
        "method": entry.method,
        "chat": entry.chat_id,
        "status": entry.status,
        "description": entry.description,
        "message_id": entry.message_id,
        "heard": entry.heard,
        "fault": entry.fault,
    }
