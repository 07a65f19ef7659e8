"""What a message can hold, beside text: one plausible example of each kind that Bot API 10 documents."""

from collections.abc import Mapping

from sandbox.wire import JsonObject

_SOMEBODY: JsonObject = {"id": 412_999_001, "is_bot": False, "first_name": "Somebody", "language_code": "en"}
_CHANNEL: JsonObject = {"id": -1_001_999_000_001, "type": "channel", "title": "A channel", "username": "a_channel"}
_GROUP: JsonObject = {"id": -1_001_999_000_002, "type": "supergroup", "title": "A group"}
_AT = 1_790_000_000  # seconds since 1970; when what is forwarded or quoted was said


def _file(kind: str, **more: object) -> JsonObject:
    return {"file_id": f"{kind}-of-a-person", "file_unique_id": f"u-{kind}", "file_size": 4_096, **more}


_SIZE = _file("photo", width=90, height=90)
_VIDEO = _file("video", width=640, height=480, duration=9, mime_type="video/mp4", thumbnail=_SIZE)
_PLACE: JsonObject = {"latitude": 40.4168, "longitude": -3.7038}
_STICKER = _file("sticker", type="regular", width=512, height=512, is_animated=False, is_video=False, emoji="👋")
_OPTIONS: list[JsonObject] = [
    {"persistent_id": "0", "text": "Yes", "voter_count": 1},
    {"persistent_id": "1", "text": "No", "voter_count": 0},
]
POLL: JsonObject = {
    "id": "5300000000000000001",
    "question": "Did you sleep?",
    "options": _OPTIONS,
    "total_voter_count": 1,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}

# each becomes part of a Message as it is; the name says what it is good for
CONTENTS: Mapping[str, JsonObject] = {
    "animation": {
        "animation": _file("animation", width=320, height=240, duration=3, mime_type="video/mp4"),
        "document": _file("animation", mime_type="video/mp4"),
    },
    "audio": {"audio": _file("audio", duration=180, title="A song", performer="A band", mime_type="audio/mpeg")},
    "document": {"document": _file("document", file_name="letter.pdf", mime_type="application/pdf")},
    "document with caption": {"document": _file("document", file_name="letter.pdf"), "caption": "from my doctor"},
    "photo": {"photo": [_SIZE, _file("photo-large", width=1280, height=1280)]},
    "photo of an album": {"photo": [_SIZE], "media_group_id": "13000000000000001", "caption": "one of three"},
    "photo hidden as a spoiler": {"photo": [_SIZE], "has_media_spoiler": True, "show_caption_above_media": True},
    "sticker": {"sticker": _STICKER},
    "story": {"story": {"chat": _CHANNEL, "id": 7}},
    "video": {"video": _VIDEO},
    "video_note": {"video_note": _file("video_note", length=240, duration=8)},
    "voice": {"voice": _file("voice", duration=7, mime_type="audio/ogg")},
    "voice with caption": {"voice": _file("voice", duration=7), "caption": "listen to this"},
    "paid_media": {"paid_media": {"star_count": 5, "paid_media": [{"type": "video", "video": _VIDEO}]}},
    "contact": {"contact": {"phone_number": "+34600000000", "first_name": "Somebody", "user_id": 412_999_001}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "game": {"game": {"title": "A game", "description": "It passes the time.", "photo": [_SIZE]}},
    "poll": {"poll": POLL},
    "checklist": {"checklist": {"title": "Before the visit", "tasks": [{"id": 1, "text": "Write it down"}]}},
    "location": {"location": {**_PLACE, "horizontal_accuracy": 12.0}},
    "live location": {"location": {**_PLACE, "live_period": 900, "heading": 90}},
    "venue": {"venue": {"location": _PLACE, "title": "The clinic", "address": "1 Some Street"}},
    "forward of a user": {
        "text": "forwarded",
        "forward_origin": {"type": "user", "date": _AT, "sender_user": _SOMEBODY},
    },
    "forward of a hidden user": {
        "text": "forwarded",
        "forward_origin": {"type": "hidden_user", "date": _AT, "sender_user_name": "Somebody"},
    },
    "forward of a chat": {
        "text": "forwarded",
        "forward_origin": {"type": "chat", "date": _AT, "sender_chat": _GROUP, "author_signature": "admin"},
    },
    "forward of a channel": {
        "text": "forwarded",
        "forward_origin": {"type": "channel", "date": _AT, "chat": _CHANNEL, "message_id": 12},
        "is_automatic_forward": True,
    },
    "quote": {"text": "this part", "quote": {"text": "how it was", "position": 0, "is_manual": True}},
    "external reply": {
        "text": "about that",
        "external_reply": {
            "origin": {"type": "channel", "date": _AT, "chat": _CHANNEL, "message_id": 12},
            "chat": _CHANNEL,
            "message_id": 12,
            "photo": [_SIZE],
        },
    },
    "reply to a story": {"text": "about your story", "reply_to_story": {"chat": _CHANNEL, "id": 7}},
    "by way of a bot": {
        "text": "found by a bot",
        "via_bot": {"id": 93_372_553, "is_bot": True, "first_name": "Finder", "username": "finder_bot"},
    },
    "with an effect": {"text": "hooray", "effect_id": "5104841245755180586"},
    "with a link": {
        "text": "see example.org",
        "entities": [{"type": "url", "offset": 4, "length": 11}],
        "link_preview_options": {"url": "https://example.org"},
    },
    "with every entity": {
        "text": "bold code secret quoted",
        "entities": [
            {"type": "bold", "offset": 0, "length": 4},
            {"type": "code", "offset": 5, "length": 4},
            {"type": "spoiler", "offset": 10, "length": 6},
            {"type": "blockquote", "offset": 17, "length": 6},
        ],
    },
    "sent while away": {"text": "as if typed", "is_from_offline": True},
    "pinned_message": {"pinned_message": {"chat": _GROUP, "message_id": 3, "date": 0}},
    "new_chat_members": {"new_chat_members": [_SOMEBODY]},
    "left_chat_member": {"left_chat_member": _SOMEBODY},
    "new_chat_title": {"new_chat_title": "Another title"},
    "new_chat_photo": {"new_chat_photo": [_SIZE]},
    "delete_chat_photo": {"delete_chat_photo": True},
    "group_chat_created": {"group_chat_created": True},
    "message_auto_delete_timer_changed": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86_400}},
    "users_shared": {"users_shared": {"request_id": 1, "users": [{"user_id": 412_999_001}]}},
    "chat_shared": {"chat_shared": {"request_id": 2, "chat_id": -1_001_999_000_002}},
    "write_access_allowed": {"write_access_allowed": {"from_request": True}},
    "web_app_data": {"web_app_data": {"data": "{}", "button_text": "Open"}},
    "video_chat_started": {"video_chat_started": {}},
    "video_chat_ended": {"video_chat_ended": {"duration": 60}},
    "boost_added": {"boost_added": {"boost_count": 1}},
    "chat_background_set": {
        "chat_background_set": {
            "type": {"type": "fill", "fill": {"type": "solid", "color": 0}, "dark_theme_dimming": 10}
        }
    },
    "successful_payment": {
        "successful_payment": {
            "currency": "XTR",
            "total_amount": 1,
            "invoice_payload": "none of ours",
            "telegram_payment_charge_id": "t",
            "provider_payment_charge_id": "p",
        }
    },
}
