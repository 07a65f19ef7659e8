"""Where the sandbox learns what time it is, so that a demo can let weeks pass in seconds."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the moment: the wall, or a simulation that shares its time with the product."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class WallClock:
    """The time everybody else has."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  the sandbox shares nothing with bot/clock.py; this is its own one look
