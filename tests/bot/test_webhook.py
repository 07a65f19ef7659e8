"""Telegram brings updates: stored before it is told, refused without the secret, asked to come again when we cannot."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from bot.findings import Symptom
from bot.webhook import LARGEST, PATH, SECRET_HEADER, Signpost, Webhook
from storage.trouble import Unwritable
from tests.bot.ward import Ward

SECRET = "s" * 40
TAKEN, REFUSED, TOO_LARGE, CANNOT_NOW = 200, 403, 413, 503


@pytest.fixture
async def door(ward: Ward) -> AsyncGenerator[httpx.AsyncClient]:
    """The webhook's address as a proxy meets it, with its loop running."""
    webhook = Webhook(ward.program.receipt, secret=SECRET)
    stopping = asyncio.Event()
    running = asyncio.create_task(webhook.run(stopping, lambda: None))
    transport = httpx.ASGITransport(app=Starlette(routes=[webhook.route]))
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        yield client
    stopping.set()
    await running


def _update(number: int, text: str = "hello") -> bytes:
    chat = {"id": 42, "type": "private", "first_name": "Ana"}
    message = {"message_id": number, "date": 1772438400, "chat": chat, "from": {**chat, "is_bot": False}, "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


async def _brought(door: httpx.AsyncClient, body: bytes, secret: str | None = SECRET) -> httpx.Response:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    return await door.post(PATH, content=body, headers=headers)


async def test_an_update_is_stored_before_telegram_is_told_and_the_answer_is_empty(
    ward: Ward, door: httpx.AsyncClient
) -> None:
    answer = await _brought(door, _update(1))

    assert (answer.status_code, answer.content) == (TAKEN, b"")
    assert [row.update_id for row in await ward.inbox()] == [1]


async def test_what_arrives_together_is_stored_whole_and_each_once(ward: Ward, door: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(_brought(door, _update(number)) for number in (*range(30), *range(10))))

    assert {answer.status_code for answer in answers} == {TAKEN}
    assert sorted(row.update_id for row in await ward.inbox()) == list(range(30))


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "s", "S" * 40, "é" * 20])
async def test_without_the_secret_nothing_is_stored_and_nothing_is_learnt(
    ward: Ward, door: httpx.AsyncClient, secret: str | None
) -> None:
    headers = [] if secret is None else [(SECRET_HEADER.encode(), secret.encode())]
    answer = await door.post(PATH, content=_update(1), headers=httpx.Headers(headers))

    assert (answer.status_code, answer.content) == (REFUSED, b"")
    assert await ward.inbox() == []


async def test_a_webhook_without_a_secret_of_its_own_lets_nobody_in(ward: Ward) -> None:
    transport = httpx.ASGITransport(app=Starlette(routes=[Webhook(ward.program.receipt, secret="").route]))
    async with httpx.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        answer = await client.post(PATH, content=_update(1), headers={SECRET_HEADER: ""})

    assert answer.status_code == REFUSED


async def test_a_body_beyond_any_update_is_refused_before_it_is_read_to_its_end(
    ward: Ward, door: httpx.AsyncClient
) -> None:
    answer = await _brought(door, b" " * (LARGEST + 1))

    assert answer.status_code == TOO_LARGE
    assert await ward.inbox() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"7", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_update_is_reported_and_not_asked_for_again(
    ward: Ward, door: httpx.AsyncClient, body: bytes
) -> None:
    with capture_logs() as said:
        answer = await _brought(door, body)

    assert answer.status_code == TAKEN
    assert "webhook_unreadable" in [line["event"] for line in said]
    assert await ward.inbox() == []


async def test_an_update_of_a_strange_shape_is_stored_all_the_same(ward: Ward, door: httpx.AsyncClient) -> None:
    answer = await _brought(door, b'{"update_id": "seven", "message": 5}')

    assert answer.status_code == TAKEN
    assert len(await ward.inbox()) == 1


async def test_while_the_database_refuses_telegram_is_asked_to_come_again_and_danger_is_answered(
    ward: Ward, door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = ward.visitor("Ana")
    written = json.loads(_update(1, "I want to kill myself"))
    written["message"]["from"]["id"] = written["message"]["chat"]["id"] = ana.user_id

    async def refuses(*_: object, **__: object) -> int:
        raise Unwritable

    with monkeypatch.context() as broken:
        broken.setattr("storage.inbox.store", refuses)
        refused = await _brought(door, json.dumps(written).encode())
    again = await _brought(door, json.dumps(written).encode())

    assert (refused.status_code, refused.headers["Retry-After"]) == (CANNOT_NOW, "5")
    assert again.status_code == TAKEN
    assert "112" in ana.last.text  # the safety message, sent without the database
    assert len(await ward.inbox()) == 1


async def test_telegram_is_pointed_here_once_and_a_foreign_address_is_complained_about(ward: Ward) -> None:
    complaints: list[tuple[Symptom, bool]] = []
    url = "https://clinic.test/telegram"
    signpost = Signpost(
        ward.program.bot,
        ward.program.outages,
        url=url,
        secret=SECRET,
        complain=lambda symptom, is_there: complaints.append((symptom, is_there)),
    )

    await signpost.look()
    await signpost.look()
    calls = len(ward.sandbox.ledger.calls("setWebhook"))
    ward.clock.move_to(ward.clock.now().replace(hour=12))  # Telegram takes one setWebhook a second
    await ward.program.bot.set_webhook("https://elsewhere.test/telegram")
    ward.clock.move_to(ward.clock.now().replace(hour=13))
    await signpost.look()

    assert calls == 1
    assert (await ward.program.bot.get_webhook_info()).url == url
    assert complaints == [
        (Symptom.FOREIGN_WEBHOOK, False),
        (Symptom.FOREIGN_WEBHOOK, False),
        (Symptom.FOREIGN_WEBHOOK, True),
    ]


async def test_a_webhook_left_over_is_taken_down_by_whoever_polls_and_no_update_with_it(sqlite_ward: Ward) -> None:
    ana = sqlite_ward.visitor("Ana")
    await sqlite_ward.program.bot.set_webhook("https://elsewhere.test/telegram")
    ana.writes("hello")
    stopping = asyncio.Event()

    async def until_stored() -> None:
        while not await sqlite_ward.inbox():  # noqa: ASYNC110  # the loop sends no event
            await asyncio.sleep(0.02)
        stopping.set()

    async with asyncio.timeout(10):
        watch = asyncio.create_task(until_stored())
        polling = asyncio.create_task(sqlite_ward.program.intake.run(stopping, lambda: None))
        await watch
        polling.cancel()

    assert [row.update_id for row in await sqlite_ward.inbox()] != []
    assert (await sqlite_ward.program.bot.get_webhook_info()).url == ""
