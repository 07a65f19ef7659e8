"""A thread of its own that sees when something stands still, says so, and needs neither event loop nor database."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot import alarm_file
from bot.alarm_words import notice
from bot.announcer import Announcement, Announcer
from bot.beats import LoopProbe
from bot.clock import Clock
from bot.findings import Finding, Pulse, Symptom, Trouble, judge
from bot.second_channel import Reader, SecondChannel

LOOK_EVERY = 1.0  # seconds
STOPPED_AFTER = 30.0  # seconds without a look; telling takes ten at most
JOIN_WITHIN = 1.0  # seconds at the end; a notice that is being told is left to its thread

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """Since when something is wrong, when that was said by the steady clock, and how often it is."""

    since: datetime
    at: float
    count: int = 0


class Watchdog:
    """Looks every second; a person is told by the second channel, /healthz and a file say the same.

    ``pulses`` gives the age of each loop's last beat (``Beats.pulses``).
    """

    def __init__(
        self, pulses: Callable[[], Mapping[str, Pulse]], channel: SecondChannel, data_dir: Path, clock: Clock
    ) -> None:
        self._pulses, self._channel, self._data_dir, self._clock = pulses, channel, data_dir, clock
        self._announcer = Announcer()
        self._troubles: dict[tuple[Symptom, str], _Said] = {}
        self._lock = threading.Lock()
        self._findings: tuple[Finding, ...] = ()
        self._in_file: tuple[Finding, ...] | None = None  # None: what an earlier process left there, if anything
        self._probe: LoopProbe | None = None
        self._looked_at: datetime | None = None
        self._looked: float | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look; to be called from the event loop that is watched."""
        self._probe = LoopProbe(asyncio.get_running_loop(), self._clock.monotonic)
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; to be called before the loops are stopped."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(JOIN_WITHIN)

    def trouble(
        self, symptom: Symptom, is_there: bool, *, about: str = "", count: int = 0, since: datetime | None = None
    ) -> None:
        """Say that something is wrong, or no longer; the same said again changes its count alone. From any thread.

        ``about`` tells two places apart that may see the same symptom, such as two loops; ``since`` is when it began,
        where that is known to lie before this moment.
        """
        key = (symptom, about)
        with self._lock:
            if not is_there:
                self._troubles.pop(key, None)
                return
            known = self._troubles.get(key) or _Said(since=since or self._clock.now(), at=self._clock.monotonic())
            self._troubles[key] = replace(known, count=count)

    def findings(self) -> tuple[Finding, ...]:
        """What was wrong at the last look, the worst first."""
        if self._looked is None or self._looked_at is None or self._stopping.is_set():
            return self._findings
        if self._clock.monotonic() - self._looked <= STOPPED_AFTER:
            return self._findings
        return (Finding(symptom=Symptom.WATCHDOG_STOPPED, since=self._looked_at), *self._findings)

    def is_well(self) -> bool:
        """Whether nothing is wrong that somebody has to act on now."""
        return not any(finding.is_red for finding in self.findings())

    def look(self) -> tuple[Finding, ...]:
        """Look once: say in file, log and by the second channel what has to be said."""
        at = self._clock.monotonic()
        found = judge(self._pulses(), lag=self._lag(), troubles=self._said(at), now=self._clock.now())
        self._log_changes(found)
        self._findings, self._looked, self._looked_at = found, at, self._clock.now()
        self._write_file(found)
        announcement = self._announcer.due(found, at)
        if announcement is not None:
            self._tell(announcement)
        return found

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001  # nobody watches the watchdog but whoever reads its silence
                log.critical("watchdog_failed", cause=type(error).__name__)

    def _lag(self) -> timedelta:
        return self._probe.lag() if self._probe else timedelta(0)

    def _said(self, at: float) -> tuple[Trouble, ...]:
        with self._lock:
            return tuple(
                Trouble(
                    symptom=symptom,
                    about=about,
                    since=said.since,
                    age=timedelta(seconds=at - said.at),
                    count=said.count,
                )
                for (symptom, about), said in self._troubles.items()
            )

    def _log_changes(self, found: tuple[Finding, ...]) -> None:
        before, now = {one.key for one in self._findings}, {one.key for one in found}
        for symptom, about in sorted(now - before):
            log.error("finding", symptom=symptom, about=about, severity=symptom.severity)
        for symptom, about in sorted(before - now):
            log.info("finding_over", symptom=symptom, about=about)

    def _write_file(self, found: tuple[Finding, ...]) -> None:
        if self._in_file is not None and {one.key for one in found} == {one.key for one in self._in_file}:
            return
        try:
            alarm_file.keep(self._data_dir, found, at=self._clock.now())
            self._in_file = found
        except OSError as error:  # tried again at the next look; a full disk is told by the other ways
            log.error("alarm_file_not_written", cause=type(error).__name__)

    def _tell(self, announcement: Announcement) -> None:
        ways = self._channel.ways(Reader.OPERATOR)
        if not ways:  # nothing is set: the log and the file have said it, and `checkin check` warns of this
            self._announcer.was_told(announcement, self._clock.monotonic(), took=True)
            return
        took = self._channel.tell(notice(announcement, at=self._clock.now()))
        self._announcer.was_told(announcement, self._clock.monotonic(), took=bool(took))
        self.trouble(Symptom.SECOND_CHANNEL_DEAD, not took)
        for way in ways:
            self.trouble(Symptom.SECOND_WAY_FAILED, bool(took) and way not in took, about=way)
