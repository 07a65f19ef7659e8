"""Drains the outbox: by lane, at Telegram's pace, each message with a true end."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from alliance.delivery import OutboxState
from bot.clock import Clock
from bot.duties import STAND_BY, Alone, Duties, Duty
from bot.findings import Complain, to_nobody
from bot.pace import Pace
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.unanswered import Unanswered
from bot.wire import Wire
from storage import halts, leases, outbox, sending
from storage.database import Database
from storage.halts import WHOLE_BOT
from storage.intents import Claimed, Settled
from storage.leases import Fenced, Lease
from storage.trouble import Trouble
from workflows.group_pages import group_pages
from workflows.settle_post import settle
from workflows.unit import Unit

LONGEST_NAP = 1.0  # seconds; what falls due meanwhile is late by at most this
SHORTEST_NAP = 0.01  # seconds

log = structlog.get_logger()


class Sender:
    """Claims, sends, records; one at a time for each bot token, whichever worker has the duty."""

    def __init__(
        self,
        database: Database,
        bot: ExtBot[None],
        clock: Clock,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        duties: Duties | None = None,
        complain: Complain = to_nobody,
    ) -> None:
        self._database, self._clock, self._open_unit = database, clock, open_unit
        self._duties = duties or Alone()
        self._unanswered = Unanswered(bot, complain)
        self._wire = Wire(bot, clock, self._unanswered, landed=self.nudge)
        self._lease: Lease | None = None  # under which messages are claimed; None before the first
        self._nudged = asyncio.Event()

    @property
    def pace(self) -> Pace:
        """How fast messages may go, and which pauses are kept."""
        return self._wire.pace

    def nudge(self) -> None:
        """Something was put into the outbox."""
        self._nudged.set()

    async def recover(self) -> int:
        """Take over from another process, one that died or has lost the duty.

        What it was sending is taken back, and the pauses that Telegram has asked it for are kept.
        """
        async with self._database.writing("recover") as session:
            moment = self._clock.now()
            number = await sending.recover(session, now=moment, fence=self._fence)
            kept = await halts.in_force(session, now=moment)
        self.pace.go_on(
            {chat_id: (until - moment).total_seconds() for chat_id, until in kept.items() if chat_id != WHOLE_BOT},
            whole_bot=(kept[WHOLE_BOT] - moment).total_seconds() if WHOLE_BOT in kept else 0.0,
            now=self._clock.monotonic(),
        )
        log.info("outbox_recovered", messages=number, pauses=len(kept))
        return number

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Go on until told to stop; what is on the wire then is finished first."""
        rest = FIRST_PAUSE
        try:
            while not stopping.is_set():
                self._nudged.clear()
                lease = self._duties.lease(Duty.SENDING)
                try:
                    if lease is not None and lease != self._lease:
                        await self._begin(lease)
                    await self._write_down()
                    taken = 0 if lease is None or self._unanswered.are_too_many else await self._take_up()
                except Fenced:
                    self._duties.lost(Duty.SENDING)
                    continue
                except Trouble as error:  # what was sent is remembered and written down when the database is back
                    log.error("sending_waits_for_the_database", cause=type(error).__name__, pause=rest)
                    await pause(stopping, rest)
                    rest = longer(rest)
                    continue
                rest = FIRST_PAUSE
                beat()
                if lease is None:
                    await pause(stopping, STAND_BY)
                elif self._unanswered.are_too_many and self._wire.is_empty:
                    await self._unanswered.ask(stopping)
                elif taken == 0:
                    await self._nap(stopping)
        finally:
            await self._finish()

    @property
    def telegram_takes_none(self) -> bool:
        """Whether nothing can be sent at this moment: Telegram has halted the bot, or does not answer at all."""
        return self._unanswered.are_too_many or self.pace.is_halted(self._clock.monotonic())

    async def _begin(self, lease: Lease) -> None:
        """Take over: what another worker has claimed is nobody's now, and what we claimed before is not ours."""
        before, self._lease = self._lease, lease
        self._wire.tried.clear()
        try:
            await self.recover()
        except Trouble:
            self._lease = before
            raise

    @property
    def _fence(self) -> int | None:
        return None if self._lease is None else self._lease.fence

    async def _nap(self, stopping: asyncio.Event) -> None:
        seconds = min(LONGEST_NAP, self.pace.soonest(self._clock.monotonic()) or LONGEST_NAP)
        waits = [asyncio.ensure_future(event.wait()) for event in (self._nudged, stopping)]
        try:
            await asyncio.wait(waits, timeout=max(seconds, SHORTEST_NAP), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def _finish(self) -> None:
        """Wait for the last answers and write them down; what is missing then is for ``recover`` to find."""
        await self._wire.last_answers()
        try:
            await self._write_down()
        except Trouble as error:
            log.error("outcomes_not_written_down", messages=len(self._wire.tried), cause=type(error).__name__)

    async def drain(self) -> int:
        """Send everything that is due now, waiting for the pace where it must; how many."""
        total = 0
        while True:
            number = await self.drain_once()
            total += number
            wait = 0.0 if number else self.pace.soonest(self._clock.monotonic())
            if wait is None or not await self._somebody_waits():
                return total
            if wait > 0:
                await self._clock.sleep(wait)

    async def _somebody_waits(self) -> bool:
        async with self._database.reading() as session:
            due = await outbox.next_due_at(session, now=self._clock.now())
        return due is not None and due <= self._clock.now()

    async def drain_once(self) -> int:
        """Claim one batch, send it, wait for all answers, record them; how many rows were taken or ended.

        For stepping by hand. Raises Trouble when the database refuses; the next call goes on where this one
        had to stop.
        """
        await self._write_down()
        number = await self._take_up()
        await self._wire.answers()
        await self._write_down()
        return number

    async def _take_up(self) -> int:
        """Claim what may go out at this moment and put it on the wire; how many rows were taken or ended."""
        now = self._clock.monotonic()
        limit, lanes = self._wire.room(now)
        if limit <= 0:
            return 0
        rows: list[Claimed] = []
        try:
            async with self._database.writing("claim") as session:
                if self._lease is not None:
                    await leases.hold(session, self._lease)
                claim = await sending.claim(
                    session,
                    now=self._clock.now(),
                    limit=limit,
                    except_chats=self.pace.not_now(now),
                    lanes=lanes,
                    room=partial(self.pace.room_for_chat, now=now),
                    fence=self._fence,
                )
                rows = claim.rows
                messages = await group_pages(self._open_unit(session, "pages"), rows)
                await self._settle(session, claim.settled)
        except BaseException:  # nobody knows whether they are marked now; if so, the mark is taken back
            for row in rows:
                self._wire.put_back(row)
            raise
        for message in messages:
            self._start(message)
        return len(rows) + len(claim.settled)

    def _start(self, message: Claimed) -> None:
        if self._duties.lease(Duty.SENDING) != self._lease and self._lease is not None:
            self._wire.put_back(message)  # it took too long: another worker may be sending by now
        else:
            self._wire.start(message)

    async def _write_down(self) -> None:
        """Record what came of the sends so far; answers that come meanwhile are for the next time."""
        known, asked = len(self._wire.tried), len(self._wire.asked)
        if not known and not asked:
            return
        # by number and not as the answers came in, so that a simulation repeats itself
        tried = sorted(self._wire.tried[:known], key=lambda one: one.id)
        async with self._database.writing("record") as session:
            settled = await sending.record(session, tried, now=self._clock.now(), fence=self._fence)
            await halts.note(session, self._wire.asked[:asked])
            await self._settle(session, settled)
        del self._wire.tried[:known]
        del self._wire.asked[:asked]

    async def _settle(self, session: AsyncSession, settled: list[Settled]) -> None:
        if not settled:
            return
        await settle(self._open_unit(session, f"outbox:{settled[0].id}"), settled)
        for post in settled:
            report = log.error if post.state in {OutboxState.REJECTED, OutboxState.UNCERTAIN} else log.info
            report("message_settled", message=post.id, state=post.state, lane=post.lane, cause=post.cause)
