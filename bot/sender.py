"""Drains the outbox: by lane, at Telegram's pace, each message with a true end."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from alliance.delivery import Lane, OutboxState, Result
from bot import outcomes
from bot.clock import Clock
from bot.pace import Pace
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.telegram_api import call
from storage import outbox
from storage.database import Database
from storage.outbox import Claimed, Settled, Tried
from storage.trouble import Trouble
from workflows.settle_post import settle
from workflows.unit import Unit

BATCH = 10  # messages claimed at once: a crisis that comes in between waits for a third of a second
LONGEST_NAP = 1.0  # seconds; what falls due meanwhile is late by at most this

log = structlog.get_logger()


class Sender:
    """Claims, sends, records; one for each bot token."""

    def __init__(
        self,
        database: Database,
        bot: ExtBot[None],
        clock: Clock,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
    ) -> None:
        self._database, self._bot, self._clock, self._open_unit = database, bot, clock, open_unit
        self.pace = Pace()
        self._nudged = asyncio.Event()
        self._tried: list[Tried] = []  # what came of sends and is not written down yet
        self._lost_sight = False  # whether a commit failed, so that nobody knows which rows it marked

    def nudge(self) -> None:
        """Something was put into the outbox."""
        self._nudged.set()

    async def recover(self) -> int:
        """Take back what a process that died was sending."""
        async with self._database.writing() as session:
            number = await outbox.recover(session, now=self._clock.now())
        log.info("outbox_recovered", messages=number)
        return number

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Go on until told to stop; what was claimed is finished first."""
        rest = FIRST_PAUSE
        while not stopping.is_set():
            self._nudged.clear()
            try:
                sent = await self.drain_once()
            except Trouble as error:  # what was sent is remembered and written down when the database is back
                log.error("sending_waits_for_the_database", cause=type(error).__name__, pause=rest)
                await pause(stopping, rest)
                rest = longer(rest)
                continue
            rest = FIRST_PAUSE
            beat()
            if sent == 0:
                await self._nap(stopping)

    async def _nap(self, stopping: asyncio.Event) -> None:
        now = self._clock.monotonic()
        seconds = min(LONGEST_NAP, self.pace.soonest(now) or LONGEST_NAP)
        try:
            async with asyncio.timeout(max(seconds, 0.01)):
                waits = [asyncio.ensure_future(e.wait()) for e in (self._nudged, stopping)]
                try:
                    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for wait in waits:
                        wait.cancel()
        except TimeoutError:
            return

    async def drain(self) -> int:
        """Send everything that is due now, waiting for the pace where it must; how many."""
        total = 0
        while self._tried or self._lost_sight or await self._somebody_waits():
            number = await self.drain_once()
            total += number
            if number == 0:
                wait = self.pace.soonest(self._clock.monotonic())
                if wait is None:
                    break
                await self._clock.sleep(wait)
        return total

    async def _somebody_waits(self) -> bool:
        async with self._database.reading() as session:
            due = await outbox.next_due_at(session, now=self._clock.now())
        return due is not None and due <= self._clock.now()

    async def drain_once(self) -> int:
        """Claim one batch, send it, record what came of it; how many rows were taken or ended.

        Raises Trouble when the database refuses; the next call goes on where this one had to stop.
        """
        try:
            await self._write_down()
            return await self._drain_batch()
        except Trouble:
            self._lost_sight = True
            raise

    async def _drain_batch(self) -> int:
        now = self._clock.monotonic()
        halted = self.pace.wait_for_bot(now)
        if halted > LONGEST_NAP:
            return 0
        async with self._database.writing() as session:
            claimed = await outbox.claim(
                session, now=self._clock.now(), limit=BATCH, except_chats=self.pace.not_now(now)
            )
            await self._settle(session, claimed.settled)
        if not claimed.rows:
            return len(claimed.settled)
        self._tried += await self._send_all(claimed.rows)
        await self._write_down()
        return len(claimed.rows)

    async def _write_down(self) -> None:
        """Record what came of the sends so far; afterwards no row may be left that is marked as being sent."""
        if self._tried:
            async with self._database.writing() as session:
                settled = await outbox.record(session, self._tried, now=self._clock.now())
                await self._settle(session, settled)
            self._tried = []
        if self._lost_sight:
            await self.recover()
            self._lost_sight = False

    async def _settle(self, session: AsyncSession, settled: list[Settled]) -> None:
        if not settled:
            return
        await settle(self._open_unit(session, f"outbox:{settled[0].id}"), settled)
        for post in settled:
            report = log.error if post.state in {OutboxState.REJECTED, OutboxState.UNCERTAIN} else log.info
            report("message_settled", message=post.id, state=post.state, lane=post.lane, cause=post.cause)

    async def _send_all(self, rows: list[Claimed]) -> list[Tried]:
        tasks: list[asyncio.Task[Tried]] = []
        held: list[Tried] = []
        for row in rows:
            while 0 < (wait := self._wait(row.chat_id)) <= LONGEST_NAP:
                await self._clock.sleep(wait)  # and look again: a pause may have begun meanwhile
            if wait > 0:
                held.append(Tried(id=row.id, result=Result.HELD, hold=timedelta(seconds=wait)))
                continue
            self.pace.took(row.chat_id, self._clock.monotonic())
            tasks.append(asyncio.create_task(self._send(row)))
        return held + list(await asyncio.gather(*tasks))

    def _wait(self, chat_id: int) -> float:
        now = self._clock.monotonic()
        return max(self.pace.wait_for_bot(now), self.pace.wait_for_chat(chat_id, now))

    async def _send(self, row: Claimed) -> Tried:
        try:
            tried = outcomes.sent(row.id, await call(self._bot, row.method, row.body))
        except Exception as error:  # noqa: BLE001  # outcomes decides, and raises what it does not know
            tried = outcomes.failed(row.id, error)
        if tried.result is Result.HELD:
            self.pace.hold(row.chat_id, self._clock.monotonic(), tried.hold.total_seconds())
            log.warning("asked_to_wait", seconds=tried.hold.total_seconds(), lane=Lane(row.lane).name)
        return tried
