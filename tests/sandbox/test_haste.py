"""Polls that come too soon, too many at once, or with an offset nobody was given."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from sandbox import Pace, Sandbox
from sandbox.receiving import AGAIN_WITHIN, AT_ONCE_WITHIN
from tests.sandbox.hands import TOKEN, Caller, parked

OTHER_POLL = (
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK_ACTIVE = (
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
HURRY = 10.0
WAIT = AGAIN_WITHIN / HURRY  # seconds; what is left of Telegram's three


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """By the real clock, so that haste is punished, but with shorter waits."""
    async with Sandbox(token=TOKEN, pace=Pace(hurry=HURRY)) as running:
        yield running


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield Caller(client=client, root=sandbox.url)


def moment() -> float:
    return asyncio.get_running_loop().time()


def later(sandbox: Sandbox, seconds: float) -> None:
    """Let the last poll have been so much longer ago."""
    sandbox._bot_api._receiving._last_asked -= seconds


async def test_the_same_question_at_once_gets_one_update_and_another_question_all(
    sandbox: Sandbox, call: Caller
) -> None:
    first = sandbox.inject({"message": {}})
    sandbox.inject({"message": {}})

    asked = [len(await call.ok("getUpdates", offset=offset)) for offset in (first, first, first - 1, first - 1)]

    assert asked == [2, 1, 2, 1]


async def test_half_a_second_later_all_are_given_again(sandbox: Sandbox, call: Caller) -> None:
    sandbox.inject({"message": {}})
    sandbox.inject({"message": {}})
    await call.ok("getUpdates")
    later(sandbox, AT_ONCE_WITHIN)

    assert len(await call.ok("getUpdates")) == 2


async def test_the_same_question_within_three_seconds_waits_as_long_for_its_answer(call: Caller) -> None:
    await call.ok("getUpdates")
    began = moment()

    await call.ok("getUpdates")

    assert moment() - began >= WAIT * 0.9


@pytest.mark.parametrize("offset", [pytest.param(0, id="later"), pytest.param(7, id="with another offset")])
async def test_another_question_does_not_wait(sandbox: Sandbox, call: Caller, offset: int) -> None:
    await call.ok("getUpdates")
    later(sandbox, AGAIN_WITHIN if offset == 0 else 0)
    began = moment()

    await call.ok("getUpdates", offset=offset)

    assert moment() - began < WAIT * 0.9


async def test_a_question_without_patience_shows_nobody_out(sandbox: Sandbox, call: Caller) -> None:
    waiting = asyncio.create_task(call.ok("getUpdates", timeout=50))
    await parked(sandbox)

    assert await call.ok("getUpdates", offset=7) == []

    update_id = sandbox.inject({"message": {}})
    assert [update["update_id"] for update in await waiting] == [update_id]


async def test_a_second_conflict_soon_after_is_told_late(sandbox: Sandbox, call: Caller) -> None:
    first = asyncio.create_task(call.refused("getUpdates", timeout=50))
    await parked(sandbox)
    second = asyncio.create_task(call.refused("getUpdates", offset=1, timeout=50))
    told_first = await first
    began = moment()
    third = asyncio.create_task(call.ok("getUpdates", offset=2, timeout=50))

    told_second = await second
    waited = moment() - began
    sandbox.inject({"message": {}})
    await third

    assert (told_first, told_second) == (OTHER_POLL, OTHER_POLL)
    assert waited >= WAIT * 0.9


async def test_so_is_a_second_refusal_because_of_a_webhook(call: Caller) -> None:
    await call.ok("setWebhook", url="https://clinic.example/hook")
    began = moment()
    first = await call.refused("getUpdates")
    after_first = moment() - began

    second = await call.refused("getUpdates")

    assert (first, second) == (WEBHOOK_ACTIVE, WEBHOOK_ACTIVE)
    assert after_first < WAIT * 0.9 <= moment() - began - after_first


async def test_a_poll_with_an_offset_from_the_future_never_sees_what_comes_next(sandbox: Sandbox, call: Caller) -> None:
    tail = sandbox.restart_update_ids()
    poll = asyncio.create_task(call.ok("getUpdates", offset=tail + 1, timeout=50))
    await parked(sandbox)

    sandbox.inject({"message": {"text": "confirmed before it was read"}})

    assert (await poll, sandbox.pending) == ([], 0)


async def test_a_poll_with_the_right_offset_does(sandbox: Sandbox, call: Caller) -> None:
    tail = sandbox.restart_update_ids()
    poll = asyncio.create_task(call.ok("getUpdates", offset=tail, timeout=50))
    await parked(sandbox)

    update_id = sandbox.inject({"message": {}})

    assert [update["update_id"] for update in await poll] == [update_id]
