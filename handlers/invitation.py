"""/start: a one-time link is opened, or somebody says hello."""

from telegram import Update

from alliance.saying import Saying
from handlers.context import Context
from handlers.patient import say_help
from workflows.enrol import accept_invitation
from workflows.speak import say


async def start(update: Update, context: Context) -> None:
    """Open an invitation; a code that cannot be used and no code at all get the same sentence."""
    unit = context.unit
    message = update.message
    if message is None:
        return
    code = context.args[0] if context.args else ""
    if code and await accept_invitation(unit, code, chat_id=message.chat.id):
        return
    if unit.person is not None:
        await say_help(unit)
        return
    language = message.from_user.language_code if message.from_user else None
    wording = unit.wording(language or unit.clinic.language)
    await say(unit, message.chat.id, Saying(text=wording("stranger")))
