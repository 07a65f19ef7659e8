"""Handles what the inbox holds: one update, one unit; several units, one commit."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import Application, ExtBot

from bot.clock import Clock
from bot.findings import Complain, Symptom, to_nobody
from bot.last_resort import LastResort
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.telegram_api import Answer, call
from handlers.context import CURRENT, FAILED
from storage import inbox, synthetic
from storage.database import Database
from storage.inbox import Waiting
from storage.trouble import Trouble, is_the_databases_own
from storage.wakeups import OUTBOX, announce
from workflows.dead_letter import report
from workflows.recognise import recognise
from workflows.synthetic_crisis import add_test_rung, what_is_missing
from workflows.unit import Toast, Unit

BATCH = 50  # updates in one commit
HANDLE_FOR = 0.1  # seconds; what arrives meanwhile waits to be stored, and a safety message to be sent
TOAST_LIMIT = 200  # characters that Telegram shows

App = Application[Any, Any, Any, Any, Any, Any]  # Any: the library's type parameters say nothing to us
log = structlog.get_logger()


class Unhandled(Exception):
    """A handler failed on this update."""


class Updates:
    """The one writer that handles updates in order of arrival."""

    def __init__(
        self,
        database: Database,
        application: App,
        clock: Clock,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        nudge_sender: Callable[[], None],
        last_resort: LastResort,
        complain: Complain = to_nobody,
    ) -> None:
        self._database, self._application, self._clock = database, application, clock
        self._open_unit, self._nudge_sender = open_unit, nudge_sender
        self._arrived = asyncio.Event()
        self._more_wait = False
        self._toasting: set[asyncio.Task[None]] = set()
        self._last_resort, self._complain = last_resort, complain
        self._in_hand: list[Answer] = []  # stored and not yet handled, for the case that the database refuses
        self.handles = True  # a worker that only takes in has nothing in hand

    def nudge(self, arrived: Sequence[Answer] = ()) -> None:
        """Something was put into the inbox."""
        if self.handles:
            self._in_hand += arrived
        self._arrived.set()

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Go on until told to stop."""
        rest = FIRST_PAUSE
        while not stopping.is_set():
            self._arrived.clear()
            in_hand, self._in_hand = self._in_hand, []
            try:
                handled = await self.handle_batch()
            except Trouble as error:  # nothing of the batch was committed; it is handled when the database is back
                log.error("updates_wait_for_the_database", cause=type(error).__name__, pause=rest)
                self._complain(Symptom.DATABASE_REFUSES, True)
                self._in_hand = [*in_hand, *self._in_hand]
                await self._last_resort.answer_danger(self._in_hand)
                await pause(stopping, rest)
                rest = longer(rest)
                continue
            rest = FIRST_PAUSE
            beat()
            self._complain(Symptom.DATABASE_REFUSES, False)
            if self._more_wait:
                self._in_hand = [*in_hand, *self._in_hand]
            if handled == 0:
                await _either(self._arrived, stopping)
        await self.finish_toasts()

    async def handle_all(self) -> int:
        """Handle everything that is waiting; how many updates."""
        total = await self.handle_batch()
        while self._more_wait:
            total += await self.handle_batch()
        await self.finish_toasts()
        return total

    async def handle_batch(self) -> int:
        """Handle what has gathered, each update in its own savepoint, and commit it together.

        On a slow machine that is less than what waits: others need the database as well, and soon.
        """
        toasts: list[Toast] = []
        handled = 0
        async with self._database.writing("updates") as session:
            waiting = await inbox.waiting(session, limit=BATCH)
            over = self._clock.monotonic() + HANDLE_FOR
            self._more_wait = len(waiting) == BATCH
            for row in waiting:
                if handled and self._clock.monotonic() >= over:
                    self._more_wait = True
                    break
                toasts += await self._handle(session, row)
                handled += 1
                await asyncio.sleep(0)  # nothing in a unit waits for anything, and others want the loop as well
            if handled:
                await announce(session, OUTBOX)
        if handled:
            self._nudge_sender()
        for toast in toasts:
            task = asyncio.create_task(self._answer(toast))
            self._toasting.add(task)
            task.add_done_callback(self._toasting.discard)
        return handled

    async def _handle(self, session: AsyncSession, row: Waiting) -> list[Toast]:
        if row.synthetic is not None:
            await self._rehearse(session, row, language=row.synthetic)
            return []
        unit = self._open_unit(session, f"update:{row.seq}")
        try:
            async with session.begin_nested():
                await self._process(unit, row)
                await inbox.done(session, row.seq, now=self._clock.now())
        except Exception as error:  # noqa: BLE001  # one bad update must not delay or lose the others
            failure = error.__cause__ or error
            if is_the_databases_own(failure):
                raise failure from None  # a full disk is not this update's fault: all of it is tried again
            cause = type(failure).__name__
            self._more_wait = True  # this one, unless it is given up
            is_dead = await inbox.failed(session, row.seq, cause=cause, now=self._clock.now())
            log.error("update_failed", update=row.seq, cause=cause, dead=is_dead)
            if is_dead:
                await self._tell_of_dead_letter(session, row)
            return []
        return unit.toasts

    async def _rehearse(self, session: AsyncSession, row: Waiting, *, language: str) -> None:
        """Handle a made-up crisis like any message, look at what came of it, and undo all of that."""
        unit = self._open_unit(session, f"update:{row.seq}")
        undone = await session.begin_nested()
        try:
            await add_test_rung(unit)
            await self._process(unit, row)
            missing = await what_is_missing(unit)
        except Exception as error:  # noqa: BLE001  # whatever it is, a person in danger would have met it
            failure = error.__cause__ or error
            if is_the_databases_own(failure):
                raise failure from None
            missing = type(failure).__name__
        finally:
            await undone.rollback()
        await synthetic.end(session, row.seq, language=language, seen_through=missing is None, now=self._clock.now())
        report = log.info if missing is None else log.critical
        report("synthetic_crisis", language=language, missing=missing)

    async def _tell_of_dead_letter(self, session: AsyncSession, row: Waiting) -> None:
        try:
            async with session.begin_nested():
                await report(
                    self._open_unit(session, f"dead:{row.seq}"),
                    seq=row.seq,
                    raw=row.raw,
                    received_at=row.received_at,
                )
        except Exception as error:
            if is_the_databases_own(error):
                raise
            # set aside it stays; failing here as well, it would be tried for ever and take the others along
            log.error("dead_letter_not_told", update=row.seq, cause=type(error).__name__)

    async def _process(self, unit: Unit, row: Waiting) -> None:
        bot: ExtBot[None] = self._application.bot
        update = Update.de_json(json.loads(row.raw), bot)
        user = update.effective_user
        if user is not None:
            # who writes in a group has said nothing about the private chat, which may still be blocked
            chat = update.effective_chat
            speaks = update.my_chat_member is None and (chat is None or chat.type == ChatType.PRIVATE)
            await recognise(unit, chat_id=user.id, speaks=speaks)
        failures: list[Exception] = []
        current, failed = CURRENT.set(unit), FAILED.set(failures)
        try:
            await self._application.process_update(update)
        finally:
            CURRENT.reset(current)
            FAILED.reset(failed)
        if failures:
            raise Unhandled from failures[0]

    async def _answer(self, toast: Toast) -> None:
        body: dict[str, object] = {"callback_query_id": toast.query_id}
        if toast.text:
            body["text"] = toast.text[:TOAST_LIMIT]
        try:
            await call(self._application.bot, "answerCallbackQuery", body)
        except TelegramError as error:  # worthless later: the answer itself is stored and shown
            log.info("toast_not_answered", cause=type(error).__name__)

    async def finish_toasts(self) -> None:
        """Wait for the answers to buttons that are still going out."""
        if self._toasting:
            await asyncio.gather(*self._toasting, return_exceptions=True)


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=1.0, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
