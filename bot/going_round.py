"""The shape of a loop that looks every few seconds, and waits out what the database refuses."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.pausing import pause
from storage.trouble import Trouble

log = structlog.get_logger()


async def go_round(
    look: Callable[[], Awaitable[object]],
    *,
    every: float,
    stopping: asyncio.Event,
    beat: Callable[[], None],
    refused: str,
) -> None:
    """Look, rest so many seconds, and look again until told to stop; ``refused`` is the event for the log."""
    while not stopping.is_set():
        try:
            await look()
            beat()
        except Trouble as error:
            log.error(refused, cause=type(error).__name__)
        await pause(stopping, every)
