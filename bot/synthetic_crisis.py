"""Begins a synthetic crisis at start and once a day; the rounds say when one is not seen through."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.duties import Duties, Duty
from bot.going_round import go_round
from storage import synthetic
from storage.database import Database
from storage.wakeups import INBOX, announce
from workflows.synthetic_crisis import SENTENCES, begin
from workflows.unit import Unit

LOOK_EVERY = 15.0  # seconds
ONCE_A_DAY = timedelta(hours=24)
AGAIN_AFTER = timedelta(minutes=5)  # while one is missing, so that the alarm ends soon after its cause


class SyntheticCrisis:
    """Puts made-up messages into the inbox; the loop that handles updates does the rest."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        duties: Duties,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        nudge_updates: Callable[[], None],
    ) -> None:
        self._database, self._clock, self._duties = database, clock, duties
        self._open_unit, self._nudge_updates = open_unit, nudge_updates
        self._started = clock.now()
        self._begun_at: datetime | None = None  # by this process

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Begin one whenever it is time, until told to stop."""
        refused = "synthetic_crisis_not_begun"
        await go_round(self.look, every=LOOK_EVERY, stopping=stopping, beat=beat, refused=refused)

    async def look(self) -> bool:
        """Begin one if it is time; whether it was."""
        if self._duties.lease(Duty.TICKS) is None or not await self._is_time():
            return False
        async with self._database.writing("synthetic_crisis") as session:
            await begin(self._open_unit(session, "synthetic_crisis"))
            await announce(session, INBOX)
        self._begun_at = self._clock.now()
        self._nudge_updates()
        return True

    async def _is_time(self) -> bool:
        now = self._clock.now()
        if self._begun_at is None:
            return True
        if now - self._begun_at < AGAIN_AFTER:
            return False
        async with self._database.reading() as session:
            missing = await synthetic.is_missing(session, SENTENCES, running_since=self._started, now=now)
        return missing or now - self._begun_at >= ONCE_A_DAY
