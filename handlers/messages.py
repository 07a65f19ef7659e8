"""Messages that are neither a tap nor a command."""

from telegram import Update

from alliance.people import STAFF, Role
from alliance.saying import Saying
from handlers.context import KEPT, Context
from handlers.decode import is_service, written
from handlers.stranger import turn_away
from workflows import staff_typed, staff_words, write_note
from workflows.speak import say
from workflows.take_reply import take_edit, take_message
from workflows.typed_answer import take_typed


async def received(update: Update, context: Context) -> None:
    """A patient's message counts; staff and strangers are told what this chat is for."""
    unit, message = context.unit, update.message
    if message is None or is_service(message):
        return
    if unit.person is None:
        await turn_away(unit, message)
        return
    kept, words = KEPT.get(), written(message).words
    row = kept.message if kept else None
    if await staff_words.take(unit, message.message_id, words, kept=row):
        return
    if Role.CLINICIAN in unit.actor.roles and await staff_typed.take_typed(unit, unit.person, row, words):
        return
    if Role.PATIENT in unit.actor.roles:
        if not await take_typed(unit, unit.person, row, words):
            await take_message(unit, unit.person, row, words)
    else:
        await say(unit, unit.person, Saying(text=unit.wording()("staff.only_commands")))


async def edited(update: Update, context: Context) -> None:
    """A changed message: the new version is kept, and nothing is said; a note that was typed in it is shown anew."""
    kept, unit, message = KEPT.get(), context.unit, update.edited_message
    if message is not None and unit.person is not None and STAFF & unit.actor.roles:
        await write_note.take_edit(unit, unit.person, message.message_id, written(message).words)
    if kept is not None and unit.person is not None and Role.PATIENT in unit.actor.roles:
        await take_edit(unit, unit.person, kept.message)
