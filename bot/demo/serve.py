"""After the story: the bot goes on in real time, and one can chat with it."""

import asyncio
import signal

from bot.clock import ContinuingClock
from bot.demo.run import Demo
from bot.program import assembled


async def serve(ended: Demo) -> None:
    """Run the bot against the demo's sandbox until somebody presses Ctrl-C."""
    clock = ContinuingClock(ended.ended_at)
    ended.sandbox.world.clock = clock
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wish in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wish, stopping.set)
    try:
        async with assembled(ended.settings, clock) as program:
            await program.run(stopping)
    finally:
        for wish in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(wish)
