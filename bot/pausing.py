"""Waiting that ends at once when the program is told to stop."""

import asyncio

FIRST_PAUSE = 1.0  # seconds before the first new try
LONGEST_PAUSE = 15.0  # seconds between two tries: half of the time after which all goes on again


async def pause(stopping: asyncio.Event, seconds: float) -> None:
    """Wait that long, or until told to stop."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


def longer(seconds: float) -> float:
    """The pause after one that did not help."""
    return min(seconds * 2, LONGEST_PAUSE)
