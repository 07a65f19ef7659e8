"""Notices when Telegram has not been heard of for long, here or because nobody was there, and lets people know."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from storage import heartbeats
from storage.database import Database
from storage.trouble import Trouble
from storage.wakeups import OUTBOX, announce
from workflows.after_outage import tell_of_outage
from workflows.unit import Unit

WRITTEN_EVERY = timedelta(minutes=1)

log = structlog.get_logger()


class Outages:
    """Remembers, across restarts, when Telegram was last heard of."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        open_unit: Callable[[AsyncSession, str], Unit],
        nudge_sender: Callable[[], None],
    ) -> None:
        self._database, self._clock = database, clock
        self._open_unit, self._nudge_sender = open_unit, nudge_sender
        self._written_at: datetime | None = None

    async def heard(self) -> int:
        """Telegram has just answered; how many people are told that it had not for long. Waits out no trouble."""
        now = self._clock.now()
        if self._written_at is not None and abs(now - self._written_at) < WRITTEN_EVERY:
            return 0
        try:
            async with self._database.writing("outages") as session:
                before = await heartbeats.last(session, heartbeats.TELEGRAM)
                told = await tell_of_outage(self._open_unit(session, "outage"), since=before) if before else 0
                await heartbeats.beat(session, heartbeats.TELEGRAM, now)
                if told:
                    await announce(session, OUTBOX)
        except Trouble as error:  # the next answer of Telegram asks again
            log.warning("outage_not_looked_at", cause=type(error).__name__)
            return 0
        self._written_at = now
        if told:
            log.error("was_out_of_reach", told=told)
            self._nudge_sender()
        return told
