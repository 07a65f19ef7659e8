"""What only one worker does at a time, however many there are: ask Telegram, run the ticks, send."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.pausing import pause
from bot.worker_name import is_gone
from storage import leases
from storage.database import Database
from storage.leases import ALONE, Lease
from storage.trouble import Trouble

LASTS = timedelta(seconds=12)  # how long a worker that died keeps its duties
RENEW_EVERY = 3.0  # seconds; three renewals may fail before a duty is over
MARGIN = 2.0  # seconds before its end from which a lease is no longer acted under
STAND_BY = 0.5  # seconds between two looks of a loop whose duty another worker has

log = structlog.get_logger()


class Duty(StrEnum):
    """Something that two workers at once would do twice, or at each other's cost."""

    POLLING = "polling"  # a second poller takes the first one's answers (409)
    TICKS = "ticks"
    SENDING = "sending"  # one sender keeps the pace of the bot's token; see docs/decisions.md


class Duties(Protocol):
    """Which duties are this worker's at this moment."""

    def lease(self, duty: Duty) -> Lease | None:
        """What to act under; None while the duty is another worker's."""
        ...

    def lost(self, duty: Duty) -> None:
        """Another worker turned out to have it."""
        ...


class Alone:
    """The duties of a process that has its database to itself: a lock file says so, no table is asked."""

    def lease(self, duty: Duty) -> Lease | None:  # noqa: ARG002  # all of them
        """Always."""
        return ALONE

    def lost(self, duty: Duty) -> None:
        """Nobody is there to lose it to."""


class Shared:
    """The duties of one of several workers: leases in the database, renewed while the worker is well.

    A lease is acted under until shortly before its end as this process counts it, and each effect in the
    database checks it again (``leases.hold``), because a process cannot know how long it stood still.
    """

    def __init__(
        self, database: Database, clock: Clock, *, worker: str, wanted: frozenset[Duty] = frozenset(Duty)
    ) -> None:
        self._database, self._clock = database, clock
        self._worker, self._wanted = worker, wanted
        self._held: dict[Duty, tuple[Lease, float]] = {}  # with the moment of the steady clock at which it is over

    def lease(self, duty: Duty) -> Lease | None:
        """What to act under; None while the duty is another worker's, or when nobody could say for too long."""
        lease, over_at = self._held.get(duty, (None, 0.0))
        return lease if self._clock.monotonic() < over_at else None

    def lost(self, duty: Duty) -> None:
        """Another worker turned out to have it."""
        if self._held.pop(duty, None) is not None:
            log.warning("duty_lost", duty=duty, worker=self._worker)

    @property
    def held(self) -> frozenset[Duty]:
        """What is this worker's at this moment."""
        return frozenset(duty for duty in Duty if self.lease(duty) is not None)

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Take what is free and renew what is ours until told to stop; then let others have it at once."""
        try:
            while not stopping.is_set():
                if await self.look_at_once():
                    beat()
                await pause(stopping, RENEW_EVERY)
        finally:
            await self.give_back()

    async def look_at_once(self) -> bool:
        """One round, and whether the database let it be; a worker that stands still may hold a lease for seconds."""
        try:
            await self.look()
        except Trouble as error:  # what cannot be renewed runs out by itself, and what could not be taken waits
            log.error("duties_not_renewed", cause=type(error).__name__)
            return False
        return True

    async def look(self) -> None:
        """One round of renewing and taking; each in a transaction of its own, so that none waits for another."""
        for duty in Duty:
            if duty in self._wanted:
                await self._look_after(duty)

    async def give_back(self) -> None:
        """Let others have at once what is ours."""
        held, self._held = self._held, {}
        try:
            async with self._database.writing("duties") as session:
                for lease, _ in held.values():
                    await leases.give_back(session, lease, now=self._clock.now())
        except Trouble as error:
            log.warning("duties_not_given_back", cause=type(error).__name__)

    async def _look_after(self, duty: Duty) -> None:
        began = self._clock.monotonic()
        lease, _ = self._held.get(duty, (None, 0.0))
        async with self._database.writing("duties") as session:
            now = self._clock.now()
            if lease is not None and await leases.renew(session, lease, lasts=LASTS, now=now):
                taken: Lease | None = lease
            else:
                gone = await leases.holder_of(session, duty)
                gone = gone if gone is not None and is_gone(gone) else None
                taken = await leases.take(session, duty, holder=self._worker, lasts=LASTS, now=now, gone=gone)
        if taken is None:
            self.lost(duty)
            return
        if taken != lease:
            log.info("duty_taken", duty=duty, worker=self._worker, token=taken.token)
        self._held[duty] = (taken, began + LASTS.total_seconds() - MARGIN)
