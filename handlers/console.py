"""/console: staff ask for the link with which they sign in to the console."""

from telegram import Update

from handlers.context import Context
from handlers.stranger import turn_away
from workflows.sign_in import send_link


async def console(update: Update, context: Context) -> None:
    """A link that works once and for ten minutes; whoever is none of the staff hears that it is not for them."""
    unit = context.unit
    if unit.person is None:
        await turn_away(unit, update.message)
    else:
        await send_link(unit, unit.person)
