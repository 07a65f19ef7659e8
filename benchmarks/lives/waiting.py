"""Waiting for what happens in another process, which sends no event: by looking again and again."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.clock import SystemClock

LOOK_EVERY = 0.05  # seconds


async def until_so(is_so: Callable[[], Awaitable[bool]], *, within: float) -> bool:
    """Wait until something is so; False when it takes longer."""
    watch = SystemClock()
    over_at = watch.monotonic() + within
    while not await is_so():
        if watch.monotonic() >= over_at:
            return False
        await asyncio.sleep(LOOK_EVERY)
    return True


async def until_still(number: Callable[[], Awaitable[int]], *, seconds: float, within: float) -> bool:
    """Wait until a number has not changed for so long; False when it goes on changing."""
    watch = SystemClock()
    since, before = watch.monotonic(), await number()

    async def is_still() -> bool:
        nonlocal since, before
        now = await number()
        if now != before:
            since, before = watch.monotonic(), now
        return watch.monotonic() - since >= seconds

    return await until_so(is_still, within=within)
