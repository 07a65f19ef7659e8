"""python-telegram-bot's dispatcher, without its updater, its job queue and its persistence."""

from typing import Any

from telegram.ext import Application, ContextTypes, ExtBot

from handlers import register
from handlers.context import Context

App = Application[Any, Any, Any, Any, Any, Any]  # Any: the library's type parameters say nothing to us


def make_application(bot: ExtBot[None]) -> App:
    """An application that only dispatches; updates are put into it one by one."""
    application = (
        Application.builder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .build()
    )
    register(application)
    return application
