"""Takes updates from Telegram: stored and committed first, and only then is Telegram told that we have them."""

import asyncio
import json
from collections.abc import Callable, Sequence

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.last_resort import LastResort
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.telegram_api import Answer, get_updates
from storage import inbox
from storage.database import Database
from storage.inbox import RawUpdate, identity_of
from storage.trouble import Trouble

POLL_FOR = 30  # seconds a poll waits at Telegram
KINDS = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    "poll_answer",
)  # named in every call: Telegram remembers the last list, and its own default leaves some out

log = structlog.get_logger()


class TokenRefused(Exception):
    """Telegram does not know this bot token. Check CHECKIN_BOT_TOKEN with @BotFather."""


class Intake:
    """The one poller of a bot token."""

    def __init__(
        self,
        database: Database,
        bot: ExtBot[None],
        clock: Clock,
        *,
        last_resort: LastResort,
        nudge_updates: Callable[[Sequence[Answer]], None],
    ) -> None:
        self._database, self._bot, self._clock = database, bot, clock
        self._last_resort, self._nudge = last_resort, nudge_updates
        self._next_offset: int | None = None

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Poll until told to stop; trouble is waited out, a refused token is not."""
        rest = FIRST_PAUSE
        while not stopping.is_set():
            try:
                await self.poll_once(wait=POLL_FOR)
                rest = FIRST_PAUSE
                beat()
            except InvalidToken as error:
                raise TokenRefused(TokenRefused.__doc__) from error
            except Conflict:
                log.error("another_poller", hint="a second process, or somebody else has the token")
                await pause(stopping, FIRST_PAUSE)
            except (TelegramError, Trouble, KeyError, TypeError, ValueError) as error:
                log.warning("poll_failed", cause=type(error).__name__, pause=rest)
                await pause(stopping, rest)
                rest = longer(rest)

    async def poll_once(self, *, wait: int) -> int:
        """One round: ask, store, commit. The next round's offset is what tells Telegram; how many were new."""
        updates = await get_updates(self._bot, offset=await self._offset(), wait=wait, kinds=KINDS)
        if not updates:
            await self._last_resort.look_up_staff(self._database, self._clock.now())  # on a quiet day as well
            return 0
        try:
            new = await self._store(updates)
        except Trouble:
            await self._last_resort.answer_danger(updates)
            raise
        log.info("updates_stored", received=len(updates), new=new)
        self._nudge(updates)
        await self._last_resort.look_up_staff(self._database, self._clock.now())
        return new

    async def _offset(self) -> int | None:
        """Where the last stored batch ended: from the database after a start, from memory afterwards."""
        if self._next_offset is None:
            try:
                async with self._database.reading() as session:
                    self._next_offset = await inbox.next_offset(session)
            except Trouble:
                return None  # confirms nothing; what waits is looked through for danger all the same
        return self._next_offset

    async def _store(self, updates: list[Answer]) -> int:
        rows = [_raw(update) for update in updates]
        async with self._database.writing() as session:
            new = await inbox.store(session, rows, now=self._clock.now())
            # the last id of this batch, not the highest ever seen: after a reset ids begin anew
            await inbox.remember_offset(session, rows[-1].update_id + 1)
        self._next_offset = rows[-1].update_id + 1
        return new


def _raw(update: Answer) -> RawUpdate:
    return RawUpdate(update_id=int(update["update_id"]), identity=identity_of(update), raw=json.dumps(update).encode())
