"""The whole program wired together: the one place where the parts meet."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import Route
from telegram.ext import ExtBot

from bot.application import App, make_application
from bot.clinic import read_clinic
from bot.clock import Clock, SteadyClock
from bot.dead_mans_ping import DeadMansPing
from bot.duties import Alone, Duties, Duty, Shared
from bot.elsewhere import Elsewhere, Tell, page_by
from bot.findings import Complain, Symptom
from bot.heartbeat import Heartbeats
from bot.intake import Intake, Receipt
from bot.keys import open_vault
from bot.last_resort import LastResort
from bot.menu import show_commands
from bot.outages import Outages
from bot.pausing import FIRST_PAUSE, pause
from bot.rounds import Rounds
from bot.second_channel import Reader, SecondChannel, second_channel
from bot.sender import Sender
from bot.settings import Settings, WrongSetting
from bot.synthetic_crisis import SyntheticCrisis
from bot.telegram_api import make_bot
from bot.timekeeper import Timekeeper, server_time
from bot.timers import Timers
from bot.updates import Updates
from bot.watchdog import Watchdog
from bot.webhook import Signpost, Webhook
from storage import keys, schema
from storage.database import Database, check_durability
from storage.trouble import Trouble
from storage.wakeups import INBOX, OUTBOX, listen
from workflows.unit import Clinic, Unit

UNKNOWN_BOT = "your_bot"  # the name in links until Telegram has told us ours

log = structlog.get_logger()


class Role(StrEnum):
    """Which part of the work a process takes on."""

    ALL = "all"
    WEB = "web"  # takes in what Telegram brings, and nothing else
    WORKER = "worker"  # everything but that


Loop = Callable[[asyncio.Event, Callable[[], None]], Coroutine[object, object, None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """The parts of the running bot; each can be run as a loop or stepped by hand."""

    settings: Settings
    database: Database
    bot: ExtBot[None]
    clinic: Clinic
    clock: Clock
    complain: Complain
    receipt: Receipt
    duties: Duties
    outages: Outages
    intake: Intake
    webhook: Webhook
    updates: Updates
    sender: Sender
    elsewhere: Elsewhere | None
    last_resort: LastResort
    timers: Timers
    heartbeats: Heartbeats
    watchdog: Watchdog | None

    def unit(self, session: AsyncSession, origin: str) -> Unit:
        """A fresh unit of work at this moment."""
        return Unit(session=session, now=self.clock.now(), clinic=self.clinic, origin=origin)

    async def run(self, stopping: asyncio.Event, role: Role = Role.ALL) -> None:
        """Run every loop of a role until told to stop, or until one of them fails for good."""
        await self.last_resort.look_up_staff(self.database, self.clock.now())
        if role is not Role.WEB:
            if isinstance(self.duties, Shared):
                await self.duties.look()  # what fell due while nobody was there is not put off by a round
            await show_commands(self.bot, self.clinic)
        self.updates.handles = role is not Role.WEB
        log.info("started", database=self.database.url_for_humans, role=role)
        self.updates.nudge()
        with self._watched():
            async with asyncio.TaskGroup() as group:
                loops = {
                    name: group.create_task(run(stopping, self.heartbeats.of(name))) for name, run in self._loops(role)
                }
                for task in self._others(stopping, role):
                    group.create_task(task)
                await stopping.wait()
                if "intake" in loops:
                    loops["intake"].cancel()  # nothing is lost: what Telegram was not told about comes again
        log.info("stopped")

    @contextmanager
    def _watched(self) -> Generator[None]:
        """Let the watchdog look while the loops run; it is told first that they are to end."""
        if self.watchdog is None:
            yield
            return
        ping = DeadMansPing(self.settings.dead_mans_ping_url.get_secret_value(), self.watchdog.is_well)
        self.watchdog.start()
        ping.start()
        try:
            yield
        finally:
            ping.stop()
            self.watchdog.stop()

    def _loops(self, role: Role) -> list[tuple[str, Loop]]:
        """The loops of a role with their names, each of them with a heartbeat of its own."""
        loops: list[tuple[str, Loop]] = []
        url = self.settings.webhook_url
        if url and role is not Role.WORKER:
            secret = self.settings.webhook_secret.get_secret_value()
            signpost = Signpost(self.bot, self.outages, url=url, secret=secret, complain=self.complain)
            loops += [("webhook", self.webhook.run), ("signpost", signpost.run)]
        if isinstance(self.clock, SteadyClock):
            loops.append(("timekeeper", Timekeeper(self.database, self.clock, self.complain).run))
        if role is Role.WEB:
            return loops
        if isinstance(self.duties, Shared):
            loops.append(("duties", self.duties.run))
        if not url:
            loops.append(("intake", self.intake.run))
        if self.watchdog is not None:
            rounds = Rounds(self.database, self.clock, self.settings, self.watchdog, self.duties)
            rehearsal = SyntheticCrisis(
                self.database, self.clock, self.duties, open_unit=self.unit, nudge_updates=self.updates.nudge
            )
            loops += [("rounds", rounds.run), ("synthetic crisis", rehearsal.run)]
        if self.elsewhere is not None:
            loops.append(("elsewhere", self.elsewhere.run))
        return [*loops, ("updates", self.updates.run), ("sender", self.sender.run)]

    def _others(self, stopping: asyncio.Event, role: Role) -> Sequence[Coroutine[object, object, None]]:
        """What runs beside the loops."""
        others: list[Coroutine[object, object, None]] = [self.heartbeats.run(stopping)]
        if role is not Role.WEB:
            others.append(self.timers.run(stopping, self.heartbeats.of))
            others.append(self._woken(stopping))
        if self.settings.web_address:
            others.append(self._answers(self.settings.web_address, role, stopping))
        return others

    async def _answers(self, address: str, role: Role, stopping: asyncio.Event) -> None:
        from bot.web import serve  # noqa: PLC0415  # a clinic that polls, as most do, serves nothing

        await serve(address, self._routes(role), stopping)

    def _routes(self, role: Role) -> list[Route]:
        from bot import health  # noqa: PLC0415  # as above

        takes_updates = role is not Role.WORKER and bool(self.settings.webhook_url)
        held = self.duties.held if isinstance(self.duties, Shared) else frozenset(Duty)
        shown = health.routes(
            self.database,
            self.clock,
            findings=self.watchdog.findings if self.watchdog else tuple,
            pulses=self.heartbeats.beats.pulses,
            leases=lambda: {duty: int(duty in held) for duty in Duty},
        )
        return [self.webhook.route, *shown] if takes_updates else shown

    async def _woken(self, stopping: asyncio.Event) -> None:
        """Hear what other processes have committed; without it everything is done as well, a second later."""
        wake = {INBOX: self.updates.nudge, OUTBOX: self.sender.nudge}
        while not stopping.is_set() and not self.database.is_sqlite:
            try:
                await listen(self.database, wake, stopping)
            except Trouble as error:
                log.warning("not_woken", cause=type(error).__name__)
                await pause(stopping, FIRST_PAUSE)


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
async def assembled(settings: Settings, clock: Clock | None = None, *, worker: str = "") -> AsyncGenerator[Program]:
    """The program, ready to run: settings read, schema checked, Telegram asked who we are.

    Without a clock it goes by the time that all processes on its database share, and is watched. With the name
    of a worker it is one of several and shares the duties with them.
    """
    token = settings.bot_token.get_secret_value()
    if not token:
        raise WrongSetting("CHECKIN_BOT_TOKEN is empty: @BotFather gives you one; `checkin init` asks for it.")
    async with opened(settings) as database:
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
            yield wire(settings, clock, database, bot, application, duties=duties, channel=channel, tell=tell)
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
) -> Program:
    """Put the parts together; without ``duties`` for a process that has its database to itself.

    ``channel`` gives it a watchdog that tells operators by it; ``tell`` is how pages go where Telegram takes none.
    """
    clinic = replace(read_clinic(settings, bot_username=bot.username), has_second_channel=tell is not None)
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
        intake=Intake(database, bot, receipt, duties, outages, complain=partial(complain, about="polling")),
        webhook=Webhook(receipt, secret=settings.webhook_secret.get_secret_value()),
        updates=updates,
        sender=sender,
        elsewhere=elsewhere,
        last_resort=last_resort,
        timers=Timers(database, clock, open_unit=open_unit, nudge_sender=sender.nudge, duties=duties),
        heartbeats=heartbeats,
        watchdog=watchdog,
    )
