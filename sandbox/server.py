"""The sandbox as one object: start it, make people, look into the ledger, stop it."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any, Self, TypeAlias

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from sandbox.api import BotApi, Receive, Scope, Send
from sandbox.chat.page import chat_page
from sandbox.clock import Clock, WallClock
from sandbox.courier import Courier, Pace
from sandbox.faults import Faults
from sandbox.flood import FloodGate, FloodLimits
from sandbox.group import Group
from sandbox.ledger import Ledger
from sandbox.people import Crowd, Person
from sandbox.updates import UpdateQueue
from sandbox.wire import JsonObject
from sandbox.world import World

LOOPBACK = "127.0.0.1"
USUAL_FLOOD = FloodLimits()
USUAL_PACE = Pace()
_KEEP_ALIVE = 75  # seconds; a client that reuses a connection should not race its closing
_BOT_ID = 123
_FIRST_GROUP = 4_000_001
_AppState: TypeAlias = dict[str, Any]  # Any: uvicorn's own definition


class _OpenConnection(H11Protocol):
    """uvicorn's connection, which shows each request its own transport, so that a fault can hang up."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self.app_state: _AppState = {"transport": transport}
        self.access_log = False  # it would write the token, which is part of every address


class Sandbox:
    """A Telegram with one bot in it.

    With a clock of one's own, the two rules that punish impatient polling are off (they take real time);
    `patient` decides otherwise.
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
        self._chat_page = chat_page(self.world, self._crowd)
        self._state = ServerState()
        self._server: asyncio.Server | None = None
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

    async def start(self, port: int = 0) -> None:
        """Listen on that port of the loopback address, or on any free one with 0."""
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            proxy_headers=False,
            http=_OpenConnection,
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=_KEEP_ALIVE,
        )
        config.load()
        # uvicorn's Server would take over the process's signals and wake ten times a second. The loop makes
        # the listening socket itself: only then are answers sent without Nagle's delay of 40 ms.
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _OpenConnection(config=config, server_state=self._state, app_state={}), LOOPBACK, port
        )
        self._port = self._server.sockets[0].getsockname()[1]
        self._courier.start()

    async def stop(self) -> None:
        """Close every connection, a waiting poll's too, and let what is under way end."""
        if self._server is None:
            return
        self._server.close()
        await self._courier.stop()
        for connection in tuple(self._state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # lets each connection learn that it was lost, so that nobody is answered
        self.world.wake()
        if self._state.tasks:
            await asyncio.gather(*self._state.tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

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

    def group(self, title: str) -> Group:
        """Found a group without the bot."""
        self._groups += 1
        return Group(self.world, title, -(_FIRST_GROUP + self._groups))

    def inject(self, update: JsonObject) -> int:
        """Queue any update, however malformed, under the next id, and return the id."""
        return self.world.enqueue({key: value for key, value in update.items() if key != "update_id"})

    def redeliver(self, update_id: int) -> None:
        """Hand an earlier update out once more; KeyError when there was none."""
        self.world.queue.redeliver(update_id)
        self.world.wake()

    def restart_update_ids(self, at: int | None = None) -> int:
        """Number updates anew, as Telegram may after a week of quiet, and return the next id."""
        return self.world.queue.restart_ids(at)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/bot"):
            await self._bot_api(scope, receive, send)
        else:
            await self._chat_page(scope, receive, send)
