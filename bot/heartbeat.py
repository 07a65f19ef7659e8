"""Each loop says that it goes round; `checkin check` reads when it last did."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.beats import Beats
from bot.clock import Clock
from storage import heartbeats
from storage.database import Database
from storage.trouble import Trouble

EVERY = 15.0  # seconds; a loop is called stalled after 75, so four beats may fail

log = structlog.get_logger()


class Heartbeats:
    """Collects the beats of all loops and writes them down now and then."""

    def __init__(self, database: Database, clock: Clock, beats: Beats | None = None) -> None:
        self._database, self._clock = database, clock
        self.beats = beats or Beats(clock.monotonic)  # in memory, for the watchdog, which needs no database
        self._beaten: set[str] = set()

    def of(self, loop: str, *, every: timedelta = timedelta(0)) -> Callable[[], None]:
        """What a loop calls each time it goes round; ``every`` is how long it rests in between."""
        beat = self.beats.of(loop, every=every)

        def beaten() -> None:
            beat()
            self._beaten.add(loop)

        return beaten

    async def run(self, stopping: asyncio.Event) -> None:
        """Write the beats down until told to stop."""
        while not stopping.is_set():
            await self.write()
            try:
                async with asyncio.timeout(EVERY):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def write(self) -> None:
        """Write down which loops have gone round since the last time."""
        beaten, self._beaten = self._beaten, set()
        if not beaten:
            return
        try:
            async with self._database.writing("heartbeats") as session:
                for loop in sorted(beaten):
                    await heartbeats.beat(session, loop, self._clock.now())
        except Trouble as error:  # the loops themselves say what is wrong; their silence is the sign here
            log.warning("heartbeat_not_written", cause=type(error).__name__)
