"""Messages on their way to Telegram: at its pace, each a task of its own, and what came of them."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

import structlog
from telegram.error import RetryAfter
from telegram.ext import ExtBot

from alliance.delivery import Lane, Result
from bot import outcomes
from bot.clock import Clock
from bot.pace import Pace
from bot.telegram_api import call
from bot.unanswered import WITHOUT_ANSWER, Unanswered
from storage import crash_points
from storage.crash_points import AFTER, BEFORE, SEND
from storage.halts import WHOLE_BOT, Asked
from storage.intents import Claimed, Tried

BATCH = 10  # messages claimed at once: a crisis that comes in between waits for one commit
ORDINARY_AT_ONCE = 20  # on the wire; Telegram seldom needs half a second, so this is more than its pace allows
AT_ONCE = 40  # on the wire; what is above the ordinary ones is kept free for the safety lane
GATHER = 0.02  # seconds that an answer waits for the others of its batch, to be written down with them
FINISH_WITHIN = 8.0  # seconds at the end for what is on the wire; a supervisor kills after ten

log = structlog.get_logger()


class Wire:
    """Keeps the pace, and holds what nobody has written down yet.

    A message on the wire is a task of its own, so that a slow answer holds nothing but its own chat: it
    takes one of the slots, and the ordinary lanes cannot take those kept for the safety lane.
    """

    def __init__(self, bot: ExtBot[None], clock: Clock, unanswered: Unanswered, *, landed: Callable[[], None]) -> None:
        self._bot, self._clock, self._unanswered, self._landed = bot, clock, unanswered, landed
        self._on_it: dict[asyncio.Task[None], Lane] = {}
        self.pace = Pace()
        self.tried: list[Tried] = []  # what came of sends
        self.asked: list[Asked] = []  # pauses that Telegram asked for

    @property
    def is_empty(self) -> bool:
        """Whether every answer is there."""
        return not self._on_it

    def room(self, now: float) -> tuple[int, Collection[Lane] | None]:
        """How many may be put on the wire, and of which lanes; None stands for all that go to Telegram."""
        if self.pace.is_unsure(now):  # one at a time shows whether the pause was meant for one chat or for all
            return (0 if self._on_it else 1), None
        ordinary = ORDINARY_AT_ONCE - sum(lane is not Lane.SAFETY for lane in self._on_it.values())
        ordinary = min(ordinary, self.pace.room_for_ordinary(now), BATCH)
        free = min(AT_ONCE - len(self._on_it), self.pace.room_for_bot(now), BATCH)
        return (min(free, ordinary), None) if ordinary > 0 else (free, (Lane.SAFETY,))

    def start(self, row: Claimed) -> None:
        """Send it, unless a pause was asked for while it was being claimed."""
        now = self._clock.monotonic()
        wait = max(self.pace.wait_for_bot(now), self.pace.wait_for_chat(row.chat_id, now))
        if wait > 0:
            self.put_back(row, seconds=wait)
            return
        self.pace.took(row.chat_id, now)
        task = asyncio.create_task(self._send(row))
        self._on_it[task] = row.lane
        task.add_done_callback(self._off)

    def put_back(self, row: Claimed, *, seconds: float = 0.0) -> None:
        """Not sent, and to be tried again after that time; nor is what it was to carry."""
        rest = timedelta(seconds=seconds)
        self.tried += [Tried(id=each, result=Result.HELD, hold=rest) for each in row.ids]

    async def answers(self) -> None:
        """Wait for everything that is on the wire."""
        if self._on_it:
            await asyncio.wait(self._on_it)

    async def last_answers(self) -> None:
        """Wait for what is on the wire, but not for ever; what is late is given up."""
        if self._on_it:
            _, late = await asyncio.wait(self._on_it, timeout=FINISH_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _off(self, task: asyncio.Task[None]) -> None:
        del self._on_it[task]
        if self._on_it:
            task.get_loop().call_later(GATHER, self._landed)
        else:
            self._landed()

    async def _send(self, row: Claimed) -> None:
        crash_points.reached(BEFORE, SEND)
        try:
            tried = outcomes.sent(row.id, await call(self._bot, row.method, row.body))
        except Exception as error:  # noqa: BLE001  # outcomes knows an end for each of them
            tried = outcomes.failed(row.id, error)
        crash_points.reached(AFTER, SEND)
        self._unanswered.note(tried.result)
        if tried.result is Result.HELD:
            self._hold(row, tried)
        elif tried.result not in WITHOUT_ANSWER:
            self.pace.went_through(row.chat_id, self._clock.monotonic())
        self.tried += [replace(tried, id=each) for each in row.ids]

    def _hold(self, row: Claimed, held: Tried) -> None:
        now, moment, rest = self._clock.monotonic(), self._clock.now(), held.hold
        self.pace.hold(row.chat_id, now, rest.total_seconds())
        if held.cause == RetryAfter.__name__:  # a refused token is no pause to keep: it may be put right by a restart
            chats = (row.chat_id, WHOLE_BOT) if self.pace.is_halted(now) else (row.chat_id,)
            self.asked += [Asked(chat_id=chat_id, at=moment, until=moment + rest) for chat_id in chats]
        log.warning("asked_to_wait", seconds=rest.total_seconds(), lane=row.lane.name)
