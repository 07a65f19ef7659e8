"""The running bot: its parts, and the loops that each role of a process runs."""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute
from telegram.ext import ExtBot

from bot.clock import Clock, SteadyClock
from bot.dead_mans_ping import DeadMansPing
from bot.digest_places import DigestPlaces
from bot.duties import Duties, Duty, Shared
from bot.elsewhere import Elsewhere
from bot.findings import Complain
from bot.heartbeat import Heartbeats
from bot.intake import Intake, Receipt
from bot.last_resort import LastResort
from bot.menu import show_commands
from bot.outages import Outages
from bot.pausing import FIRST_PAUSE, pause
from bot.rounds import Rounds
from bot.sender import Sender
from bot.settings import Settings
from bot.synthetic_crisis import SyntheticCrisis
from bot.timekeeper import Timekeeper
from bot.timers import Timers
from bot.updates import Updates
from bot.watchdog import Watchdog
from bot.webhook import Signpost, Webhook
from storage.database import Database
from storage.trouble import Trouble
from storage.wakeups import INBOX, OUTBOX, listen
from workflows.unit import Clinic, Unit

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
    places: DigestPlaces | None
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
                await self.duties.look_at_once()  # what fell due while nobody was there is not put off by a round
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
        if self.places is not None:
            loops.append(("digest places", self.places.run))
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

    def _routes(self, role: Role) -> list[BaseRoute]:
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
        routes: list[BaseRoute] = [self.webhook.route, *shown] if takes_updates else [*shown]
        if self.clinic.console_url and role is not Role.WORKER:
            routes.append(self.console())
        return routes

    def console(self) -> BaseRoute:
        """Where staff look in from a browser."""
        from bot.console_rooms import ConsoleRooms  # noqa: PLC0415  # a clinic without a console does not load it
        from console.app import console  # noqa: PLC0415  # as above
        from console.rooms import Around  # noqa: PLC0415  # as above

        rooms = ConsoleRooms(self.database, self.unit, self.sender.nudge)
        return console(Around(rooms=rooms, clinic=self.clinic, url=self.clinic.console_url))

    async def _woken(self, stopping: asyncio.Event) -> None:
        """Hear what other processes have committed; without it everything is done as well, a second later."""
        wake = {INBOX: self.updates.nudge, OUTBOX: self.sender.nudge}
        while not stopping.is_set() and not self.database.is_sqlite:
            try:
                await listen(self.database, wake, stopping)
            except Trouble as error:
                log.warning("not_woken", cause=type(error).__name__)
                await pause(stopping, FIRST_PAUSE)
