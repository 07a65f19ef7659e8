"""Updates that go to a webhook, over real connections on this machine."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from sandbox import Delivery, Pace, Person, Sandbox
from tests.sandbox.doorstep import Answer, Doorstep, Received
from tests.sandbox.hands import TOKEN, Caller, HandClock, until

HURRIED = Pace(hurry=1_000, answer_within=1.0)


@pytest.fixture
async def sandbox(clock: HandClock) -> AsyncIterator[Sandbox]:
    async with Sandbox(token=TOKEN, clock=clock, pace=HURRIED) as running:
        yield running


async def quiet(sandbox: Sandbox) -> None:
    """Wait until nothing waits to be delivered any more."""
    await until(lambda: not sandbox.pending)


async def tried(sandbox: Sandbox, times: int) -> None:
    await until(lambda: len(sandbox.ledger.deliveries) >= times)


def statuses(*given: int) -> Iterator[Answer]:
    yield from (Answer(status=status) for status in given)


async def test_what_somebody_writes_arrives_at_the_webhook(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep
) -> None:
    await call.ok("setWebhook", url=door.url, secret_token="s3cret_-A")
    act = ana.writes("hello")

    await door.until(1)
    await quiet(sandbox)

    (received,) = door.received
    assert received.update == {"update_id": act.update_id, **act.update}
    assert received.headers["x-telegram-bot-api-secret-token"] == "s3cret_-A"
    assert received.headers["content-type"] == "application/json"


async def test_without_a_secret_no_header_says_one(call: Caller, ana: Person, door: Doorstep) -> None:
    await call.ok("setWebhook", url=door.url)
    ana.writes("hello")

    await door.until(1)

    assert "x-telegram-bot-api-secret-token" not in door.received[0].headers


async def test_what_waited_before_the_webhook_was_set_is_delivered(call: Caller, ana: Person, door: Doorstep) -> None:
    acts = [ana.writes(word) for word in ("one", "two")]

    await call.ok("setWebhook", url=door.url)
    await door.until(2)

    assert door.ids == [act.update_id for act in acts]


@pytest.mark.parametrize("status", [200, 201, 204])
async def test_any_success_will_do(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, clock: HandClock, status: int
) -> None:
    door.answer = lambda _received: Answer(status=status)
    await call.ok("setWebhook", url=door.url)
    act = ana.writes("hello")

    await door.until(1)
    await quiet(sandbox)

    assert sandbox.ledger.deliveries == [
        Delivery(at=clock.now(), update_id=act.update_id, attempt=1, status=status, error="", retry_in=None)
    ]


@pytest.mark.parametrize("status", [302, 400, 401, 404, 500, 503])
async def test_anything_else_is_tried_again_and_the_waits_are_written_down(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, status: int
) -> None:
    answers = statuses(status, status, status, 200)
    door.answer = lambda _received: next(answers)
    await call.ok("setWebhook", url=door.url)
    act = ana.writes("hello")

    await door.until(4)
    await quiet(sandbox)

    tries = sandbox.ledger.deliveries
    assert door.ids == [act.update_id] * 4
    assert [(each.attempt, each.status, each.retry_in) for each in tries] == [
        (1, status, 0),
        (2, status, 2),
        (3, status, 4),
        (4, 200, None),
    ]


async def test_how_it_failed_last_can_be_asked(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, clock: HandClock
) -> None:
    answers = statuses(503, 200)
    door.answer = lambda _received: next(answers)
    await call.ok("setWebhook", url=door.url, max_connections=7, allowed_updates=["message", "callback_query"])
    ana.writes("hello")
    await door.until(2)
    await quiet(sandbox)

    assert await call.ok("getWebhookInfo") == {
        "url": door.url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "ip_address": "127.0.0.1",
        "max_connections": 7,
        "allowed_updates": ["message", "callback_query"],
        "last_error_date": int(clock.now().timestamp()),
        "last_error_message": "Wrong response from the webhook: 503 So",
    }


async def test_a_webhook_asks_for_time_and_gets_it(sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep) -> None:
    answers = iter((Answer(status=429, headers=("Retry-After: 40",)), Answer()))
    door.answer = lambda _received: next(answers)
    await call.ok("setWebhook", url=door.url)
    ana.writes("hello")

    await door.until(2)
    await quiet(sandbox)

    assert [each.retry_in for each in sandbox.ledger.deliveries] == [40, None]


async def test_a_closed_connection_is_a_failure_and_comes_again(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep
) -> None:
    answers = iter((Answer(status=None), Answer()))
    door.answer = lambda _received: next(answers)
    await call.ok("setWebhook", url=door.url)
    ana.writes("hello")

    await quiet(sandbox)

    assert [(each.status, each.error) for each in sandbox.ledger.deliveries] == [
        (0, "Webhook connection closed"),
        (200, ""),
    ]


async def test_nobody_at_home_is_a_failure(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    async with Doorstep() as closing:
        url = closing.url
    await call.ok("setWebhook", url=url)
    ana.writes("hello")

    await tried(sandbox, 3)

    assert {(each.status, each.error) for each in sandbox.ledger.deliveries} == {(0, "Connection refused")}
    assert sandbox.pending == 1


async def test_an_answer_is_not_awaited_for_ever(clock: HandClock, door: Doorstep) -> None:
    never = asyncio.Event()
    answers = iter((Answer(waits=never), Answer()))
    door.answer = lambda _received: next(answers)
    async with Sandbox(token=TOKEN, clock=clock, pace=Pace(hurry=1_000, answer_within=0.05)) as hasty:
        async with httpx.AsyncClient() as client:
            await client.post(f"{hasty.url}/bot{TOKEN}/setWebhook", json={"url": door.url})
        hasty.inject({"message": {"text": "hello"}})

        await quiet(hasty)

    assert [(each.status, each.error) for each in hasty.ledger.deliveries] == [(0, "Read timeout expired"), (200, "")]
    never.set()


async def test_a_failing_update_holds_up_only_its_own_kind_of_its_own_chat(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep
) -> None:
    ben = sandbox.person("Ben")
    mended = asyncio.Event()

    def stuck(received: Received) -> Answer:
        return Answer(status=200 if mended.is_set() or received.update_id != first.update_id else 500)

    door.answer = stuck
    first, second = ana.writes("the one that fails"), ana.writes("behind it")
    tap, bens = ana.taps_old(1, "r:4"), ben.writes("hello")
    await call.ok("setWebhook", url=door.url)
    await tried(sandbox, 12)
    before = set(door.ids)
    mended.set()
    await quiet(sandbox)

    assert before == {first.update_id, tap.update_id, bens.update_id}
    assert door.ids[-2:] == [first.update_id, second.update_id]


async def test_a_late_tap_is_given_up(sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep) -> None:
    door.answer = lambda _received: Answer(status=500)
    await call.ok("setWebhook", url=door.url)
    ana.taps_old(1, "r:4")

    await quiet(sandbox)

    tries = sandbox.ledger.deliveries
    assert len(tries) > 1
    assert tries[-1].retry_in is None  # 150 seconds would have been over
    assert sum(each.retry_in or 0 for each in tries) <= 150


async def test_a_webhook_that_is_gone_for_almost_a_day_is_closed(clock: HandClock, door: Doorstep) -> None:
    door.answer = lambda _received: Answer(status=410)
    async with Sandbox(token=TOKEN, clock=clock, pace=Pace(hurry=200_000.0)) as sandbox, httpx.AsyncClient() as client:
        caller = Caller(client=client, root=sandbox.url)
        await caller.ok("setWebhook", url=door.url)
        async with asyncio.timeout(10):
            while sandbox.world.webhook is not None:
                sandbox.inject({"message": {"text": "nobody is there"}})
                await asyncio.sleep(0.01)
        act = sandbox.person("Ana").writes("is anybody there")

        updates = await caller.ok("getUpdates")

    assert updates[-1]["update_id"] == act.update_id
    assert {each.status for each in sandbox.ledger.deliveries} == {410}


async def test_an_answer_that_names_a_method_has_it_done_and_nobody_learns_how(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep
) -> None:
    asked = {"method": "sendMessage", "chat_id": ana.user_id, "text": "by answer"}
    door.answer = lambda _received: Answer(headers=("Content-Type: application/json",), body=json.dumps(asked).encode())
    await call.ok("setWebhook", url=door.url)
    ana.writes("hello")

    await quiet(sandbox)

    (entry,) = sandbox.ledger.calls("sendMessage")
    assert ana.last.text == "by answer"
    assert (entry.status, entry.heard, entry.message_id) == (200, False, ana.last.message_id)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"method": "deleteWebhook"}', id="not by an answer"),
        pytest.param(b'{"method": "getMe"}', id="asking is pointless"),
        pytest.param(b'{"method": "noSuchThing"}', id="unknown"),
        pytest.param(b'{"ok": true}', id="no method"),
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"", id="nothing"),
    ],
)
async def test_any_other_answer_does_nothing(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, body: bytes
) -> None:
    door.answer = lambda _received: Answer(headers=("Content-Type: application/json",), body=body)
    await call.ok("setWebhook", url=door.url)
    before = len(sandbox.ledger.entries)
    ana.writes("hello")

    await quiet(sandbox)

    assert (len(sandbox.ledger.entries), sandbox.world.webhook is not None) == (before, True)


async def test_a_deleted_webhook_gets_nothing_and_polling_does(call: Caller, ana: Person, door: Doorstep) -> None:
    await call.ok("setWebhook", url=door.url)
    await call.ok("deleteWebhook")
    act = ana.writes("hello")

    (update,) = await call.ok("getUpdates")

    assert (update["update_id"], door.received) == (act.update_id, [])


async def test_an_empty_address_deletes_it_too(call: Caller, door: Doorstep) -> None:
    await call.ok("setWebhook", url=door.url)

    await call.ok("setWebhook", url="")

    assert (await call.ok("getWebhookInfo"))["url"] == ""


async def test_nobody_beyond_this_machine_is_called(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    await call.ok("setWebhook", url="https://clinic.example/hook")
    ana.writes("stays here")

    await tried(sandbox, 2)

    assert {each.status for each in sandbox.ledger.deliveries} == {0}
    assert "calls nobody but this machine" in (await call.ok("getWebhookInfo"))["last_error_message"]


async def test_only_wanted_kinds_are_delivered(sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep) -> None:
    await call.ok("setWebhook", url=door.url, allowed_updates=["callback_query"])
    ana.writes("not wanted")
    tap = ana.taps_old(1, "wanted")

    await quiet(sandbox)

    assert door.ids == [tap.update_id]


async def test_a_repeat_reaches_the_webhook_too(sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep) -> None:
    await call.ok("setWebhook", url=door.url)
    act = ana.writes("hello")
    await door.until(1)
    sandbox.redeliver(act.update_id)

    await door.until(2)

    assert door.ids == [act.update_id] * 2


async def test_a_sandbox_that_stops_leaves_nothing_on_the_way(clock: HandClock, door: Doorstep) -> None:
    never = asyncio.Event()
    door.answer = lambda _received: Answer(waits=never)
    sandbox = Sandbox(token=TOKEN, clock=clock)
    await sandbox.start()
    async with httpx.AsyncClient() as client:
        await client.post(f"{sandbox.url}/bot{TOKEN}/setWebhook", json={"url": door.url})
    sandbox.inject({"message": {"text": "hello"}})
    await door.until(1)

    async with asyncio.timeout(2):
        await sandbox.stop()
    waiting = sandbox.pending
    door.answer = lambda _received: Answer()
    await sandbox.start()
    await quiet(sandbox)
    await sandbox.stop()

    assert (waiting, door.ids) == (1, door.ids[:1] * 2)
    never.set()
