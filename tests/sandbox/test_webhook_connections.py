"""How many updates go to a webhook at once. By the real clock: ten hurried seconds would be a hiccup of the machine."""

import asyncio

import pytest

from sandbox import Person, Sandbox
from tests.sandbox.doorstep import Answer, Doorstep
from tests.sandbox.hands import Caller, until


async def quiet(sandbox: Sandbox) -> None:
    """Wait until nothing waits to be delivered any more."""
    await until(lambda: not sandbox.pending)


async def test_a_tap_overtakes_a_text_of_the_same_person(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep
) -> None:
    ana.writes("warms the connections up")
    await call.ok("setWebhook", url=door.url)
    await quiet(sandbox)
    held = asyncio.Event()
    door.answer = lambda received: Answer(waits=held if received.kind == "message" else None)

    text, tap = ana.writes("first"), ana.taps_old(1, "second")
    await door.until(3)
    await until(lambda: tap.update_id in {each.update_id for each in sandbox.ledger.deliveries})
    waiting = sandbox.pending
    held.set()
    await quiet(sandbox)

    assert waiting == 1
    assert [each.update_id for each in sandbox.ledger.deliveries][1:] == [tap.update_id, text.update_id]


@pytest.mark.parametrize(
    ("asked", "most"), [pytest.param({"max_connections": 2}, 2, id="two"), pytest.param({}, 6, id="forty, as usual")]
)
async def test_no_more_come_at_once_than_were_allowed(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, asked: dict[str, int], most: int
) -> None:
    held = asyncio.Event()
    ana.writes("warms up")
    await call.ok("setWebhook", url=door.url, **asked)
    await quiet(sandbox)
    door.answer = lambda _received: Answer(waits=held)
    for number in range(6):
        sandbox.person(f"P{number}").writes("at once")

    await door.until(1 + most)
    await asyncio.sleep(0.02)
    held.set()
    await quiet(sandbox)

    assert (door.most_busy, len(door.received)) == (most, 7)
