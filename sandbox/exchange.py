"""One call over HTTP: what came in, and the ways to answer it or to leave it without a word.

Written by hand rather than served by uvicorn because a fault must reach the socket, and because a stand-in that costs
more than the bot would be what a benchmark measures. What is not for the Bot API goes to uvicorn, see `server`.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol, TypeAlias
from urllib.parse import unquote

LONGEST_HEAD = 65_536  # bytes
LARGEST_BODY = 64 * 1024 * 1024  # bytes; a document of 50 MiB and what surrounds it
_HEADER = re.compile(rb"\r\n([A-Za-z-]+):[ \t]*([^\r\n]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r\n")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_RESET = struct.pack("ii", 1, 0)  # linger on, for no time at all: what is closed so is reset


class _Connections(Protocol):
    """Who is connected and what is under way: uvicorn's ServerState."""

    @property
    def connections(self) -> set[object]: ...
    @property
    def tasks(self) -> set[asyncio.Task[None]]: ...


class Unreadable(Exception):
    """What came over the connection is no HTTP request this server reads."""


class Exchange:
    """One request and its answer."""

    __slots__ = ("_connection", "body", "content_type", "path", "query")

    def __init__(self, connection: "BotConnection", target: bytes, content_type: str, body: bytes) -> None:
        path, _, self.query = target.partition(b"?")
        self.path = unquote(path.decode("latin-1"))
        self.content_type = content_type
        self.body = body
        self._connection = connection

    @property
    def is_gone(self) -> bool:
        return self._connection.is_gone

    def answer(
        self, status: int, body: bytes, *, retry_after: object = None, content_type: str = "application/json"
    ) -> None:
        head = f"HTTP/1.1 {status} {_phrase(status)}\r\ncontent-type: {content_type}\r\ncontent-length: {len(body)}"
        if retry_after is not None:
            head += f"\r\nretry-after: {retry_after}"
        self._connection.write(head.encode() + b"\r\n\r\n" + body)

    def hang_up(self) -> None:
        """Close the connection as a server does that ends."""
        self._connection.transport.abort()

    def reset(self) -> None:
        """Break the connection so that the other side reads "connection reset by peer"."""
        transport = self._connection.transport
        peer: socket.socket = transport.get_extra_info("socket")
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()

    async def linger(self, seconds: float) -> None:
        """Wait that long by the real clock, or until the caller leaves."""
        try:
            async with asyncio.timeout(seconds):
                await self._connection.left.wait()
        except TimeoutError:
            pass


Serve: TypeAlias = Callable[[Exchange], Awaitable[None]]
PassOn: TypeAlias = Callable[[asyncio.Transport, bytes], None]


class BotConnection(asyncio.Protocol):
    """A connection of a bot: one call after another. What is not for the Bot API is passed on, with the connection."""

    transport: asyncio.Transport

    def __init__(self, serve: Serve, pass_on: PassOn, state: _Connections) -> None:
        self._serve, self._pass_on, self._state = serve, pass_on, state
        self._buffer = bytearray()
        self._busy = False
        self._keeps_alive = True
        self.left = asyncio.Event()

    @property
    def is_gone(self) -> bool:
        return self.transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  what create_server makes
        self.transport = transport
        self._state.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  asyncio's contract
        self._state.connections.discard(self)
        self.left.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._busy:
            self._read()

    def write(self, answer: bytes) -> None:
        if not self.is_gone:
            self.transport.write(answer)

    def _read(self) -> None:
        """Begin with the next request if it is there in full."""
        try:
            exchange = self._next()
        except Unreadable:
            Exchange(self, b"", "", b"").answer(HTTPStatus.BAD_REQUEST, b"", content_type="text/plain")
            self.transport.close()
            return
        if exchange is not None:
            self._busy = True
            task = asyncio.get_running_loop().create_task(self._answer(exchange))
            self._state.tasks.add(task)
            task.add_done_callback(self._state.tasks.discard)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            await self._serve(exchange)
        except BaseException:
            self.transport.abort()  # a stand-in that fails leaves nobody waiting for its answer
            raise
        self._busy = False
        if not self._keeps_alive:
            self.transport.close()
        elif self._buffer and not self.is_gone:
            self._read()

    def _next(self) -> Exchange | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > LONGEST_HEAD:
                raise Unreadable
            return None
        head = bytes(self._buffer[:end])
        words = head.partition(b"\r\n")[0].split(b" ")
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):  # noqa: PLR2004  GET /path HTTP/1.1
            raise Unreadable
        if not words[1].startswith(b"/bot"):
            self._state.connections.discard(self)
            self._pass_on(self.transport, bytes(self._buffer))
            return None
        headers = {name.lower(): value for name, value in _HEADER.findall(head)}
        body = self._body(headers, end + 4)
        if body is None:
            return None
        self._keeps_alive = words[2] != b"HTTP/1.0" and headers.get(b"connection", b"").lower() != b"close"
        return Exchange(self, words[1], headers.get(b"content-type", b"").decode("latin-1"), body)

    def _body(self, headers: dict[bytes, bytes], start: int) -> bytes | None:
        """Take the body out of what has come, or return None when not all of it has."""
        chunked = headers.get(b"transfer-encoding", b"").lower() == b"chunked"
        found = _unchunked(self._buffer, start) if chunked else _counted(self._buffer, start, headers)
        if found is None:
            if headers.get(b"expect", b"").lower() == b"100-continue" and len(self._buffer) == start:
                self.write(_CONTINUE)
            return None
        body, end = found
        del self._buffer[:end]
        return body


def _counted(buffer: bytearray, start: int, headers: dict[bytes, bytes]) -> tuple[bytes, int] | None:
    given = headers.get(b"content-length", b"0")
    if not given.isdigit() or int(given) > LARGEST_BODY:
        raise Unreadable
    end = start + int(given)
    return (bytes(buffer[start:end]), end) if len(buffer) >= end else None


def _unchunked(buffer: bytearray, start: int) -> tuple[bytes, int] | None:
    parts: list[bytes] = []
    while (size := _CHUNK.match(buffer, start)) is not None:
        begin, length = size.end(), int(size[1], 16)
        start = begin + length + 2
        if len(buffer) < start:
            return None
        if length == 0:  # trailers are not read
            return b"".join(parts), start
        parts.append(bytes(buffer[begin : begin + length]))
        if start > LARGEST_BODY:
            raise Unreadable
    if len(buffer) - start > LONGEST_HEAD:
        raise Unreadable
    return None


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
