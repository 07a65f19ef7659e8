"""What time it is: the one place that asks, and a clock for simulation that only moves when told."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

STEP = timedelta(seconds=5)  # a difference that no drift explains
FOLLOWED_AFTER = 120.0  # seconds; then the new time is believed


class Clock(Protocol):
    """Time as the process sees it."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, for pacing."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return datetime.now(UTC)  # noqa: TID251  # this is the one place

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)


class SteadyClock:
    """Goes on evenly while the machine's or the server's time is stepped, and follows a step that stays.

    Whoever knows the time well, the machine or the database that all workers share, says it now and then.
    Small differences are taken over at once. A large one is taken over when it has lasted for a while: a day
    forward and back again by a wrong time server must not let check-ins, pages and answers wait for a day.
    """

    def __init__(self, now: datetime) -> None:
        self._anchor, self._began = now, _seconds_since_boot()
        self._differs_since: float | None = None

    def now(self) -> datetime:
        """The moment, aware and in UTC."""
        return self._anchor + timedelta(seconds=_seconds_since_boot() - self._began)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return _seconds_since_boot()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)

    def hear(self, moment: datetime) -> timedelta:
        """Somebody who knows says what time it is; by how much this clock was moved, zero for not at all."""
        heard_at = _seconds_since_boot()
        off = moment - self.now()
        if abs(off) > STEP:
            self._differs_since = heard_at if self._differs_since is None else self._differs_since
            if heard_at - self._differs_since < FOLLOWED_AFTER:
                return timedelta(0)
        self._differs_since = None
        self._anchor, self._began = moment, heard_at
        return off

    @property
    def is_in_doubt(self) -> bool:
        """Whether those who should know say another time than this clock."""
        return self._differs_since is not None


def _seconds_since_boot() -> float:
    # counts the time in which the machine was suspended, unlike the usual monotonic clock
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class SimulatedClock:
    """A clock that stands still until it is moved; to sleep is to move it."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start

    def now(self) -> datetime:
        """The simulated moment."""
        return self._now

    def monotonic(self) -> float:
        """Simulated seconds since the start."""
        return (self._now - self._start).total_seconds()

    def move_to(self, moment: datetime) -> None:
        """Move on; never back."""
        self._now = max(self._now, moment)

    async def sleep(self, seconds: float) -> None:
        """Move on by that long."""
        self._now += timedelta(seconds=max(seconds, 0.0))
        await asyncio.sleep(0)
