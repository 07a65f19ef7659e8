"""Telegram is gone for a while: refused or hanging connections, and what waits until it is back."""

import asyncio

import httpx
import pytest

from sandbox import Outage, Person, Sandbox
from tests.sandbox.doorstep import Doorstep
from tests.sandbox.hands import Caller, HandClock, parked, until

LOST = (httpx.RemoteProtocolError, httpx.ReadError)
GONE = {Outage.REFUSING: httpx.ConnectError, Outage.HANGING: httpx.ReadTimeout}


@pytest.mark.parametrize("how", Outage)
@pytest.mark.parametrize("method", ["sendMessage", "getUpdates"])
async def test_while_telegram_is_gone_nothing_is_answered_and_nothing_done(
    sandbox: Sandbox, call: Caller, ana: Person, how: Outage, method: str
) -> None:
    await sandbox.goes_away(how)

    with pytest.raises(GONE[how]):
        await call.client.post(
            f"{sandbox.url}/bot123:abc/{method}", json={"chat_id": ana.user_id, "text": "lost"}, timeout=0.1
        )

    assert [shown.text for shown in ana.screen] == ["/start"]
    await sandbox.comes_back()


@pytest.mark.parametrize("how", Outage)
async def test_when_it_is_back_everything_is_as_before(
    sandbox: Sandbox, call: Caller, ana: Person, how: Outage
) -> None:
    url = sandbox.url
    await sandbox.goes_away(how)
    act = ana.writes("while it was gone")
    await sandbox.comes_back()

    (update,) = await call.ok("getUpdates")
    await call.ok("sendMessage", chat_id=ana.user_id, text="found you again")

    assert (sandbox.url, update["update_id"], ana.last.text) == (url, act.update_id, "found you again")
    assert sandbox.faults.waiting == ()


@pytest.mark.parametrize("how", Outage)
async def test_a_poll_that_waits_when_it_begins_is_lost(sandbox: Sandbox, call: Caller, how: Outage) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await parked(sandbox)

    await sandbox.goes_away(how)

    with pytest.raises(LOST):
        await poll
    await sandbox.comes_back()


async def test_a_call_that_hangs_when_it_ends_is_lost(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    await sandbox.goes_away(Outage.HANGING)
    hanging = asyncio.create_task(call("sendMessage", chat_id=ana.user_id, text="lost"))
    await until(lambda: bool(sandbox.ledger.entries))

    await sandbox.comes_back()

    with pytest.raises(LOST):
        await hanging
    assert [shown.text for shown in ana.screen] == ["/start"]


async def test_a_tap_goes_stale_meanwhile_and_words_do_not(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock
) -> None:
    await sandbox.goes_away(Outage.REFUSING)
    words, _ = ana.writes("typed"), ana.taps_old(1, "tapped")
    clock.forward(hours=1)
    await sandbox.comes_back()

    assert [update["update_id"] for update in await call.ok("getUpdates")] == [words.update_id]


@pytest.mark.parametrize("how", Outage)
async def test_a_webhook_is_not_called_meanwhile_but_afterwards(
    sandbox: Sandbox, call: Caller, ana: Person, how: Outage
) -> None:
    async with Doorstep() as door:
        await call.ok("setWebhook", url=door.url)
        await sandbox.goes_away(how)
        act = ana.writes("while it was gone")
        await asyncio.sleep(0.02)
        meanwhile = list(door.ids)
        await sandbox.comes_back()
        await door.until(1)

        assert (meanwhile, door.ids) == ([], [act.update_id])


@pytest.mark.parametrize("how", Outage)
@pytest.mark.parametrize(
    ("stops", "answered"), [pytest.param(False, True, id="left alone"), pytest.param(True, False, id="stopped")]
)
async def test_an_outage_of_a_while_ends_by_itself_but_not_once_the_sandbox_has_stopped(
    sandbox: Sandbox, call: Caller, how: Outage, stops: bool, answered: bool
) -> None:
    await sandbox.begins_to_be_away(how, 0.05)
    await asyncio.sleep(0.01)
    if stops:
        await sandbox.stop()
    await asyncio.sleep(0.1)

    try:
        status, _ = await call("getMe")
    except httpx.TransportError:
        status = 0

    assert (status == 200) is answered
