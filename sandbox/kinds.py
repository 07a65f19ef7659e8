"""Every kind of update Bot API 10 documents, with plausible content: most are nothing this product asked for."""

from collections.abc import Iterator
from datetime import datetime

from sandbox.contents import CONTENTS, POLL
from sandbox.wire import JsonObject

_THUMB: JsonObject = {"type": "emoji", "emoji": "👍"}
_CONNECTION = "a-business-connection"
_RIGHTS: JsonObject = {"can_reply": True, "can_read_messages": True}


def every_kind(sender: JsonObject, chat: JsonObject, at: datetime) -> Iterator[tuple[str, JsonObject]]:
    """Yield a name and an update without its id, for each kind, as if that person had caused it in that chat."""
    yield from _messages(sender, chat, int(at.timestamp()))
    yield from _business(sender, chat, int(at.timestamp()))
    yield from _reactions(sender, chat, int(at.timestamp()))
    yield from _queries(sender)
    yield from _members(sender, chat, int(at.timestamp()))


def _messages(sender: JsonObject, chat: JsonObject, date: int) -> Iterator[tuple[str, JsonObject]]:
    for number, (name, content) in enumerate(CONTENTS.items(), start=1):
        message = _message(sender, chat, date, number)
        yield f"message: {name}", {"message": {**message, **content}}
    edited = _message(sender, chat, date, 1) | {"edit_date": date + 60}
    yield "edited_message", {"edited_message": {**edited, "text": "what I meant"}}
    channel: JsonObject = {"id": -1_001_999_000_003, "type": "channel", "title": "Another channel"}
    post: JsonObject = {"message_id": 4, "date": date, "chat": channel, "sender_chat": channel, "text": "to everybody"}
    yield "channel_post", {"channel_post": post}
    yield "edited_channel_post", {"edited_channel_post": {**post, "edit_date": date + 60}}


def _business(sender: JsonObject, chat: JsonObject, date: int) -> Iterator[tuple[str, JsonObject]]:
    connection: JsonObject = {
        "id": _CONNECTION,
        "user": sender,
        "user_chat_id": sender["id"],
        "date": date,
        "is_enabled": True,
        "rights": _RIGHTS,
    }
    yield "business_connection", {"business_connection": connection}
    message = _message(sender, chat, date, 5) | {"business_connection_id": _CONNECTION, "text": "not to the bot"}
    yield "business_message", {"business_message": message}
    yield "edited_business_message", {"edited_business_message": {**message, "edit_date": date + 60}}
    deleted: JsonObject = {"business_connection_id": _CONNECTION, "chat": chat, "message_ids": [5, 6]}
    guest = _message(sender, chat, date, 7) | {"guest_query_id": "g", "text": "asked in passing"}
    yield "guest_message", {"guest_message": guest}
    managed: JsonObject = {"id": 124, "is_bot": True, "first_name": "Another", "username": "another_bot"}
    yield "managed_bot", {"managed_bot": {"user": sender, "bot": managed}}
    yield "deleted_business_messages", {"deleted_business_messages": deleted}


def _reactions(sender: JsonObject, chat: JsonObject, date: int) -> Iterator[tuple[str, JsonObject]]:
    about: JsonObject = {"chat": chat, "message_id": 6, "date": date}
    reaction: JsonObject = {**about, "user": sender, "old_reaction": [], "new_reaction": [_THUMB]}
    yield "message_reaction", {"message_reaction": reaction}
    counts: JsonObject = {**about, "reactions": [{"type": _THUMB, "total_count": 3}]}
    yield "message_reaction_count", {"message_reaction_count": counts}
    yield "poll", {"poll": POLL}
    answer: JsonObject = {"poll_id": POLL["id"], "user": sender, "option_ids": [0], "option_persistent_ids": ["0"]}
    yield "poll_answer", {"poll_answer": answer}


def _queries(sender: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    asked: JsonObject = {"id": "4611686018427387904", "from": sender}
    address: JsonObject = {
        "country_code": "ES",
        "state": "",
        "city": "Madrid",
        "street_line1": "1 Some Street",
        "street_line2": "",
        "post_code": "28001",
    }
    pays: JsonObject = {"currency": "XTR", "total_amount": 1, "invoice_payload": "none of ours"}
    yield "inline_query", {"inline_query": {**asked, "query": "help", "offset": "", "chat_type": "sender"}}
    yield "chosen_inline_result", {"chosen_inline_result": {"result_id": "1", "from": sender, "query": "help"}}
    game: JsonObject = {**asked, "chat_instance": "1", "game_short_name": "a_game", "inline_message_id": "x"}
    yield "callback_query: of a game", {"callback_query": game}
    yield "callback_query: without data", {"callback_query": {**asked, "chat_instance": "1"}}
    shipping: JsonObject = {**asked, "invoice_payload": "none of ours", "shipping_address": address}
    yield "shipping_query", {"shipping_query": shipping}
    yield "pre_checkout_query", {"pre_checkout_query": {**asked, **pays}}
    yield "purchased_paid_media", {"purchased_paid_media": {"from": sender, "paid_media_payload": "none of ours"}}


def _members(sender: JsonObject, chat: JsonObject, date: int) -> Iterator[tuple[str, JsonObject]]:
    changed: JsonObject = {
        "chat": chat,
        "from": sender,
        "date": date,
        "old_chat_member": {"user": sender, "status": "member"},
        "new_chat_member": {"user": sender, "status": "left"},
    }
    bot: JsonObject = {"id": 123, "is_bot": True, "first_name": "Check-in"}
    stands: JsonObject = {
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
    }
    yield "my_chat_member", {"my_chat_member": {**changed, **stands}}
    yield "chat_member", {"chat_member": changed}
    asks: JsonObject = {"chat": chat, "from": sender, "user_chat_id": sender["id"], "date": date}
    yield "chat_join_request", {"chat_join_request": asks}
    premium: JsonObject = {"source": "premium", "user": sender}
    boost: JsonObject = {"boost_id": "b", "add_date": date, "expiration_date": date + 86_400, "source": premium}
    yield "chat_boost", {"chat_boost": {"chat": chat, "boost": boost}}
    removed: JsonObject = {"chat": chat, "boost_id": "b", "remove_date": date, "source": premium}
    yield "removed_chat_boost", {"removed_chat_boost": removed}


def _message(sender: JsonObject, chat: JsonObject, date: int, number: int) -> JsonObject:
    return {"message_id": 900_000 + number, "from": sender, "chat": chat, "date": date}
