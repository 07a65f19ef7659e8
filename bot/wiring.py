"""Puts the parts together: the one place where they meet, from settings to a program that is ready to run."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession
from telegram.ext import ExtBot

from bot.application import App, make_application
from bot.clinic import read_clinic
from bot.clock import Clock, SteadyClock
from bot.digest_places import DigestPlaces, mail_room
from bot.draughtsman import Draughtsman
from bot.duties import Alone, Duties, Shared
from bot.elsewhere import Elsewhere, Tell, page_by
from bot.findings import Symptom
from bot.heartbeat import Heartbeats
from bot.intake import Intake, Receipt
from bot.keys import open_vault
from bot.last_resort import LastResort
from bot.outages import Outages
from bot.program import Program
from bot.second_channel import Reader, SecondChannel, second_channel
from bot.sender import Sender
from bot.settings import Settings, WrongSetting
from bot.telegram_api import make_bot
from bot.timekeeper import server_time
from bot.timers import Timers
from bot.updates import Updates
from bot.watchdog import Watchdog
from bot.webhook import Webhook
from storage import keys, schema
from storage.database import Database, check_durability
from workflows.unit import Unit

UNKNOWN_BOT = "your_bot"  # the name in links until Telegram has told us ours


@asynccontextmanager
async def opened(settings: Settings, *, is_simulated: bool = False) -> AsyncGenerator[Database]:
    """The database of these settings, checked, and closed again afterwards."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_address, open_vault(settings), nobody_waits=is_simulated)
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def assembled(settings: Settings, clock: Clock | None = None, *, worker: str = "") -> AsyncGenerator[Program]:
    """The program, ready to run: settings read, schema checked, Telegram asked who we are.

    Without a clock it goes by the time that all processes on its database share, and is watched; with one it is
    stepped by hand. With the name of a worker it is one of several and shares the duties with them.
    """
    token = settings.bot_token.get_secret_value()
    if not token:
        raise WrongSetting("CHECKIN_BOT_TOKEN is empty: @BotFather gives you one; `checkin init` asks for it.")
    async with opened(settings, is_simulated=clock is not None) as database:
        await schema.check(database)
        await check_durability(database)
        async with database.reading() as session:
            await keys.check(session)
        channel = second_channel(settings) if clock is None else None
        clock = clock or SteadyClock(await server_time(database))
        tell = page_by(channel, clock) if channel and channel.ways(Reader.ON_CALL) else None
        duties = Shared(database, clock, worker=worker) if worker else Alone()
        bot = make_bot(token, settings.telegram_api_url)
        application = make_application(bot)
        await application.initialize()
        try:
            yield wire(
                settings,
                clock,
                database,
                bot,
                application,
                duties=duties,
                channel=channel,
                tell=tell,
                draughtsman=Draughtsman() if channel else None,  # a simulated clinic is told in words alone
            )
        finally:
            await application.shutdown()


def wire(
    settings: Settings,
    clock: Clock,
    database: Database,
    bot: ExtBot[None],
    application: App,
    *,
    duties: Duties | None = None,
    channel: SecondChannel | None = None,
    tell: Tell | None = None,
    draughtsman: Draughtsman | None = None,
) -> Program:
    """Put the parts together; without ``duties`` for a process that has its database to itself.

    ``channel`` gives it a watchdog that tells operators by it; ``tell`` is how pages go where Telegram takes none;
    ``draughtsman`` draws the charts of digests, and without one they go out in words alone.
    """
    clinic = replace(
        read_clinic(settings, bot_username=bot.username),
        has_second_channel=tell is not None,
        has_pictures=draughtsman is not None and settings.digest_picture,
    )
    duties = duties or Alone()
    heartbeats = Heartbeats(database, clock)
    watchdog = channel and Watchdog(heartbeats.beats.pulses, channel, settings.data_dir, clock)

    def complain(symptom: Symptom, is_there: bool, *, about: str = "") -> None:
        if watchdog is not None:
            watchdog.trouble(symptom, is_there, about=about)

    def open_unit(session: AsyncSession, origin: str) -> Unit:
        return Unit(session=session, now=clock.now(), clinic=clinic, origin=origin)

    sender = Sender(
        database, bot, clock, open_unit=open_unit, duties=duties, complain=partial(complain, about="sending")
    )
    last_resort = LastResort(bot, clinic)
    updates = Updates(
        database,
        application,
        clock,
        open_unit=open_unit,
        nudge_sender=sender.nudge,
        last_resort=last_resort,
        complain=complain,
    )
    outages = Outages(database, clock, open_unit=open_unit, nudge_sender=sender.nudge)
    receipt = Receipt(database, clock, clinic, last_resort=last_resort, nudge_updates=updates.nudge)
    elsewhere = tell and Elsewhere(
        database,
        clock,
        duties,
        open_unit=open_unit,
        telegram_takes_none=lambda: sender.telegram_takes_none,
        tell=tell,
    )
    places = draughtsman and DigestPlaces(
        database,
        clock,
        duties,
        open_unit=open_unit,
        nudge_sender=sender.nudge,
        draughtsman=draughtsman,
        mail_room=mail_room(settings),
    )
    return Program(
        settings=settings,
        database=database,
        bot=bot,
        clinic=clinic,
        clock=clock,
        complain=complain,
        receipt=receipt,
        duties=duties,
        outages=outages,
        intake=Intake(
            database, bot, receipt, duties, outages, clock=clock, complain=partial(complain, about="polling")
        ),
        webhook=Webhook(receipt, secret=settings.webhook_secret.get_secret_value()),
        updates=updates,
        sender=sender,
        elsewhere=elsewhere,
        places=places,
        last_resort=last_resort,
        timers=Timers(database, clock, open_unit=open_unit, nudge_sender=sender.nudge, duties=duties),
        heartbeats=heartbeats,
        watchdog=watchdog,
    )
