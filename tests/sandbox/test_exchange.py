"""HTTP as bots speak it: bodies in pieces, several calls on one connection, and what is no HTTP at all."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.hands import Json


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A bare connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def says(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.005)

    async def hears(self) -> tuple[int, bytes]:
        """Return status and body of the next answer."""
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            return int(head.split()[1]), await self.reader.readexactly(size)

    async def is_closed(self) -> bool:
        async with asyncio.timeout(5):
            return await self.reader.read() == b""


@pytest.fixture
async def line(sandbox: Sandbox) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    yield Line(reader=reader, writer=writer)
    writer.close()


def sending(person: Person, text: str, *headers: str) -> bytes:
    body = json.dumps({"chat_id": person.user_id, "text": text}).encode()
    lines = ("POST /bot123:abc/sendMessage HTTP/1.1", "Host: x", "Content-Type: application/json", *headers)
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body


def result(heard: tuple[int, bytes]) -> Json:
    status, body = heard
    assert status == 200, body
    return json.loads(body)["result"]


async def test_a_call_may_come_in_pieces(line: Line, ana: Person) -> None:
    whole = sending(ana, "hello")

    await line.says(whole[:10], whole[10:60], whole[60:-3], whole[-3:])

    assert result(await line.hears())["text"] == "hello"


async def test_calls_sent_together_are_answered_in_order(line: Line, ana: Person) -> None:
    await line.says(sending(ana, "one") + sending(ana, "two"))

    assert [result(await line.hears())["text"] for _ in range(2)] == ["one", "two"]


async def test_a_body_may_come_in_chunks(line: Line, ana: Person) -> None:
    body = json.dumps({"chat_id": ana.user_id, "text": "in chunks"}).encode()
    head = (
        b"POST /bot123:abc/sendMessage HTTP/1.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])]

    await line.says(head, chunks[0], chunks[1][:5], chunks[1][5:], b"0\r\n\r\n", sending(ana, "and on"))

    assert [result(await line.hears())["text"] for _ in range(2)] == ["in chunks", "and on"]


async def test_who_asks_before_sending_the_body_is_told_to_go_on(line: Line, ana: Person) -> None:
    head, _, body = sending(ana, "hello", "Expect: 100-continue").partition(b"\r\n\r\n")

    await line.says(head + b"\r\n\r\n")
    told = await line.reader.readuntil(b"\r\n\r\n")
    await line.says(body)

    assert told.startswith(b"HTTP/1.1 100 ")
    assert result(await line.hears())["text"] == "hello"


@pytest.mark.parametrize(
    "headers",
    [pytest.param(["Connection: close"], id="asked to"), pytest.param([], id="not asked to")],
)
async def test_the_connection_ends_only_when_asked_to(line: Line, ana: Person, headers: list[str]) -> None:
    await line.says(sending(ana, "bye", *headers))
    await line.hears()
    line.writer.write(b"" if headers else sending(ana, "still here", "Connection: close"))

    if not headers:
        assert result(await line.hears())["text"] == "still here"
    assert await line.is_closed()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(b"HELO clinic.example\r\n\r\n", id="another protocol"),
        pytest.param(b"POST /bot1:a/getMe HTTP/1.1\r\ncontent-length: many\r\n\r\n", id="no length"),
        pytest.param(b"POST /bot1:a/getMe HTTP/1.1\r\nx: " + b"x" * 70_000, id="no end"),
    ],
)
async def test_what_is_no_call_is_refused_and_the_connection_closed(line: Line, words: bytes) -> None:
    await line.says(words)

    assert (await line.hears())[0] == 400
    assert await line.is_closed()


async def test_a_page_on_a_bots_connection_is_served_too(line: Line, ana: Person) -> None:
    await line.says(sending(ana, "hello"))
    first = result(await line.hears())
    await line.says(b"GET /chat/api/state HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    status, _ = await line.hears()

    assert (first["text"], status) == ("hello", 200)
    assert await line.is_closed()  # the next call belongs to a new connection


async def test_a_caller_who_leaves_stops_nothing(line: Line, ana: Person, sandbox: Sandbox) -> None:
    await line.says(sending(ana, "said before leaving"))
    line.writer.close()
    await asyncio.sleep(0.01)

    assert ana.last.text == "said before leaving"
    assert len(sandbox.ledger.entries) == 1


@pytest.mark.parametrize("depth", [100_000, 900])
async def test_json_of_any_depth_gets_an_answer(line: Line, depth: int) -> None:
    body = b'{"chat_id":1,"text":' + b"[" * depth + b"]" * depth + b"}"
    head = b"POST /bot123:abc/sendMessage HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"

    await line.says(head % len(body) + body)

    assert (await line.hears())[0] == 400
