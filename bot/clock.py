"""What time it is: the one place that asks, and a clock for simulation that only moves when told."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


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


class ContinuingClock:
    """Goes on in real time from where a simulation ended."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def now(self) -> datetime:
        """The moment at which the simulation would be by now."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the simulation ended."""
        return time.monotonic() - self._began

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)
