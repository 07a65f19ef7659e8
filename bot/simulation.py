"""The running program stepped by hand on a simulated clock: the same intake, handlers, timers and sender."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import SimulatedClock
from bot.program import Program
from bot.timers import TICKS

JUST_AFTER = timedelta(milliseconds=1)  # a due moment must lie behind us to be found


class Simulation:
    """Moves the clock from one due moment to the next and lets the program do what is due there."""

    def __init__(self, program: Program, clock: SimulatedClock, *, updates_waiting: Callable[[], int]) -> None:
        self.program, self.clock = program, clock
        self.due_at: datetime | None = None  # what fell due next when a step last found nothing to do
        self._updates_waiting = updates_waiting
        self._has_begun = False
        self._ticks = {tick.name: tick for tick in TICKS}

    async def settle(self) -> None:
        """Take in, handle and send until nothing is left to do at this moment."""
        if not self._has_begun:
            await self.program.updates.handle_all()  # what was taken in by a process that is no more
            self._has_begun = True
        while True:
            while self._updates_waiting():
                # a batch waits at Telegram until the next question confirms it; then there is nothing new
                if not await self.program.intake.poll_once(wait=0) and not await self._new_ones():
                    break
                await self.program.updates.handle_all()
            await self.program.sender.drain()
            if self.program.elsewhere is not None:
                await self.program.elsewhere.look()
            if self.program.places is not None and await self.program.places.look():
                continue  # a picture has been put into the outbox
            if not self._updates_waiting():
                return

    async def _new_ones(self) -> bool:
        """Whether one more question brings anything; the last batch may have held nothing but repetitions."""
        return self._updates_waiting() > 0 and bool(await self.program.intake.poll_once(wait=0))

    async def run_until(self, moment: datetime) -> None:
        """Let everything happen that falls due until that moment, in order, and be there."""
        while await self.step(until=moment):
            pass
        await self.settle()

    async def step(self, *, until: datetime) -> bool:
        """Let happen what falls due next and be there; False when that is later than ``until``: then be there."""
        moments = await self.program.timers.next_moments()
        due = {name: at for name, at in moments.items() if at <= until}
        if not due:
            self.due_at = min(moments.values(), default=None)
            self.clock.move_to(until)
            return False
        self.clock.move_to(min(due.values()) + JUST_AFTER)
        for name, at in due.items():
            if at <= self.clock.now() and name in self._ticks:
                await self.program.timers.ask(self._ticks[name])
        await self.settle()
        return True
