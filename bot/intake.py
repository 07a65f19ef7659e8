"""Takes updates from Telegram: stored and committed first, and only then is Telegram told that we have them."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.clock import Clock
from bot.duties import STAND_BY, Duties, Duty
from bot.findings import Complain, Symptom, to_nobody
from bot.last_resort import LastResort
from bot.outages import Outages
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.rival import Rival
from bot.telegram_api import Answer, call, get_updates
from storage import inbox, leases
from storage.database import Database
from storage.leases import Fenced, Lease
from storage.raw_updates import RawUpdate, chat_of, identity_of, is_storable
from storage.trouble import Trouble
from storage.wakeups import INBOX, announce
from workflows.danger import danger_in
from workflows.unit import Clinic

POLL_FOR = 30  # seconds a poll waits at Telegram
TOLD_WITHIN = 12.0  # seconds that the watchdog has to tell why the program is about to end
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


class Receipt:
    """Stores what arrived, whichever way it came; what cannot be stored is looked through for danger all the same."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        clinic: Clinic,
        *,
        last_resort: LastResort,
        nudge_updates: Callable[[Sequence[Answer]], None],
    ) -> None:
        self._database, self._clock, self._clinic = database, clock, clinic
        self._last_resort, self._nudge = last_resort, nudge_updates

    async def keep(
        self, updates: Sequence[Answer], *, beside: Callable[[AsyncSession], Awaitable[None]] | None = None
    ) -> int:
        """Store and commit; how many were new. ``beside`` is done in the same transaction. Raises Trouble."""
        rows = [self._raw(update) for update in updates]
        try:
            async with self._database.writing("intake") as session:
                if beside is not None:
                    await beside(session)
                new = await inbox.store(session, rows, now=self._clock.now())
                await announce(session, INBOX)
        except Trouble:
            await self._last_resort.answer_danger(updates)
            raise
        log.info("updates_stored", received=len(updates), new=new)
        self._nudge(updates)
        return new

    async def look_up_staff(self) -> None:
        """Let the last resort know whom to page, also on a quiet day."""
        await self._last_resort.look_up_staff(self._database, self._clock.now())

    def _raw(self, update: Answer) -> RawUpdate:
        number = update.get("update_id")
        return RawUpdate(
            update_id=number if is_storable(number) else 0,
            identity=identity_of(update),
            raw=json.dumps(update).encode(),
            chat_id=chat_of(update),
            speaks_of_danger=danger_in(update, self._clinic) is not None,
        )


class Intake:
    """The one poller of a bot token."""

    def __init__(
        self,
        database: Database,
        bot: ExtBot[None],
        receipt: Receipt,
        duties: Duties,
        outages: Outages,
        *,
        clock: Clock,
        complain: Complain = to_nobody,
    ) -> None:
        self._database, self._bot, self._receipt, self._outages = database, bot, receipt, outages
        self._duties, self._rival, self._complain = duties, Rival(clock), complain
        self._lease: Lease | None = None  # under which the offset was learnt
        self._next_offset: int | None = None

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Poll until told to stop; trouble is waited out, a refused token is not."""
        rest = FIRST_PAUSE
        while not stopping.is_set():
            if self._duties.lease(Duty.POLLING) is None:
                beat()
                await pause(stopping, STAND_BY)
                continue
            try:
                await self.poll_once(wait=POLL_FOR)
                await self._outages.heard()
                rest = FIRST_PAUSE
                beat()
                self._complain(Symptom.TELEGRAM_UNREACHABLE, False)
                if self._rival.is_gone():
                    self._complain(Symptom.ANOTHER_POLLER, False)
            except InvalidToken as error:
                self._complain(Symptom.TOKEN_REFUSED, True)
                await pause(stopping, TOLD_WITHIN)
                raise TokenRefused(TokenRefused.__doc__) from error
            except Conflict as conflict:
                await self._not_the_only_one(conflict)
                await pause(stopping, FIRST_PAUSE)
            except Fenced:
                self._duties.lost(Duty.POLLING)
            except (TelegramError, Trouble, KeyError, TypeError, ValueError) as error:
                log.warning("poll_failed", cause=type(error).__name__, pause=rest)
                self._complain(Symptom.TELEGRAM_UNREACHABLE, isinstance(error, TelegramError))
                await pause(stopping, rest)
                rest = longer(rest)

    async def poll_once(self, *, wait: int) -> int:
        """One round: ask, store, commit. The next round's offset is what tells Telegram; how many were new.

        Raises Fenced, and stores nothing, when another worker has begun to poll meanwhile: it is handed the
        same updates again, because nobody has confirmed them.
        """
        lease = self._duties.lease(Duty.POLLING)
        if lease != self._lease:
            self._lease, self._next_offset = lease, None  # another worker may have moved it
        updates = await get_updates(self._bot, offset=await self._offset(), wait=wait, kinds=KINDS)
        new = 0
        if updates:
            offset = int(updates[-1]["update_id"]) + 1

            async def remember(session: AsyncSession) -> None:
                if lease is not None:
                    await leases.hold(session, lease)
                # after the last id of this batch, not the highest ever seen: after a reset ids begin anew
                await inbox.remember_offset(session, offset)

            new = await self._receipt.keep(updates, beside=remember)
            self._next_offset = offset
        await self._receipt.look_up_staff()
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

    async def _not_the_only_one(self, conflict: Conflict) -> None:
        """A second poller, or a webhook; one that we once set ourselves is taken down, and no update with it."""
        if "webhook" not in conflict.message.lower():
            if self._rival.goes_on():
                self._complain(Symptom.ANOTHER_POLLER, True)
            log.error("another_poller", hint="a second process, or somebody else has the token")
            return
        self._complain(Symptom.FOREIGN_WEBHOOK, True)
        log.error("webhook_taken_down", hint="it was set before, or somebody else has the token")
        try:
            await call(self._bot, "deleteWebhook", {})
        except TelegramError as error:
            log.warning("webhook_not_taken_down", cause=type(error).__name__)
