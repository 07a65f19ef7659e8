"""When each loop of this process last went round, and how long the event loop has not answered; in memory."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from bot.findings import Pulse


class Beats:
    """Written by the loops, read by a thread that also sees a loop which never went round at all."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last: dict[str, float] = {}
        self._every: dict[str, timedelta] = {}
        self._lock = threading.Lock()

    def of(self, loop: str, *, every: timedelta = timedelta(0)) -> Callable[[], None]:
        """What a loop calls each time it goes round; from now on it is expected to."""
        with self._lock:
            self._every[loop] = every
            self._last[loop] = self._monotonic()
        return lambda: self._beat(loop)

    def forget(self, loop: str) -> None:
        """A loop that has ended rightly."""
        with self._lock:
            self._last.pop(loop, None)
            self._every.pop(loop, None)

    def pulses(self) -> dict[str, Pulse]:
        """The age of each loop's last beat."""
        now = self._monotonic()
        with self._lock:
            return {
                loop: Pulse(age=timedelta(seconds=now - last), every=self._every[loop])
                for loop, last in self._last.items()
            }

    def _beat(self, loop: str) -> None:
        now = self._monotonic()
        with self._lock:
            if loop in self._last:
                self._last[loop] = now


class LoopProbe:
    """Asks the event loop for a sign of life from another thread, one question at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, monotonic: Callable[[], float]) -> None:
        self._loop, self._monotonic = loop, monotonic
        self._asked_at: float | None = None

    def lag(self) -> timedelta:
        """How long the last question has gone unanswered, zero if it was answered; asks the next one."""
        now = self._monotonic()
        asked_at = self._asked_at
        if asked_at is not None:
            return timedelta(seconds=now - asked_at)
        self._asked_at = now
        with suppress(RuntimeError):  # the loop is closed and the process is not: that question stays open
            self._loop.call_soon_threadsafe(self._answer)
        return timedelta(0)

    def _answer(self) -> None:
        self._asked_at = None
