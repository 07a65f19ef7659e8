"""The whole program wired together: the one place where the parts meet."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from bot.application import App, make_application
from bot.clinic import read_clinic
from bot.clock import Clock
from bot.heartbeat import Heartbeats
from bot.intake import Intake
from bot.keys import open_vault
from bot.last_resort import LastResort
from bot.menu import show_commands
from bot.sender import Sender
from bot.settings import Settings, WrongSetting
from bot.telegram_api import make_bot
from bot.timers import Timers
from bot.updates import Updates
from storage import keys, schema
from storage.database import Database, check_durability
from workflows.unit import Clinic, Unit

UNKNOWN_BOT = "your_bot"  # the name in links until Telegram has told us ours

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """The parts of the running bot; each can be run as a loop or stepped by hand."""

    database: Database
    bot: ExtBot[None]
    clinic: Clinic
    clock: Clock
    intake: Intake
    updates: Updates
    sender: Sender
    last_resort: LastResort
    timers: Timers
    heartbeats: Heartbeats

    def unit(self, session: AsyncSession, origin: str) -> Unit:
        """A fresh unit of work at this moment."""
        return Unit(session=session, now=self.clock.now(), clinic=self.clinic, origin=origin)

    async def run(self, stopping: asyncio.Event) -> None:
        """Run every loop until told to stop, or until one of them fails for good."""
        await self.sender.recover()
        await self.last_resort.look_up_staff(self.database, self.clock.now())
        await show_commands(self.bot, self.clinic)
        loops: tuple[tuple[str, Callable[[asyncio.Event, Callable[[], None]], object]], ...] = (
            ("intake", self.intake.run),
            ("updates", self.updates.run),
            ("sender", self.sender.run),
        )
        log.info("started", database=self.database.url_for_humans)
        self.updates.nudge()
        async with asyncio.TaskGroup() as group:
            group.create_task(self.heartbeats.run(stopping))
            group.create_task(self.timers.run(stopping, self.heartbeats.of))
            polling = group.create_task(self._until_stopped(stopping, *loops[0]))
            for name, run in loops[1:]:
                group.create_task(self._until_stopped(stopping, name, run))
            await stopping.wait()
            polling.cancel()  # nothing is lost: what Telegram was not told about comes again
        log.info("stopped")

    async def _until_stopped(
        self,
        stopping: asyncio.Event,
        name: str,
        run: Callable[[asyncio.Event, Callable[[], None]], object],
    ) -> None:
        beat = self.heartbeats.of(name)
        await run(stopping, beat)  # pyright: ignore[reportGeneralTypeIssues]  # each of them is a coroutine function


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[Database]:
    """The database of these settings, checked, and closed again afterwards."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_address, open_vault(settings))
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock) -> AsyncGenerator[Program]:
    """The program, ready to run: settings read, schema checked, Telegram asked who we are."""
    token = settings.bot_token.get_secret_value()
    if not token:
        raise WrongSetting("CHECKIN_BOT_TOKEN is empty: @BotFather gives you one; `checkin init` asks for it.")
    async with opened(settings) as database:
        await schema.check(database)
        await check_durability(database)
        async with database.reading() as session:
            await keys.check(session)
        bot = make_bot(token, settings.telegram_api_url)
        application = make_application(bot)
        await application.initialize()
        try:
            yield wire(settings, clock, database, bot, application)
        finally:
            await application.shutdown()


def wire(settings: Settings, clock: Clock, database: Database, bot: ExtBot[None], application: App) -> Program:
    """Put the parts together."""
    clinic = read_clinic(settings, bot_username=bot.username)

    def open_unit(session: AsyncSession, origin: str) -> Unit:
        return Unit(session=session, now=clock.now(), clinic=clinic, origin=origin)

    sender = Sender(database, bot, clock, open_unit=open_unit)
    last_resort = LastResort(bot, clinic)
    updates = Updates(
        database, application, clock, open_unit=open_unit, nudge_sender=sender.nudge, last_resort=last_resort
    )
    return Program(
        database=database,
        bot=bot,
        clinic=clinic,
        clock=clock,
        intake=Intake(database, bot, clock, last_resort=last_resort, nudge_updates=updates.nudge),
        updates=updates,
        sender=sender,
        last_resort=last_resort,
        timers=Timers(database, clock, open_unit=open_unit, nudge_sender=sender.nudge),
        heartbeats=Heartbeats(database, clock),
    )
