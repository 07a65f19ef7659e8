"""The list of commands that Telegram shows to people it knows nothing else about; others have their own."""

import structlog
from telegram.error import TelegramError
from telegram.ext import ExtBot

from alliance.commands import FOR_EVERYBODY
from alliance.wording import FIRST_LANGUAGE
from bot.telegram_api import Answer, call
from workflows.unit import Clinic

log = structlog.get_logger()


async def show_commands(bot: ExtBot[None], clinic: Clinic) -> None:
    """Tell Telegram the commands in every language; without it everything works, only less handily."""
    for language in clinic.wordings.languages:
        wording = clinic.wordings.in_language(language)
        commands = [{"command": name, "description": wording(f"menu.{name}")} for name in FOR_EVERYBODY]
        body: Answer = {"commands": commands}
        if language != FIRST_LANGUAGE:
            body["language_code"] = language
        try:
            await call(bot, "setMyCommands", body)
        except TelegramError as error:
            log.warning("commands_not_shown", language=language, cause=type(error).__name__)
