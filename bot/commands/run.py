"""`checkin run`: the bot."""

import asyncio
import signal

from bot import logs
from bot.clock import SystemClock
from bot.commands.session import run_async
from bot.lock import only_one
from bot.program import assembled, opened
from bot.settings import Settings, read_settings
from storage import schema


def run() -> None:
    """Run the bot until it is told to stop (Ctrl-C, or a stop of the service)."""
    settings = read_settings()
    logs.set_up(settings.log_level)
    run_async(_run(settings))


async def _run(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with only_one(settings.data_dir):
        async with opened(settings) as database:
            if await schema.is_empty(database):  # a first start needs no second command
                await schema.migrate(database)
        async with assembled(settings, SystemClock()) as program:
            stopping = asyncio.Event()
            loop = asyncio.get_running_loop()
            for wish in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(wish, stopping.set)
            await program.run(stopping)
