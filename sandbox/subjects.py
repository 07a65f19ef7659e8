"""Of what kind an update is, and about which chat or person."""

from sandbox.wire import JsonObject, as_object

# kinds that name nobody but whoever did it; Telegram keeps their order for each person, not for each chat
_BY_PERSON = frozenset(
    {
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "business_connection",
    }
)
_CONTENTS = (
    *("text", "animation", "photo", "voice", "video", "video_note", "audio", "document", "sticker", "location"),
    *("contact", "venue", "poll", "dice", "story", "game", "checklist", "paid_media"),
)


def kind_of(update: JsonObject) -> str:
    """Return the name of what the update holds, empty when it holds nothing."""
    return next((name for name in update if name != "update_id"), "")


def subject_of(update: JsonObject) -> int | str | None:
    """Return the id of the chat, person or poll the update is about, None when it names none."""
    kind = kind_of(update)
    payload = as_object(update.get(kind)) or {}
    if kind == "poll":
        return _id(payload)
    if kind == "poll_answer":
        return _id(as_object(payload.get("voter_chat")) or as_object(payload.get("user")))
    if kind in _BY_PERSON:
        return _id(as_object(payload.get("from")) or as_object(payload.get("user")))
    return _id(as_object(payload.get("chat")))


def chat_of(update: JsonObject) -> int | None:
    """Return the chat an update happened in, a tapped message's chat too, None when there is none."""
    payload = as_object(update.get(kind_of(update))) or {}
    message = as_object(payload.get("message")) or payload
    found = _id(as_object(message.get("chat")))
    return found if isinstance(found, int) else None


def content_of(payload: JsonObject) -> str | None:
    """Return what a message holds, such as "text" or "photo"; None when it is no message or holds nothing known."""
    return next((name for name in _CONTENTS if name in payload), None)


def _id(holder: JsonObject | None) -> int | str | None:
    found = (holder or {}).get("id")
    return found if isinstance(found, int | str) else None
