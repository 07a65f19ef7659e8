"""What happened, one JSON object a line, flushed: for a checker that trusts neither the bot nor this process's memory.

Every line has `event` and `at` (ISO 8601, UTC, by the sandbox's clock), and stands in the order of events.

update    created: update_id (0: dropped, never waited), kind, content (of a message: "text", "photo"),
          chat_id, from_id, message_id, date, text (a caption too), data (of a tap), expires_at; null where none is
again     handed out once more by a test, though confirmed: update_id
fate      it waits no longer: update_id, fate (confirmed, delivered, expired, given_up, skipped, cleared, lost)
delivery  one try at the webhook: update_id, attempt, status (0: no answer), error, retry_in (seconds, null: no more)
call      of the bot, once it has ended: method, chat_id, parameters, status (0: nothing was done), description,
          message_id (made or changed), fault (null: none scripted), heard (false: the bot cannot know how it ended),
          remarks (what Telegram lets pass in silence)
shown     a message stands on a screen, new or changed: chat_id, message_id, from_bot, text (a caption too),
          other (what it is, when it has no words), buttons (rows of [label, data]), edited
hidden    a message was deleted: chat_id, message_id
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sandbox.ledger import Delivery, Entry, Shown
from sandbox.subjects import chat_of, content_of, kind_of
from sandbox.updates import Fate, Update
from sandbox.wire import JsonObject, as_object


class Journal:
    """Appends to one file, which is made when it is not there, and opened anew when it is written to once closed."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._now = now
        self._path = path
        self._file: TextIO | None = None

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def created(self, update_id: int, update: JsonObject, expires_at: datetime) -> None:
        kind = kind_of(update)
        payload = as_object(update.get(kind)) or {}
        message = as_object(payload.get("message")) or payload
        self._write(
            "update",
            update_id=update_id,
            kind=kind,
            content=content_of(payload),
            chat_id=chat_of(update),
            from_id=(as_object(payload.get("from")) or {}).get("id"),
            message_id=message.get("message_id"),
            date=payload.get("edit_date", payload.get("date")),
            text=payload.get("text", payload.get("caption")),
            data=payload.get("data"),
            expires_at=expires_at.isoformat(),
        )

    def again(self, update_id: int) -> None:
        self._write("again", update_id=update_id)

    def ended(self, update: Update, fate: Fate) -> None:
        if fate is not Fate.OVERFLOWED:  # it was created with the id 0, and never waited
            self._write("fate", update_id=update.update_id, fate=fate)

    def tried(self, delivery: Delivery) -> None:
        self._write(
            "delivery",
            update_id=delivery.update_id,
            attempt=delivery.attempt,
            status=delivery.status,
            error=delivery.error,
            retry_in=delivery.retry_in,
        )

    def called(self, entry: Entry) -> None:
        self._write(
            "call",
            method=entry.method,
            chat_id=entry.chat_id,
            parameters=entry.parameters,
            status=entry.status,
            description=entry.description,
            message_id=entry.message_id,
            fault=entry.fault,
            heard=entry.heard,
            remarks=entry.remarks,
        )

    def shown(self, chat_id: int, shown: Shown) -> None:
        self._write(
            "shown",
            chat_id=chat_id,
            message_id=shown.message_id,
            from_bot=shown.from_bot,
            text=shown.text or shown.caption,
            other=shown.other,
            buttons=[[[button.label, button.data] for button in row] for row in shown.buttons],
            edited=shown.edited_at is not None,
        )

    def hidden(self, chat_id: int, message_id: int) -> None:
        self._write("hidden", chat_id=chat_id, message_id=message_id)

    def _write(self, event: str, **fields: object) -> None:
        if self._file is None:
            self._file = self._path.open("a", encoding="ascii")  # half characters are escaped, as JSON allows
        self._file.write(json.dumps({"event": event, "at": self._now().isoformat(), **fields}) + "\n")
        self._file.flush()
