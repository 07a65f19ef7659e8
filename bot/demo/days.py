"""Lets simulated weeks pass: always on to what comes next, be it a person's deed or the program's due moment."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from alliance.alerts import CHASE_EVERY
from bot.clock import SimulatedClock
from bot.simulation import Simulation
from sandbox import Sandbox
from sandbox.patients import Deed

AT_LEAST = CHASE_EVERY  # what people do makes the program act again by itself after that time at the soonest


class Actor(Protocol):
    """Somebody with a screen."""

    def looks(self, now: datetime) -> Sequence[Deed]:
        """What they will do because of what they see now."""
        ...


class Days:
    """The story's time."""

    def __init__(self, simulation: Simulation, sandbox: Sandbox, clock: SimulatedClock) -> None:
        self._simulation, self._sandbox, self._clock = simulation, sandbox, clock
        self._actors: dict[int, Actor] = {}
        self._coming: list[tuple[datetime, int, Deed]] = []
        self._planned = 0  # deeds of the same moment happen in the order in which they were planned
        self._entries_seen = 0
        self._program_rests_until = clock.now()

    def follow(self, actors: Mapping[int, Actor]) -> None:
        """Let these people look at their screens, by chat id, whenever something happens there."""
        self._actors.update(actors)

    def plan(self, deed: Deed) -> None:
        """Let somebody do something at that moment."""
        self._planned += 1
        heapq.heappush(self._coming, (deed.at, self._planned, deed))

    async def catch_up(self) -> None:
        """Let the program see what somebody did whom nobody here follows."""
        await self._simulation.settle()
        self._program_rests_until = self._clock.now()
        self._look()

    async def live_until(self, end: datetime, passed: Callable[[datetime], None]) -> None:
        """Let everything happen until that moment; ``passed`` hears of each moment on the way."""
        while True:
            deed_at = self._coming[0][0] if self._coming else end
            if await self._program_acts(until=min(deed_at, end)):
                self._look()
            elif deed_at < end:
                heapq.heappop(self._coming)[2].do()
                await self._simulation.settle()
                self._look()
            else:
                passed(end)
                return
            passed(self._clock.now())

    async def _program_acts(self, *, until: datetime) -> bool:
        """Let the program do what is due next, if it is due by then; otherwise be there."""
        if until < self._program_rests_until:
            self._clock.move_to(until)
            return False
        if await self._simulation.step(until=until):
            return True
        self._program_rests_until = min(self._simulation.due_at or until + AT_LEAST, until + AT_LEAST)
        return False

    def _look(self) -> None:
        entries = self._sandbox.ledger.entries
        changed = dict.fromkeys(entry.chat_id for entry in entries[self._entries_seen :] if entry.chat_id is not None)
        self._entries_seen = len(entries)
        for chat_id in changed:
            actor = self._actors.get(chat_id)
            for deed in actor.looks(self._clock.now()) if actor else ():
                self.plan(deed)
