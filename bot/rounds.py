"""Goes round every few seconds and tells the watchdog what nobody else in the program would notice."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.checks import LITTLE_DISK, too_old_after
from bot.clock import Clock
from bot.findings import Symptom
from bot.settings import Settings
from bot.watchdog import Watchdog
from storage import heartbeats, rounds
from storage.database import Database
from storage.rounds import Seen
from storage.trouble import Trouble
from workflows.page_staff import reachable_staff

EVERY = 15.0  # seconds
STEP = timedelta(seconds=5)  # what a clock may be set by between two rounds; time services move it by less
REMEMBER_STEP = timedelta(minutes=10)  # long enough to be told
ABOUT = "rounds"

log = structlog.get_logger()


class Rounds:
    """Pages that do not leave, digests that are late, dead letters, an empty on-call order, the disk, the
    backup, the clock, and whether the database can be written.
    """

    def __init__(self, database: Database, clock: Clock, settings: Settings, watchdog: Watchdog) -> None:
        self._database, self._clock, self._settings, self._watchdog = database, clock, settings, watchdog
        self._origin: datetime | None = None  # when the clock that never goes back was zero, by the wall clock
        self._stepped_at: float | None = None
        self._started = clock.now()

    async def run(self, stopping: asyncio.Event, beat: Callable[[], None]) -> None:
        """Go round until told to stop."""
        while not stopping.is_set():
            await self.walk()
            beat()
            try:
                async with asyncio.timeout(EVERY):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def walk(self) -> None:
        """Look once at everything."""
        self._look_at_clock()
        self._look_at_disk()
        try:
            async with self._database.writing() as session:  # a full disk can still be read
                await heartbeats.beat(session, ABOUT, self._clock.now())
            async with self._database.reading() as session:
                seen = await rounds.look(session, now=self._clock.now())
                staff = await reachable_staff(session, now=self._clock.now())
        except Trouble as error:
            log.warning("rounds_without_database", cause=type(error).__name__)
            self._say(Symptom.DATABASE_REFUSES, True)
            return
        self._say(Symptom.DATABASE_REFUSES, False)
        self._say(Symptom.STAFF_UNREACHABLE, seen.unpaged_alerts > 0)
        self._say(Symptom.NOBODY_ON_CALL, seen.patients > 0 and not staff)
        self._say(Symptom.DIGEST_MISSING, seen.late_digests > 0)
        self._say(Symptom.DEAD_LETTERS, seen.dead_letters > 0)
        self._say(Symptom.BACKUP_TOO_OLD, self._backup_is_too_old(seen))

    def _backup_is_too_old(self, seen: Seen) -> bool:
        if self._settings.backup_dir is None:
            return False
        age = seen.backup_age if seen.backup_age is not None else self._clock.now() - self._started
        return age > too_old_after(self._settings)

    def _look_at_disk(self) -> None:
        try:
            free = shutil.disk_usage(self._settings.data_dir).free
        except OSError:
            free = 0
        self._say(Symptom.DISK_NEARLY_FULL, free < LITTLE_DISK)

    def _look_at_clock(self) -> None:
        passed = self._clock.monotonic()
        origin = self._clock.now() - timedelta(seconds=passed)
        if self._origin is not None and abs(origin - self._origin) > STEP:
            self._stepped_at = passed
        self._origin = origin
        since = None if self._stepped_at is None else passed - self._stepped_at
        self._say(Symptom.CLOCK_STEPPED, since is not None and since < REMEMBER_STEP.total_seconds())

    def _say(self, symptom: Symptom, is_there: bool) -> None:
        self._watchdog.trouble(symptom, is_there, about=ABOUT if symptom is Symptom.DATABASE_REFUSES else "")
