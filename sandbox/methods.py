"""Which methods there are, what parameters each one knows, and which ones count as speaking."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sandbox import about, editing, hooks, sending
from sandbox.sending import Done
from sandbox.wire import Request
from sandbox.world import World

Act: TypeAlias = Callable[[World, Request], Done]

_SEND = """
    business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification
    protect_content allow_paid_broadcast message_effect_id
    suggested_post_parameters reply_parameters reply_markup parse_mode
"""
_EDIT = "business_connection_id chat_id message_id inline_message_id reply_markup"
_WEBHOOK = "url certificate ip_address max_connections allowed_updates drop_pending_updates secret_token"


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """A method of the Bot API. `act` is None for getUpdates, the only one that can wait."""

    name: str
    known: frozenset[str]
    speaks: bool  # counts against the flood limits
    act: Act | None


def _method(name: str, act: Act | None, *parameters: str, speaks: bool = False) -> Method:
    return Method(name=name, known=frozenset(" ".join(parameters).split()), speaks=speaks, act=act)


_ALL = (
    _method("getUpdates", None, "offset limit timeout allowed_updates"),
    _method("getMe", about.get_me),
    _method("sendMessage", sending.send_message, _SEND, "text entities link_preview_options", speaks=True),
    _method(
        "sendPhoto",
        sending.send_photo,
        _SEND,
        "photo caption caption_entities show_caption_above_media has_spoiler",
        speaks=True,
    ),
    _method(
        "sendDocument",
        sending.send_document,
        _SEND,
        "document thumbnail caption caption_entities disable_content_type_detection",
        speaks=True,
    ),
    _method("sendChatAction", sending.send_chat_action, "business_connection_id chat_id message_thread_id action"),
    _method(
        "editMessageText",
        editing.edit_message_text,
        _EDIT,
        "text parse_mode entities link_preview_options",
        speaks=True,
    ),
    _method("editMessageReplyMarkup", editing.edit_message_reply_markup, _EDIT, speaks=True),
    _method("deleteMessage", editing.delete_message, "chat_id message_id"),
    _method(
        "answerCallbackQuery",
        editing.answer_callback_query,
        "callback_query_id text show_alert url cache_time",
    ),
    _method("setMyCommands", about.set_my_commands, "commands scope language_code"),
    _method("deleteMyCommands", about.delete_my_commands, "scope language_code"),
    _method("getMyCommands", about.get_my_commands, "scope language_code"),
    _method("setWebhook", hooks.set_webhook, _WEBHOOK),
    _method("deleteWebhook", hooks.delete_webhook, "drop_pending_updates"),
    _method("getWebhookInfo", hooks.get_webhook_info),
    _method("getChat", about.get_chat, "chat_id"),
    _method("leaveChat", about.leave_chat, "chat_id"),
)

# Telegram does not mind the case of a method's name
METHODS: Mapping[str, Method] = {method.name.lower(): method for method in _ALL}
