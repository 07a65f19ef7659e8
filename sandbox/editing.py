"""The methods that change or take back what was said, and answer a tap."""

from dataclasses import replace
from datetime import timedelta

from sandbox.chats import Chat
from sandbox.keyboards import read_keyboard
from sandbox.messages import Message
from sandbox.refusals import NOT_MODIFIED, QUERY_TOO_OLD, bad_request
from sandbox.rules import read_text, utf16_length
from sandbox.sending import Done
from sandbox.wire import Request
from sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)
ANSWERABLE_FOR = timedelta(seconds=15)  # undocumented; reports say the button stops waiting after 10 to 20 s
LONGEST_TOAST = 200  # UTF-16 units


def edit_message_text(world: World, request: Request) -> Done:
    chat, message = _editable(world, request)
    text, entities = read_text(request)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    edited = replace(message, text=text, entities=entities, keyboard=read_keyboard(request))
    return _edit(world, chat, message, edited)


def edit_message_reply_markup(world: World, request: Request) -> Done:
    chat, message = _editable(world, request)
    return _edit(world, chat, message, replace(message, keyboard=read_keyboard(request)))


def delete_message(world: World, request: Request) -> Done:
    chat = world.chats.open(request.integer("chat_id"))
    message = chat.messages.get(request.integer("message_id") or 0)
    if message is None:
        raise bad_request("message to delete not found")
    if not (message.from_bot or chat.private):
        raise bad_request("message can't be deleted")
    if world.now() - message.sent_at > DELETABLE_FOR:
        raise bad_request("message can't be deleted for everyone")
    world.remove(chat, message.message_id)
    return Done(result=True, message_id=message.message_id)


def answer_callback_query(world: World, request: Request) -> Done:
    text = request.text("text") or ""
    if utf16_length(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    tap = world.taps.get(request.text("callback_query_id") or "")
    if tap is None or tap.answered or world.now() - tap.at > ANSWERABLE_FOR:
        raise bad_request(QUERY_TOO_OLD)
    tap.answered = True
    tap.toast = text or None
    world.ledger.noticed()
    return Done(result=True, chat_id=tap.chat_id)


def _editable(world: World, request: Request) -> tuple[Chat, Message]:
    message_id = request.integer("message_id")
    if message_id is None:
        raise bad_request("message identifier is not specified")
    chat = world.chats.open(request.integer("chat_id"))
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, before: Message, after: Message) -> Done:
    if after == before:
        raise bad_request(NOT_MODIFIED)
    # a changed keyboard alone does not mark the message as edited
    changed = after if after.text == before.text else replace(after, edited_at=world.now())
    return Done(result=world.put(chat, changed), message_id=changed.message_id)
