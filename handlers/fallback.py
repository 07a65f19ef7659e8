"""What nothing else listened to still gets an answer, or at least a decision."""

from telegram import Update
from telegram.constants import ChatMemberStatus

from alliance.saying import Saying
from handlers.context import Context
from handlers.patient import say_help
from workflows.reachable import gone, reachable_again
from workflows.speak import say


async def unknown_command(update: Update, context: Context) -> None:
    """A command nobody knows: say what there is."""
    if context.unit.person is not None:
        await say_help(context.unit)
        return
    if update.message is not None:
        sender = update.message.from_user
        wording = context.unit.wording((sender.language_code if sender else None) or context.unit.clinic.language)
        await say(context.unit, update.message.chat.id, Saying(text=wording("stranger")))


async def anything_else(update: Update, context: Context) -> None:
    """Blocked and unblocked bots count; every other kind of update is noted as handled and changes nothing."""
    member = update.my_chat_member
    if member is None or context.unit.person is None:
        return
    if member.new_chat_member.status in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}:
        await gone(context.unit, context.unit.person)
    else:
        await reachable_again(context.unit, context.unit.person)
