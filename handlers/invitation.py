"""/start: a one-time link is opened, or somebody says hello."""

from telegram import Update

from handlers.context import Context
from handlers.patient import say_help
from handlers.stranger import turn_away
from workflows.enrol import accept_invitation, ask_where_it_stopped


async def start(update: Update, context: Context) -> None:
    """Open an invitation; a code that cannot be used and no code at all get the same sentence."""
    unit = context.unit
    message = update.message
    if message is None:
        return
    code = context.args[0] if context.args else ""
    if code and await accept_invitation(unit, code, chat_id=message.chat.id):
        return
    if unit.person is None:
        await turn_away(unit, message)
    elif not await ask_where_it_stopped(unit, unit.person):
        await say_help(unit)
