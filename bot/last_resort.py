"""When the database refuses: a message that speaks of danger is answered and paged all the same, straight away."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.telegram_api import Answer, call
from storage.database import Database
from storage.raw_updates import identity_of
from workflows.danger import Danger, danger_in
from workflows.raise_alert import ASKED_FOR_HELP, safety_saying
from workflows.speak import body_of
from workflows.unit import Clinic
from workflows.whom_to_page import reachable_staff

REMEMBER_FOR = timedelta(minutes=10)  # how old the list of people to page may become while the database works

log = structlog.get_logger()


class LastResort:
    """Knows, without the database, what to say in a crisis and whom to tell."""

    def __init__(self, bot: ExtBot[None], clinic: Clinic) -> None:
        self._bot, self._clinic = bot, clinic
        self._staff: tuple[tuple[int, str], ...] = ()  # chat and language of people to page, in order
        self._looked_at: datetime | None = None
        self._reached: set[tuple[str, int]] = set()  # the update, and a chat that has been told of it

    async def look_up_staff(self, database: Database, now: datetime) -> None:
        """Remember whom to page, now and then, while the database can still say."""
        if self._looked_at is not None and now - self._looked_at < REMEMBER_FOR:
            return
        async with database.reading() as session:
            self._staff = await reachable_staff(session, now=now)
        self._looked_at = now
        self._reached.clear()

    async def answer_danger(self, updates: Sequence[Answer]) -> int:
        """Send the safety message and the pages for each message in danger; how many people were answered.

        Each of them is sent once; what did not get through is tried again when this is called again. The
        update itself is handled in full when the database is back: a second safety message is better than none.
        """
        answered = 0
        for update in updates:
            danger = danger_in(update, self._clinic)
            if danger is not None:
                answered += await self._tell(danger, identity=identity_of(update))
        if answered:
            log.error("answered_without_database", messages=answered)
        return answered

    async def _tell(self, danger: Danger, *, identity: str) -> bool:
        """Whether the person is answered by this call, and not by an earlier one."""
        saying = safety_saying(
            self._clinic,
            degree=danger.degree,
            language=danger.language or self._clinic.language,
            asked=danger.cause == ASKED_FOR_HELP,
        )
        answered = await self._send_once(identity, danger.chat_id, body_of(saying, chat_id=danger.chat_id))
        if not self._staff:
            log.critical("nobody_to_page_without_database")
        for staff_chat, spoken in self._staff:
            text = self._clinic.wordings.in_language(spoken)("alert.without_database")
            await self._send_once(identity, staff_chat, {"chat_id": staff_chat, "text": text})
        return answered

    async def _send_once(self, identity: str, chat_id: int, body: Mapping[str, object]) -> bool:
        if (identity, chat_id) in self._reached:
            return False
        try:
            await call(self._bot, "sendMessage", dict(body))
        except TelegramError as error:
            log.error("last_resort_failed", cause=type(error).__name__)
            if not isinstance(error, Forbidden | BadRequest):  # who has blocked the bot is not tried again
                return False
        self._reached.add((identity, chat_id))
        return True
