"""The sandbox as one object: start it, make people, look into the ledger, stop it."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Self

from starlette.types import ASGIApp
from uvicorn.server import ServerState

from sandbox.api import BotApi
from sandbox.chat.page import chat_page
from sandbox.clock import Clock, WallClock
from sandbox.courier import Courier, Pace
from sandbox.exchange import BotConnection
from sandbox.faults import Fault, FaultKind, Faults
from sandbox.flood import FloodGate, FloodLimits
from sandbox.group import Group
from sandbox.journal import Journal
from sandbox.kinds import every_kind
from sandbox.ledger import Ledger
from sandbox.pages import Pages
from sandbox.people import Crowd, Person
from sandbox.snapshot import Snapshot, begin_from, taken
from sandbox.strange import strange_updates
from sandbox.updates import UpdateQueue
from sandbox.wire import JsonObject
from sandbox.world import World

LOOPBACK = "127.0.0.1"
USUAL_FLOOD = FloodLimits()
USUAL_PACE = Pace()
NO_END = 1e9  # seconds
_BOT_ID = 123
_FIRST_GROUP = 4_000_001


class Outage(StrEnum):
    """How Telegram is gone."""

    REFUSING = "refusing"  # nobody listens: connections are refused
    HANGING = "hanging"  # connections are taken and never answered


class Sandbox:
    """A Telegram with one bot in it.

    With a clock of one's own, the two rules that punish impatient polling are off (they take real time);
    `patient` decides otherwise. What happens is appended to the file `journal`, for a checker (see there).
    """

    def __init__(
        self,
        *,
        token: str,
        clock: Clock | None = None,
        seed: int = 0,
        username: str = "alliance_checkin_bot",
        flood: FloodLimits | None = USUAL_FLOOD,
        patient: bool | None = None,
        pace: Pace = USUAL_PACE,
        journal: Path | None = None,
    ) -> None:
        chance = random.Random(seed)  # noqa: S311  repeatable on purpose, guards nothing
        bot_id = token.partition(":")[0]
        bot: JsonObject = {
            "id": int(bot_id) if bot_id.isdigit() else _BOT_ID,
            "is_bot": True,
            "first_name": "Check-in",
            "username": username,
        }
        self.token = token
        self.username = username
        self.world = World(clock=clock or WallClock(), chance=chance, bot=bot, queue=UpdateQueue(chance))
        if journal is not None:
            self.world.journal = self.world.ledger.scribe = Journal(journal, self.world.now)
            self.world.queue.tell = self.world.journal.ended
        self.faults = Faults(random.Random(seed))  # noqa: S311  apart from the ids, so that faults do not shift them
        self._crowd = Crowd(self.world)
        self._groups = 0
        patient = clock is not None if patient is None else patient
        gate = FloodGate(flood)
        self._bot_api = BotApi(
            self.world, token=token, faults=self.faults, gate=gate, patient=patient, hurry=pace.hurry
        )
        # apart from the ids too
        couriers = random.Random(seed)  # noqa: S311
        self._courier = Courier(self.world, chance=couriers, pace=pace, perform=self._bot_api.perform)
        self._state = ServerState()
        self._pages = Pages(chat_page(self.world, self._crowd), self._state)
        self._server: asyncio.Server | None = None
        self._silences: list[Fault] = []
        self._returning: asyncio.Task[None] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """The root to give to the bot; methods are at <url>/bot<token>/<method>."""
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def ledger(self) -> Ledger:
        return self.world.ledger

    @property
    def people(self) -> Sequence[Person]:
        return self._crowd.everybody

    @property
    def pending(self) -> int:
        """How many updates wait unconfirmed."""
        return self.world.queue.pending(self.world.now())

    @property
    def unseen(self) -> int:
        """How many updates wait that no poll was ever given; less than `pending` between two polls."""
        return self.world.queue.unseen(self.world.now())

    def snapshot(self) -> Snapshot:
        """Everything that has happened so far, for `begin_from` of another sandbox with the same bot."""
        return taken(self.world, self._crowd)

    def begin_from(self, past: Snapshot) -> None:
        """Let that be what has happened here; only before anything else has."""
        begin_from(past, self.world, self._crowd)

    async def start(self, port: int = 0) -> None:
        """Listen on that port of the loopback address, or on any free one with 0."""
        # uvicorn's Server would take over the process's signals and wake ten times a second. The loop makes
        # the listening socket itself: only then are answers sent without Nagle's delay of 40 ms.
        self._server = await asyncio.get_running_loop().create_server(
            lambda: BotConnection(self._bot_api, self._pages.take_over, self._state), LOOPBACK, port
        )
        self._port = self._server.sockets[0].getsockname()[1]
        self._courier.start()

    async def stop(self) -> None:
        """Close every connection, a waiting poll's too, and let what is under way end."""
        if self._returning is not None and self._returning is not asyncio.current_task():
            self._returning.cancel()  # whoever stops in an outage does not mean to come back
        if self._server is not None:
            self._server.close()
            await self._courier.stop()
            self._hang_up_all()
            await asyncio.sleep(0)  # lets each connection learn that it was lost, so that nobody is answered
            self.world.wake()
            if self._state.tasks:
                await asyncio.gather(*self._state.tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None
        if self.world.journal is not None:
            self.world.journal.close()

    async def goes_away(self, how: Outage) -> None:
        """Let nobody be answered, nor any webhook be called, until `comes_back`; people go on writing."""
        if how is Outage.REFUSING:
            await self.stop()
            return
        await self._courier.stop()
        self._hang_up_all()
        # a connection that is taken and never answered; longer than anybody waits
        silent = Fault(kind=FaultKind.STALL, times=None, seconds=NO_END)
        self._silences += [self.faults.add(silent), self.faults.add(replace(silent, method="getUpdates"))]

    async def comes_back(self) -> None:
        """End the outage, on the same port; whoever still waits is left without an answer."""
        while self._silences:
            self.faults.remove(self._silences.pop())
        self._hang_up_all()
        if self._server is None:
            await self.start(self._port)
        else:
            await self._courier.stop()
            self._courier.start()

    async def begins_to_be_away(self, how: Outage, seconds: float) -> None:
        """Go away now and come back after that many seconds, by the real clock."""
        self._returning = asyncio.create_task(self._is_away_for(how, seconds))

    async def _is_away_for(self, how: Outage, seconds: float) -> None:
        await self.goes_away(how)
        await asyncio.sleep(seconds)
        await self.comes_back()

    def _hang_up_all(self) -> None:
        for connection in tuple(self._state.connections):
            connection.transport.abort()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()

    def person(
        self,
        name: str,
        language_code: str = "en",
        *,
        last_name: str | None = None,
        username: str | None = None,
    ) -> Person:
        """Let somebody install Telegram. They have not met the bot yet."""
        return self._crowd.add(name, language_code=language_code, last_name=last_name, username=username)

    def find(self, user_id: int) -> Person | None:
        return self._crowd.find(user_id)

    def mount(self, prefix: str, pages: ASGIApp) -> None:
        """Serve other pages for this machine below that prefix."""
        self._pages.mount(prefix, pages)

    def group(self, title: str) -> Group:
        """Found a group without the bot."""
        self._groups += 1
        return Group(self.world, title, -(_FIRST_GROUP + self._groups))

    def inject(self, update: JsonObject) -> int:
        """Queue any update, however malformed, under the next id, and return the id."""
        return self.world.enqueue({key: value for key, value in update.items() if key != "update_id"})

    def send_every_kind(self, person: Person) -> Sequence[str]:
        """Queue an update of every documented kind as if that person had caused it, and return their names."""
        kinds = dict(every_kind(person.user, person.chat.wire, self.world.now()))
        for update in kinds.values():
            self.inject(update)
        return tuple(kinds)

    def send_strange(self, person: Person, number: int, *, seed: int = 0) -> Sequence[str]:
        """Queue so many updates no documentation knows, and return what is strange about each."""
        now, wire = self.world.now(), person.chat.wire
        odd = list(strange_updates(number, seed=seed, sender=person.user, chat=wire, at=now))
        for _, update in odd:
            self.inject(update)
        return tuple(name for name, _ in odd)

    def redeliver(self, update_id: int) -> None:
        """Hand an earlier update out once more; KeyError when there was none."""
        self.world.queue.redeliver(update_id)
        if self.world.journal is not None:
            self.world.journal.again(update_id)
        self.world.wake()

    def restart_update_ids(self, at: int | None = None) -> int:
        """Number updates anew, as Telegram may after a week of quiet, and return the next id."""
        self.world.last_update_at = None  # the numbering is new already, however long the quiet was
        return self.world.queue.restart_ids(at)
