"""Whether Telegram answers at all: what is sent while it does not can only end uncertain, so one asks first."""

import asyncio

import structlog
from telegram.ext import ExtBot

from alliance.delivery import Result
from bot import outcomes
from bot.findings import Complain, Symptom
from bot.pausing import pause
from bot.telegram_api import call

TOO_MANY = 3  # sends in a row without an answer
ASK_EVERY = 3.0  # seconds
WITHOUT_ANSWER = frozenset({Result.NOT_SENT, Result.AMBIGUOUS})

log = structlog.get_logger()


class Unanswered:
    """Counts what came of sends; asks something harmless until Telegram is heard of again."""

    def __init__(self, bot: ExtBot[None], complain: Complain) -> None:
        self._bot, self._complain = bot, complain
        self._in_a_row = 0

    @property
    def are_too_many(self) -> bool:
        """Whether nothing has been answered lately."""
        return self._in_a_row >= TOO_MANY

    def note(self, result: Result) -> None:
        """Something was sent, and this came of it."""
        self._in_a_row = self._in_a_row + 1 if result in WITHOUT_ANSWER else 0

    async def ask(self, stopping: asyncio.Event) -> None:
        """Ask once what may be asked as often as one likes; without an answer, wait a little."""
        self._complain(Symptom.TELEGRAM_UNREACHABLE, True)
        try:
            await call(self._bot, "getMe", {})
        except Exception as error:  # noqa: BLE001  # as for a message: outcomes knows what each of them means
            if outcomes.failed(0, error).result in WITHOUT_ANSWER:
                log.warning("telegram_does_not_answer", cause=type(error).__name__)
                await pause(stopping, ASK_EVERY)
                return
        self._in_a_row = 0
        self._complain(Symptom.TELEGRAM_UNREACHABLE, False)
