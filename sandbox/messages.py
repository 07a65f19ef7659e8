"""A message as Telegram keeps it: how it reads over the wire, and how it looks on a screen."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.ledger import Button, Shown
from sandbox.wire import JsonObject, Upload, as_array, as_object


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """An uploaded file with the id Telegram gave it and, for a photo, its size in pixels."""

    file_id: str
    upload: Upload
    width: int = 0
    height: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message in one chat; an edit replaces it whole."""

    message_id: int
    sender: JsonObject
    from_bot: bool
    sent_at: datetime
    edited_at: datetime | None = None
    text: str | None = None
    caption: str | None = None
    entities: tuple[JsonObject, ...] = ()
    keyboard: JsonObject | None = None
    protected: bool = False
    photo: Picture | None = None
    document: Picture | None = None
    other: str | None = None
    extra: JsonObject = field(default_factory=dict[str, object])


def as_wire(message: Message, chat: JsonObject) -> JsonObject:
    """Return the Message object of the Bot API."""
    wire: JsonObject = {
        "message_id": message.message_id,
        "from": message.sender,
        "chat": chat,
        "date": int(message.sent_at.timestamp()),
    }
    if message.edited_at is not None:
        wire["edit_date"] = int(message.edited_at.timestamp())
    if message.text is not None:
        wire["text"] = message.text
    if message.photo is not None:
        wire["photo"] = [_photo_size(message.photo)]
    if message.document is not None:
        wire["document"] = _document(message.document)
    if message.caption is not None:
        wire["caption"] = message.caption
    if message.entities:
        wire["entities" if message.text is not None else "caption_entities"] = list(message.entities)
    if message.keyboard is not None:
        wire["reply_markup"] = message.keyboard
    if message.protected:
        wire["has_protected_content"] = True
    wire.update(message.extra)
    return wire


def as_shown(message: Message) -> Shown:
    """Return the message as the person reads it."""
    return Shown(
        message_id=message.message_id,
        from_bot=message.from_bot,
        text=message.text or "",
        entities=message.entities,
        buttons=buttons_of(message.keyboard),
        protected=message.protected,
        sent_at=message.sent_at,
        edited_at=message.edited_at,
        photo=message.photo.upload if message.photo else None,
        document=message.document.upload if message.document else None,
        caption=message.caption,
        other=message.other,
    )


def buttons_of(keyboard: JsonObject | None) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of an inline keyboard that has passed the rules."""
    rows = as_array(keyboard.get("inline_keyboard")) if keyboard else None
    return tuple(tuple(_button(as_object(button) or {}) for button in as_array(row) or []) for row in rows or [])


def _button(button: JsonObject) -> Button:
    data, url = button.get("callback_data"), button.get("url")
    return Button(
        label=str(button.get("text", "")),
        data=data if isinstance(data, str) else None,
        url=url if isinstance(url, str) else None,
    )


def _photo_size(picture: Picture) -> JsonObject:
    return {
        "file_id": picture.file_id,
        "file_unique_id": f"u{picture.file_id}",
        "file_size": len(picture.upload.content),
        "width": picture.width,
        "height": picture.height,
    }


def _document(picture: Picture) -> JsonObject:
    return {
        "file_id": picture.file_id,
        "file_unique_id": f"u{picture.file_id}",
        "file_size": len(picture.upload.content),
        "file_name": picture.upload.filename,
        "mime_type": picture.upload.content_type,
    }
