"""When the database refuses: a message that speaks of danger is answered and paged all the same, straight away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from telegram.error import Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.telegram_api import Answer, call
from storage.database import Database
from storage.inbox import identity_of
from workflows.danger import Danger, danger_in
from workflows.page_staff import reachable_staff
from workflows.raise_alert import ASKED_FOR_HELP, safety_saying
from workflows.speak import body_of
from workflows.unit import Clinic

REMEMBER_FOR = timedelta(minutes=10)  # how old the list of people to page may become while the database works

log = structlog.get_logger()


class LastResort:
    """Knows, without the database, what to say in a crisis and whom to tell."""

    def __init__(self, bot: ExtBot[None], clinic: Clinic) -> None:
        self._bot, self._clinic = bot, clinic
        self._staff: tuple[tuple[int, str], ...] = ()  # chat and language of people to page, in order
        self._looked_at: datetime | None = None
        self._told: set[str] = set()

    async def look_up_staff(self, database: Database, now: datetime) -> None:
        """Remember whom to page, now and then, while the database can still say."""
        if self._looked_at is not None and now - self._looked_at < REMEMBER_FOR:
            return
        async with database.reading() as session:
            self._staff = await reachable_staff(session, now=now)
        self._looked_at = now
        self._told.clear()

    async def answer_danger(self, updates: Sequence[Answer]) -> int:
        """Send the safety message and a page for each message in danger, once; how many there were.

        The update itself stays with Telegram and is handled in full when the database is back: a second
        safety message is better than none.
        """
        answered = 0
        for update in updates:
            danger = danger_in(update, self._clinic)
            identity = identity_of(update)
            if danger is None or identity in self._told:
                continue
            if await self._tell(danger):
                self._told.add(identity)
                answered += 1
        if answered:
            log.error("answered_without_database", messages=answered)
        return answered

    async def _tell(self, danger: Danger) -> bool:
        """Whether the person has been answered; otherwise it is tried again with the next batch."""
        saying = safety_saying(
            self._clinic,
            degree=danger.degree,
            language=danger.language or self._clinic.language,
            asked=danger.cause == ASKED_FOR_HELP,
        )
        answered = await self._send(body_of(saying, chat_id=danger.chat_id))
        if not self._staff:
            log.critical("nobody_to_page_without_database")
        for staff_chat, spoken in self._staff:
            wording = self._clinic.wordings.in_language(spoken)
            await self._send({"chat_id": staff_chat, "text": wording("alert.without_database")})

        return answered

    async def _send(self, body: Mapping[str, object]) -> bool:
        try:
            await call(self._bot, "sendMessage", dict(body))
        except TelegramError as error:
            log.error("last_resort_failed", cause=type(error).__name__)
            return isinstance(error, Forbidden)  # who has blocked the bot is not tried again
        return True
