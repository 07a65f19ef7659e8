"""Whether somebody else keeps asking Telegram for this bot's updates, or one process has only followed another."""

from bot.clock import Clock

GOES_ON_AFTER = 10.0  # seconds from the first refused poll; a process that is being replaced has ended by then
OVER_AFTER = 60.0  # seconds without a refused poll; while people write, polls between two refused ones are answered


class Rival:
    """Told of each poll that was refused because of another one, and of each that was answered."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first: float | None = None  # refusal of this spell
        self._last = 0.0

    def goes_on(self) -> bool:
        """A poll was refused; whether that has happened for long enough to tell somebody."""
        now = self._clock.monotonic()
        if self._first is None or now - self._last > OVER_AFTER:
            self._first = now
        self._last = now
        return now - self._first >= GOES_ON_AFTER

    def is_gone(self) -> bool:
        """A poll was answered; whether the last refused one is long ago."""
        return self._first is None or self._clock.monotonic() - self._last > OVER_AFTER
