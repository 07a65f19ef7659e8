"""Saying something: a message becomes a row of the outbox, in the transaction of what caused it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alliance.delivery import Lane
from alliance.saying import Button, Saying, in_parts
from storage import outbox
from storage.intents import Intent
from storage.tables import Person
from workflows.unit import Unit

WORDS_STAY = 600  # seconds; ten minutes to read what is taken away again


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a press came to: the key of the sentence that says so."""

    said: str


async def say(
    unit: Unit,
    to: Person | int,
    saying: Saying,
    *,
    lane: Lane = Lane.REPLY,
    key: str | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    only_while_enrolled: bool = False,
    take_away_after: int | None = None,
    checkin_id: int | None = None,
    alert_id: int | None = None,
    page_id: int | None = None,
) -> None:
    """Say something to a person, or to a chat whose person is unknown.

    ``key`` says what the message is for: the same key is said once, however often the story runs. What
    is longer than one message goes out in parts. A person without a chat is told nothing.
    """
    chat_id = to if isinstance(to, int) else to.chat_id
    if chat_id is None:
        return
    for number, part in enumerate(in_parts(saying)):
        await outbox.add(
            unit.session,
            Intent(
                key=f"{key or _next_key(unit)}" + (f":{number}" if number else ""),
                lane=lane,
                chat_id=chat_id,
                person_id=None if isinstance(to, int) else to.id,
                method="sendMessage",
                body=body_of(part, chat_id=chat_id),
                due_at=due_at or unit.now,
                expires_at=expires_at,
                only_while_enrolled=only_while_enrolled,
                take_away_after=take_away_after,
                checkin_id=checkin_id,
                alert_id=alert_id,
                page_id=page_id,
            ),
            now=unit.now,
        )


async def say_in_turn(unit: Unit, to: Person, sayings: Sequence[Saying], *, lane: Lane, keys: Sequence[str]) -> None:
    """Say several things to a person, each under its own key, in this order; each fits into one message."""
    if to.chat_id is None:
        return
    intents = [
        Intent(
            key=key,
            lane=lane,
            chat_id=to.chat_id,
            person_id=to.id,
            method="sendMessage",
            body=body_of(saying, chat_id=to.chat_id),
            due_at=unit.now,
        )
        for saying, key in zip(sayings, keys, strict=True)
    ]
    await outbox.add_all(unit.session, intents, now=unit.now)


async def change(
    unit: Unit,
    to: Person,
    message_id: int,
    saying: Saying,
    *,
    key: str | None = None,
    checkin_id: int | None = None,
) -> None:
    """Put other words and buttons into a message that was sent before.

    A form that a message takes only once has a ``key``, in the end ``key_of_change``: a second tap that asks for it
    again, when the first has just brought it, is no change, and Telegram refuses what changes nothing.
    """
    if to.chat_id is None:
        return
    body = body_of(saying, chat_id=to.chat_id)
    body.pop("protect_content", None)  # a message keeps the protection it was sent with
    said = key_of_change(key, message_id) if key else _next_key(unit)
    added = await outbox.add(
        unit.session,
        Intent(
            key=said,
            lane=Lane.REPLY,
            chat_id=to.chat_id,
            person_id=to.id,
            method="editMessageText",
            body={**body, "message_id": message_id},
            due_at=unit.now,
            checkin_id=checkin_id,
        ),
        now=unit.now,
    )
    if added is None:
        await outbox.try_again(unit.session, said, now=unit.now)


def key_of_change(key: str, message_id: int) -> str:
    """Under which key the outbox knows that form of that message."""
    return f"{key}:{message_id}"


async def send_file(unit: Unit, to: Person, *, name: str, text: str, key: str) -> None:
    """Send a text as a file of that name; the key says what it is for, and is said once."""
    if to.chat_id is None:
        return
    await outbox.add(
        unit.session,
        outbox.Intent(
            key=key,
            lane=Lane.REPLY,
            chat_id=to.chat_id,
            person_id=to.id,
            method="sendDocument",
            body={"chat_id": to.chat_id, "document": {"name": name, "text": text}},
            due_at=unit.now,
        ),
        now=unit.now,
    )


async def send_picture(unit: Unit, to: Person, *, picture: bytes, caption: str, lane: Lane, key: str) -> None:
    """Send a PNG with a caption of at most 1,024 UTF-16 units; the key says what it is for, and is said once."""
    if to.chat_id is None:
        return
    named = {"name": "digest.png", "base64": base64.b64encode(picture).decode()}
    await outbox.add(
        unit.session,
        Intent(
            key=key,
            lane=lane,
            chat_id=to.chat_id,
            person_id=to.id,
            method="sendPhoto",
            body={"chat_id": to.chat_id, "photo": named, "caption": caption},
            due_at=unit.now,
        ),
        now=unit.now,
    )


async def leave_chat(unit: Unit, chat_id: int) -> None:
    """Leave a group without a word: nothing personal is said where others read."""
    await outbox.add(
        unit.session,
        Intent(
            key=_next_key(unit),
            lane=Lane.REPLY,
            chat_id=chat_id,
            person_id=None,
            method="leaveChat",
            body={"chat_id": chat_id},
            due_at=unit.now,
        ),
        now=unit.now,
    )


def body_of(saying: Saying, *, chat_id: int) -> dict[str, object]:
    """A saying as the parameters of Telegram's sendMessage."""
    body: dict[str, object] = {
        "chat_id": chat_id,
        "text": saying.text,
        "link_preview_options": {"is_disabled": True},
    }
    if saying.emphasis:
        body["entities"] = [{"type": "bold", "offset": bold.offset, "length": bold.length} for bold in saying.emphasis]
    if saying.rows:
        body["reply_markup"] = {"inline_keyboard": [[_button(b) for b in row] for row in saying.rows]}
    if saying.protected:
        body["protect_content"] = True
    return body


def _next_key(unit: Unit) -> str:
    unit.said += 1
    return f"{unit.origin}:{unit.said}"


def _button(button: Button) -> dict[str, str]:
    return {"text": button.label, "callback_data": button.press}
