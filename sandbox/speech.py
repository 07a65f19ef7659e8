"""What a person's app makes of what they type, attach or press before it reaches the bot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.chats import Chat
from sandbox.messages import Message, Picture, as_wire
from sandbox.rules import LONGEST_TEXT, utf16_length
from sandbox.wire import JsonObject
from sandbox.world import World

ANONYMOUS_ID = 1_087_968_824  # Telegram's own account that stands in for a group
LONGEST_PAYLOAD = 64  # characters of a deep link's parameter
_COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]*")
_LINK = re.compile(r"(?:https?://)?(?:t\.me|telegram\.me)/(\w+)(?:\?start=([^&#\s]*))?$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What a person did, as the bot will hear of it."""

    update_id: int  # NOT_QUEUED (0) when the bot did not ask for such updates
    message_id: int  # of the message written, changed or tapped; 0 when none was
    update: JsonObject
    query_id: str | None = None  # of a tap
    data: str | None = None  # of a tap


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """Something sent that is not typed."""

    other: str
    extra: JsonObject


def sticker() -> Attachment:
    wire: JsonObject = {
        **_file("sticker"),
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "\N{WAVING HAND SIGN}",
    }
    return Attachment(other="sticker", extra={"sticker": wire})


def voice(seconds: int) -> Attachment:
    wire: JsonObject = {**_file("voice"), "duration": seconds, "mime_type": "audio/ogg"}
    return Attachment(other="voice", extra={"voice": wire})


def location(latitude: float, longitude: float) -> Attachment:
    return Attachment(other="location", extra={"location": {"latitude": latitude, "longitude": longitude}})


def say(
    world: World,
    chat: Chat,
    sender: JsonObject,
    text: str | None = None,
    *,
    caption: str | None = None,
    photo: Picture | None = None,
    attachment: Attachment | None = None,
    forwarded: bool = False,
) -> Act:
    """Put a person's message into a chat and tell the bot. ValueError when no app would send such a text."""
    for words in (text, caption):
        if words is not None and (not words.strip() or utf16_length(words) > LONGEST_TEXT):
            raise ValueError("an app sends neither an empty message nor one over 4096 units")
    extra = dict(attachment.extra) if attachment else {}
    if forwarded:
        origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": int(world.now().timestamp())}
        extra["forward_origin"] = origin
    message = Message(
        message_id=world.next_message_id(),
        sender=sender,
        from_bot=False,
        sent_at=world.now(),
        text=text,
        caption=caption,
        entities=commands_in(text or caption or ""),
        photo=photo,
        other=attachment.other if attachment else None,
        extra=extra,
    )
    wire = world.put(chat, message)
    update_id = world.report("message", wire)
    return Act(update_id=update_id, message_id=message.message_id, update={"message": wire})


def note(world: World, chat: Chat, content: JsonObject) -> Act:
    """Put a service message into a group, which Telegram writes itself, and tell the bot."""
    message = Message(
        message_id=world.next_message_id(),
        sender={"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        from_bot=False,
        sent_at=world.now(),
        other=next(iter(content)),
        extra={"sender_chat": chat.wire, **content},
    )
    wire = world.put(chat, message)
    return Act(update_id=world.report("message", wire), message_id=message.message_id, update={"message": wire})


def reword(world: World, chat: Chat, message: Message) -> Act:
    """Put the changed form of a person's message in its place and tell the bot."""
    wire = world.put(chat, message)
    update_id = world.report("edited_message", wire)
    return Act(update_id=update_id, message_id=message.message_id, update={"edited_message": wire})


def tapped_message(chat: Chat, message_id: int) -> JsonObject:
    """Return the message under a tapped button, or the stub Telegram sends when it is gone."""
    message = chat.messages.get(message_id)
    if message is None:
        return {"chat": chat.wire, "message_id": message_id, "date": 0}
    return as_wire(message, chat.wire)


def commands_in(text: str) -> tuple[JsonObject, ...]:
    """Return the bot_command entities an app marks in a text, offsets in UTF-16 units."""
    if "/" not in text:
        return ()
    return tuple(
        {
            "type": "bot_command",
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found[0]),
        }
        for found in _COMMAND.finditer(text)
    )


def start_words(link_or_payload: str, username: str) -> str:
    """Return the /start message that opening a link, or pressing Start with a payload, sends.

    ValueError when the link leads to another bot or the payload is not one Telegram carries.
    """
    payload = link_or_payload.strip()
    link = _LINK.match(payload)
    if link is not None:
        if link[1].lower() != username.lower():
            raise ValueError(f"the link leads to {link[1]}, not to {username}")
        payload = link[2] or ""
    if len(payload) > LONGEST_PAYLOAD or not _PAYLOAD.fullmatch(payload):
        raise ValueError("a start parameter is up to 64 characters of A-Z, a-z, 0-9, _ and -")
    return f"/start {payload}".strip()


def described(buttons: Sequence[str]) -> str:
    return ", ".join(repr(label) for label in buttons) or "no buttons at all"


def _file(kind: str) -> JsonObject:
    return {"file_id": f"{kind}-of-a-person", "file_unique_id": kind, "file_size": 4096}
