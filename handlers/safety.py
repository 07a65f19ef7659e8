"""Before everything else: every text and caption, new or edited, from anyone, is screened."""

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import ApplicationHandlerStop

from handlers.context import KEPT, Context
from handlers.decode import is_command, is_service, written
from workflows import staff_words
from workflows.keep_message import keep
from workflows.raise_alert import raise_alert
from workflows.speak import leave_chat

OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})  # of a group: there is nothing to leave any more


async def screen_first(update: Update, context: Context) -> None:
    """Screen and keep a message; in danger a person is told, and nothing else happens in this update.

    What is written in a group is left alone, and so is the group: nothing personal is said there.
    """
    KEPT.set(None)
    chat = update.effective_chat
    if chat is not None and chat.type != ChatType.PRIVATE:
        if update.my_chat_member is None or update.my_chat_member.new_chat_member.status not in OUT:
            await leave_chat(context.unit, chat.id)
        raise ApplicationHandlerStop
    message = update.message or update.edited_message
    if message is None or is_service(message):
        return
    unit, is_edit = context.unit, update.edited_message is not None
    if is_command(message) and not is_edit:
        await staff_words.put_aside(unit)
    elif await staff_words.is_expected(unit, message.message_id, is_edit=is_edit):
        return  # a clinician writes to or about somebody else
    kept = await keep(context.unit, written(message), is_command=is_command(message))
    KEPT.set(kept)
    if kept.cause is None:
        return
    sender = message.from_user
    person = context.unit.person
    spoken = person.language if person else (sender.language_code if sender else None)
    await raise_alert(
        context.unit,
        chat_id=message.chat.id,
        language=spoken or context.unit.clinic.language,
        cause=kept.cause,
        degree=kept.degree,
        why=kept.why,
        rule=kept.rule,
        message_row=kept.message.id if kept.message else None,
        written_at=message.edit_date or message.date,
    )
    raise ApplicationHandlerStop
