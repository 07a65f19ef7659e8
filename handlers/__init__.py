"""What people say in Telegram: decode, call one workflow, answer. The order of listening is here."""

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import (
    buttons,
    clinician,
    console,
    coordinator,
    coordinator_pages,
    errors,
    fallback,
    invitation,
    messages,
    own_choices,
    patient,
    safety,
    staff_times,
)

SAFETY_FIRST = -1  # before everything: nothing else may run before the screen has

NEW = filters.UpdateType.MESSAGE  # an edited command is not given a second time


def register(
    application: Application[Any, Any, Any, Any, Any, Any],
) -> None:  # Any: the library's type parameters say nothing to us
    """Install every handler, in the order in which they listen."""
    application.add_handler(TypeHandler(Update, safety.screen_first), group=SAFETY_FIRST)
    application.add_handler(CommandHandler("start", invitation.start, filters=NEW))
    application.add_handler(CommandHandler("help", patient.help_, filters=NEW))
    application.add_handler(CommandHandler("help_now", patient.help_now, filters=NEW))
    application.add_handler(CommandHandler("pause", patient.pause, filters=NEW))
    application.add_handler(CommandHandler("resume", patient.resume, filters=NEW))
    application.add_handler(CommandHandler("leave", patient.leave, filters=NEW))
    for command, place in own_choices.PAGES.items():
        application.add_handler(CommandHandler(command, own_choices.opens(place), filters=NEW))
    application.add_handler(CommandHandler("mydata", own_choices.my_data, filters=NEW))
    application.add_handler(CommandHandler("cadence", coordinator.cadence, filters=NEW))
    for asked in coordinator_pages.Asked:
        application.add_handler(CommandHandler(asked.value, coordinator_pages.opens(asked), filters=NEW))
    application.add_handler(CommandHandler("hours", staff_times.hours, filters=NEW))
    application.add_handler(CommandHandler("away", staff_times.away, filters=NEW))
    application.add_handler(CommandHandler("hold", staff_times.hold, filters=NEW))
    application.add_handler(CommandHandler("console", console.console, filters=NEW))
    application.add_handler(CommandHandler("agreed", own_choices.agreed, filters=NEW))
    for command, step in clinician.COMMANDS.items():
        application.add_handler(CommandHandler(command, clinician.opens(step), filters=NEW))
    application.add_handler(CallbackQueryHandler(buttons.press))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, messages.edited))
    application.add_handler(MessageHandler(NEW, messages.received))
    application.add_handler(TypeHandler(Update, fallback.anything_else))
    application.add_error_handler(errors.fail_the_unit)
