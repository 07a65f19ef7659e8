"""Who writes next: SQLite has one writer, and those of this process queue here instead of spinning on a busy file."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

AHEAD = "intake"  # what has just arrived is stored before anything else that waits: Telegram is still holding it


class TurnsToWrite:
    """A queue in which everybody else waits behind the next one, and only what stores updates goes before them.

    Everybody else takes their place first and then the file, so that at most one of them stands at the file
    when ``intake`` comes: it waits for the transaction that is going on, and never for those that would follow.
    """

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._one_at_a_time = one_at_a_time
        self._place, self._file = asyncio.Lock(), asyncio.Lock()

    @asynccontextmanager
    async def turn(self, what: str) -> AsyncGenerator[None]:
        """Wait until ``what`` may write, and let the next one write after the block; no wait with many writers."""
        if not self._one_at_a_time:
            yield
        elif what == AHEAD:
            async with self._file:
                yield
        else:
            async with self._place, self._file:
                yield
