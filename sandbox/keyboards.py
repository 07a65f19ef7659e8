"""What Telegram accepts as a keyboard under a message."""

from sandbox.refusals import bad_request
from sandbox.wire import JsonObject, Request, as_array, as_object

LONGEST_DATA = 64  # bytes
MOST_BUTTONS = 100
WIDEST_ROW = 8
_ACTIONS_WORDS = """
    callback_data url web_app login_url switch_inline_query switch_inline_query_current_chat
    switch_inline_query_chosen_chat copy_text callback_game pay
"""
ACTIONS = frozenset(_ACTIONS_WORDS.split())
_DRESS = frozenset({"text", "style", "icon_custom_emoji_id"})
_OTHER_MARKUPS = frozenset({"keyboard", "remove_keyboard", "force_reply"})
_SCHEMES = ("http://", "https://", "tg://")


def read_keyboard(request: Request) -> JsonObject | None:
    """Return the inline keyboard as it would be echoed, None when there is none, or refuse.

    The other markups change what a person types with, not the message, and are not echoed.
    """
    if request.values.get("reply_markup") in (None, ""):
        return None
    markup = request.json_object("reply_markup")
    if markup is None:
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if not _OTHER_MARKUPS & markup.keys():
            request.remarks.append("reply_markup is none of the kinds there are")
        return None
    rows = as_array(markup["inline_keyboard"])
    if rows is None:
        raise bad_request("can't parse inline keyboard: expected an Array of Arrays")
    read = [row for row in (_read_row(row, request) for row in rows) if row]
    if sum(len(row) for row in read) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": read} if read else None


def _read_row(given: object, request: Request) -> list[JsonObject]:
    buttons = as_array(given)
    if buttons is None:
        raise bad_request("can't parse inline keyboard: expected an Array of Arrays")
    if len(buttons) > WIDEST_ROW:
        raise bad_request("reply markup is too long")
    return [_read_button(button, request) for button in buttons]


def _read_button(given: object, request: Request) -> JsonObject:
    button = as_object(given)
    if button is None:
        raise bad_request("can't parse inline keyboard button: expected an Object")
    label = button.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request("can't parse inline keyboard button: its text is empty")
    actions = [name for name in button if name in ACTIONS]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: it has more than one action")
    _check_action(button)
    unknown = button.keys() - ACTIONS - _DRESS
    request.remarks.extend(f"unknown field of a button: {name}" for name in sorted(unknown))
    return button


def _check_action(button: JsonObject) -> None:
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= LONGEST_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not str(button["url"]).startswith(_SCHEMES):
        raise bad_request("BUTTON_URL_INVALID")
