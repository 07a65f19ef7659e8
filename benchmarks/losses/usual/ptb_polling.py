"""python-telegram-bot, polling: ``Application.run_polling()``, as its first example does.

Follows https://docs.python-telegram-bot.org/en/stable/examples.echobot.html
"""

import sys

from telegram import Update

from benchmarks.losses.usual.ptb_store import application


def main() -> None:
    """Words: address of the Bot API, token, database file."""
    url, token, database = sys.argv[1:]
    application(url, token, database).run_polling(allowed_updates=Update.ALL_TYPES)
