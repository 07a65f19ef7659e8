"""A bot's own front door: takes what a webhook delivers and answers as a test wants."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from tests.sandbox.hands import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the door says; without a status it closes, and `waits` holds the answer back."""

    status: int | None = 200
    headers: tuple[str, ...] = ()
    body: bytes = b""
    waits: asyncio.Event | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """One request that came in."""

    update: Json
    headers: dict[str, str]

    @property
    def kind(self) -> str:
        return next(name for name in self.update if name != "update_id")

    @property
    def update_id(self) -> int:
        return int(self.update["update_id"])


@dataclass(slots=True)
class Doorstep:
    """Listens on a free port of the loopback address."""

    answer: Callable[[Received], Answer] = lambda _received: Answer()
    received: list[Received] = field(default_factory=list[Received])
    connections: int = 0
    busy: int = 0
    most_busy: int = 0
    _server: asyncio.Server | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    @property
    def ids(self) -> list[int]:
        return [each.update_id for each in self.received]

    async def until(self, number: int) -> None:
        """Wait until so many requests came."""
        async with asyncio.timeout(5):
            while len(self.received) < number:
                self._news.clear()
                await self._news.wait()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_error: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await self._serve(reader, writer):
                pass
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        update = json.loads(await reader.readexactly(int(headers["content-length"])))
        received = Received(update=update, headers=headers)
        self.received.append(received)
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        self._news.set()
        answer = self.answer(received)
        if answer.waits is not None:
            await answer.waits.wait()
        self.busy -= 1
        if answer.status is None:
            return False
        lines = (f"HTTP/1.1 {answer.status} So", f"content-length: {len(answer.body)}", *answer.headers, "", "")
        writer.write("\r\n".join(lines).encode() + answer.body)
        await writer.drain()
        return True
