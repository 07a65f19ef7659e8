"""Drains the outbox: by lane, at Telegram's pace, each message with a true end."""

import asyncio
from collections.abc import Callable, Collection
from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from alliance.delivery import Lane, OutboxState, Result
from bot import outcomes
from bot.clock import Clock
from bot.duties import STAND_BY, Alone, Duties, Duty
from bot.findings import Complain, to_nobody
from bot.pace import Pace
from bot.pausing import FIRST_PAUSE, longer, pause
from bot.telegram_api import call
from bot.unanswered import WITHOUT_ANSWER, Unanswered
from storage import crash_points, leases, outbox, sending
from storage.crash_points import AFTER, BEFORE, SEND
from storage.database import Database
from storage.intents import Claimed, Settled, Tried
from storage.leases import Fenced, Lease
from storage.trouble import Trouble
from workflows.settle_post import settle
from workflows.unit import Unit

BATCH = 10  # messages claimed at once: a crisis that comes in between waits for one commit
ORDINARY_AT_ONCE = 20  # on the wire; Telegram seldom needs half a second, so this is more than its pace allows
AT_ONCE = 40  # on the wire; what is above the ordinary ones is kept free for the safety lane
LONGEST_NAP = 1.0  # seconds; what falls due meanwhile is late by at most this
SHORTEST_NAP = 0.01  # seconds
GATHER = 0.02  # seconds that an answer waits for the others of its batch, to be written down with them
FINISH_WITHIN = 8.0  # seconds at the end for what is on the wire; a supervisor kills after ten

log = structlog.get_logger()


class Sender:
    """Claims, sends, records; one at a time for each bot token, whichever worker has the duty.

    A message on the wire is a task of its own, so that a slow answer holds nothing but its own chat: it
    takes one of the slots, and the ordinary lanes cannot take those kept for the safety lane.
    """

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
        self._database, self._bot, self._clock, self._open_unit = database, bot, clock, open_unit
        self._duties = duties or Alone()
        self.pace = Pace()
        self._unanswered = Unanswered(bot, complain)
        self._lease: Lease | None = None  # under which messages are claimed; None before the first
        self._nudged = asyncio.Event()
        self._on_the_wire: dict[asyncio.Task[None], Lane] = {}
        self._tried: list[Tried] = []  # what came of sends and is not written down yet

    def nudge(self) -> None:
        """Something was put into the outbox."""
        self._nudged.set()

    async def recover(self) -> int:
        """Take back what another process was sending: one that died, or that has lost the duty."""
        async with self._database.writing("recover") as session:
            number = await sending.recover(session, now=self._clock.now(), fence=self._fence)
        log.info("outbox_recovered", messages=number)
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
                elif self._unanswered.are_too_many and not self._on_the_wire:
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
        self._tried.clear()
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
        if self._on_the_wire:
            _, late = await asyncio.wait(self._on_the_wire, timeout=FINISH_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        try:
            await self._write_down()
        except Trouble as error:
            log.error("outcomes_not_written_down", messages=len(self._tried), cause=type(error).__name__)

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
        if self._on_the_wire:
            await asyncio.wait(self._on_the_wire)
        await self._write_down()
        return number

    async def _take_up(self) -> int:
        """Claim what may go out at this moment and put it on the wire; how many rows were taken or ended."""
        now = self._clock.monotonic()
        limit, lanes = self._room(now)
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
                await self._settle(session, claim.settled)
        except BaseException:  # nobody knows whether they are marked now; if so, the mark is taken back
            self._tried += [_put_back(row) for row in rows]
            raise
        for row in rows:
            self._start(row)
        return len(rows) + len(claim.settled)

    def _room(self, now: float) -> tuple[int, Collection[Lane] | None]:
        """How many may be put on the wire, and of which lanes; None stands for all that go to Telegram."""
        if self.pace.is_unsure(now):  # one at a time shows whether the pause was meant for one chat or for all
            return (0 if self._on_the_wire else 1), None
        ordinary = ORDINARY_AT_ONCE - sum(lane is not Lane.SAFETY for lane in self._on_the_wire.values())
        ordinary = min(ordinary, self.pace.room_for_ordinary(now), BATCH)
        free = min(AT_ONCE - len(self._on_the_wire), self.pace.room_for_bot(now), BATCH)
        return (min(free, ordinary), None) if ordinary > 0 else (free, (Lane.SAFETY,))

    def _start(self, row: Claimed) -> None:
        if self._duties.lease(Duty.SENDING) != self._lease and self._lease is not None:
            self._tried.append(_put_back(row))  # it took too long: another worker may be sending by now
            return
        now = self._clock.monotonic()
        wait = max(self.pace.wait_for_bot(now), self.pace.wait_for_chat(row.chat_id, now))
        if wait > 0:  # a pause was asked for while this one was being claimed
            self._tried.append(_put_back(row, seconds=wait))
            return
        self.pace.took(row.chat_id, now)
        task = asyncio.create_task(self._send(row))
        self._on_the_wire[task] = row.lane
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._on_the_wire[task]
        if self._on_the_wire:
            task.get_loop().call_later(GATHER, self.nudge)
        else:
            self.nudge()

    async def _send(self, row: Claimed) -> None:
        crash_points.reached(BEFORE, SEND)
        try:
            tried = outcomes.sent(row.id, await call(self._bot, row.method, row.body))
        except Exception as error:  # noqa: BLE001  # outcomes knows an end for each of them
            tried = outcomes.failed(row.id, error)
        crash_points.reached(AFTER, SEND)
        now = self._clock.monotonic()
        self._unanswered.note(tried.result)
        if tried.result is Result.HELD:
            self.pace.hold(row.chat_id, now, tried.hold.total_seconds())
            log.warning("asked_to_wait", seconds=tried.hold.total_seconds(), lane=row.lane.name)
        elif tried.result not in WITHOUT_ANSWER:
            self.pace.went_through(row.chat_id, now)
        self._tried.append(tried)

    async def _write_down(self) -> None:
        """Record what came of the sends so far; answers that come meanwhile are for the next time."""
        known = len(self._tried)
        if not known:
            return
        # by number and not as the answers came in, so that a simulation repeats itself
        tried = sorted(self._tried[:known], key=lambda one: one.id)
        async with self._database.writing("record") as session:
            settled = await sending.record(session, tried, now=self._clock.now(), fence=self._fence)
            await self._settle(session, settled)
        del self._tried[:known]

    async def _settle(self, session: AsyncSession, settled: list[Settled]) -> None:
        if not settled:
            return
        await settle(self._open_unit(session, f"outbox:{settled[0].id}"), settled)
        for post in settled:
            report = log.error if post.state in {OutboxState.REJECTED, OutboxState.UNCERTAIN} else log.info
            report("message_settled", message=post.id, state=post.state, lane=post.lane, cause=post.cause)


def _put_back(row: Claimed, *, seconds: float = 0.0) -> Tried:
    """Not sent, and to be tried again after that time."""
    return Tried(id=row.id, result=Result.HELD, hold=timedelta(seconds=seconds))
