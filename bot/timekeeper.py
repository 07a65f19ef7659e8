"""Keeps the program's clock with those who know the time, and puts right what a wrong clock has put off."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.clock import STEP, SteadyClock, SystemClock
from bot.findings import Complain, Symptom
from bot.going_round import go_round
from storage import leases
from storage.database import Database
from storage.stepped_clock import pull_back
from storage.trouble import Trouble

LOOK_EVERY = 5.0  # seconds

log = structlog.get_logger()


async def server_time(database: Database) -> datetime:
    """The time that all processes on this database share: the server's, or the machine's where there is but one."""
    async with database.reading() as session:
        return await leases.moment(session, now=SystemClock().now())


class Timekeeper:
    """Looks every few seconds; a step is complained about at once and followed once it has lasted."""

    def __init__(self, database: Database, clock: SteadyClock, complain: Complain) -> None:
        self._database, self._clock, self._complain = database, clock, complain

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Go on until told to stop; the first thing is to look for what an earlier run has put off."""
        await self._put_right()
        # while the database refuses, the clock goes on by itself
        await go_round(self.look, every=LOOK_EVERY, stopping=stopping, beat=beat, refused="time_not_asked")

    async def look(self) -> None:
        """Compare once."""
        moved = self._clock.hear(await server_time(self._database))
        self._complain(Symptom.CLOCK_STEPPED, self._clock.is_in_doubt)
        if abs(moved) > STEP:
            log.error("clock_stepped", seconds=round(moved.total_seconds()))
            await self._put_right()

    async def _put_right(self) -> None:
        try:
            async with self._database.writing("timekeeper") as session:
                touched = await pull_back(session, now=self._clock.now())
        except Trouble as error:
            log.error("not_put_right", cause=type(error).__name__)
            return
        if touched:
            log.error("put_right_after_a_wrong_clock", rows=touched)
