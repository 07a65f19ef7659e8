"""What nothing else listened to: blocked and unblocked bots, and everything that only needs a decision."""

from telegram import Update
from telegram.constants import ChatMemberStatus

from handlers.context import Context
from workflows.reachable import gone, reachable_again


async def anything_else(update: Update, context: Context) -> None:
    """Blocked and unblocked bots count; every other kind of update is noted as handled and changes nothing."""
    member = update.my_chat_member
    if member is None or context.unit.person is None:
        return
    if member.new_chat_member.status in {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}:
        await gone(context.unit, context.unit.person)
    else:
        await reachable_again(context.unit, context.unit.person)
