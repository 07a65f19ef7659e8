"""Goes round every few seconds and tells the watchdog what nobody else in the program would notice."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta

import structlog

from alliance.contacts import has_expired
from alliance.local_time import local_day
from alliance.places import MailContent
from bot.clock import Clock
from bot.duties import Alone, Duties, Duty
from bot.findings import Symptom
from bot.settings import Settings
from bot.watchdog import Watchdog
from storage import heartbeats, rounds, synthetic
from storage.database import Database
from storage.rounds import NOTHING, Seen
from storage.trouble import Trouble
from workflows.synthetic_crisis import SENTENCES
from workflows.whom_to_page import reachable_staff

EVERY = 15.0  # seconds
LITTLE_DISK = 200 * 2**20  # bytes; below that a busy week may fill it
ABOUT = "rounds"

log = structlog.get_logger()


class Rounds:
    """Pages that do not leave, digests that are late or that no mail server takes, dead letters, an empty on-call
    order, the disk, the backup, the contacts in the safety message, a synthetic crisis that did not come through, and
    whether the database can be written.
    """

    def __init__(
        self, database: Database, clock: Clock, settings: Settings, watchdog: Watchdog, duties: Duties | None = None
    ) -> None:
        self._database, self._clock, self._settings, self._watchdog = database, clock, settings, watchdog
        self._duties = duties or Alone()
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
        self._look_at_disk()
        try:
            async with self._database.writing("rounds") as session:  # a full disk can still be read
                await heartbeats.beat(session, ABOUT, self._clock.now())
            async with self._database.reading() as session:
                seen = await rounds.look(session, now=self._clock.now())
                staff = await reachable_staff(session, now=self._clock.now())
                untested = await synthetic.is_missing(
                    session, SENTENCES, running_since=self._started, now=self._clock.now()
                )
        except Trouble as error:
            log.warning("rounds_without_database", cause=type(error).__name__)
            self._say(Symptom.DATABASE_REFUSES, True)
            return
        self._say(Symptom.DATABASE_REFUSES, False)
        if self._duties.lease(Duty.TICKS) is None:
            seen, staff, untested = NOTHING, (), False  # what concerns all workers is told by the one that asks on time
        self._say(Symptom.STAFF_UNREACHABLE, seen.unpaged_alerts > 0)
        self._say(Symptom.NOBODY_ON_CALL, seen.patients > 0 and not staff)
        self._say(Symptom.SYNTHETIC_CRISIS_MISSING, untested)
        self._say(Symptom.CONTACTS_EXPIRED, self._contacts_have_expired())
        self._say(Symptom.DIGEST_MISSING, seen.late_digests > 0)
        self._say_of_mail(seen)
        self._say(Symptom.DEAD_LETTERS, seen.dead_letters > 0)
        self._say(Symptom.BACKUP_TOO_OLD, self._backup_is_too_old(seen))

    def _say_of_mail(self, seen: Seen) -> None:
        """How many and since when, never to whom."""
        is_there = seen.unmailed > 0 and self._settings.digest_email is not MailContent.OFF
        self._watchdog.trouble(Symptom.DIGEST_NOT_MAILED, is_there, count=seen.unmailed, since=seen.unmailed_since)

    def _backup_is_too_old(self, seen: Seen) -> bool:
        if self._settings.backup_dir is None:
            return False
        age = seen.backup_age if seen.backup_age is not None else self._clock.now() - self._started
        return age > too_old_after(self._settings)

    def _contacts_have_expired(self) -> bool:
        today = local_day(self._clock.now(), self._settings.clinic_zone)
        return has_expired(self._settings.crisis_contacts_valid_until, on=today)

    def _look_at_disk(self) -> None:
        try:
            free = shutil.disk_usage(self._settings.data_dir).free
        except OSError:
            free = 0
        self._say(Symptom.DISK_NEARLY_FULL, free < LITTLE_DISK)

    def _say(self, symptom: Symptom, is_there: bool) -> None:
        self._watchdog.trouble(symptom, is_there, about=ABOUT if symptom is Symptom.DATABASE_REFUSES else "")


def too_old_after(settings: Settings) -> timedelta:
    """After which age of the last backup somebody is told: one may fail, two in a row may not."""
    return timedelta(minutes=2 * settings.backup_every_minutes + 1)
