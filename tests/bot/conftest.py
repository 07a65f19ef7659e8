"""The real program on a clock that moves when told, wired to a sandbox over HTTP, on either database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from bot.application import make_application
from bot.clock import SimulatedClock
from bot.program import Program
from bot.settings import read_settings
from bot.telegram_api import make_bot
from bot.wiring import wire
from sandbox import Sandbox
from storage.database import Database
from tests.bot.ward import TOKEN, Ward


@pytest.fixture
def clock(moment: datetime) -> SimulatedClock:
    """Stands still at the moment until it is moved; program and sandbox share it."""
    return SimulatedClock(moment)


@pytest.fixture
async def sandbox(clock: SimulatedClock) -> AsyncGenerator[Sandbox]:
    async with Sandbox(token=TOKEN, clock=clock, seed=1) as running:
        yield running


@pytest.fixture
async def ward(database: Database, sandbox: Sandbox, clock: SimulatedClock) -> AsyncGenerator[Ward]:
    """A clinic in which nobody is enrolled yet; the test runs once on each kind of database."""
    async with _wired(database, sandbox, clock) as program:
        yield Ward(program=program, sandbox=sandbox, clock=clock)


@pytest.fixture
async def sqlite_ward(sqlite_database: Database, sandbox: Sandbox, clock: SimulatedClock) -> AsyncGenerator[Ward]:
    """The same on SQLite alone, for what cannot differ between the two kinds."""
    async with _wired(sqlite_database, sandbox, clock) as program:
        yield Ward(program=program, sandbox=sandbox, clock=clock)


@asynccontextmanager
async def _wired(database: Database, sandbox: Sandbox, clock: SimulatedClock) -> AsyncGenerator[Program]:
    settings = read_settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=sandbox.url,
        clinic_zone="Europe/Madrid",
        emergency_number="112",
    )
    bot = make_bot(TOKEN, settings.telegram_api_url)
    application = make_application(bot)
    await application.initialize()
    try:
        yield wire(settings, clock, database, bot, application)
    finally:
        await application.shutdown()
