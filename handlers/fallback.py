"""What nothing else listened to still gets an answer, or at least a decision."""

from telegram import Update
from telegram.constants import ChatMemberStatus

from handlers.context import Context
from handlers.patient import say_help
from handlers.stranger import turn_away
from workflows.reachable import gone, reachable_again


async def unknown_command(update: Update, context: Context) -> None:
    """A command nobody knows: say what there is."""
    if context.unit.person is not None:
        await say_help(context.unit)
        return
    await turn_away(context.unit, update.message)


async def anything_else(update: Update, context: Context) -> None:
    """Blocked and unblocked bots count; every other kind of update is noted as handled and changes nothing."""
    member = update.my_chat_member
    if member is None or context.unit.person is None:
        return
    if member.new_chat_member.status in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}:
        await gone(context.unit, context.unit.person)
    else:
        await reachable_again(context.unit, context.unit.person)
