"""How fast a bot may speak."""

from dataclasses import replace

import httpx
import pytest

from sandbox import Excess, Fault, FaultKind, FloodLimits, Person, Sandbox
from tests.sandbox.hands import Caller, HandClock


async def test_a_burst_passes_and_the_next_message_waits(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock
) -> None:
    for number in range(5):
        await call.ok("sendMessage", chat_id=ana.user_id, text=f"{number}")

    status, body = await call("sendMessage", chat_id=ana.user_id, text="5")

    assert (status, body["description"], body["parameters"]) == (
        429,
        "Too Many Requests: retry after 1",
        {"retry_after": 1},
    )
    assert sandbox.ledger.excesses == [Excess(at=clock.now(), method="sendMessage", chat_id=ana.user_id, retry_after=1)]
    assert sandbox.ledger.violations() == ()


async def test_after_the_wait_one_more_passes_and_only_one(call: Caller, ana: Person, clock: HandClock) -> None:
    for number in range(5):
        await call.ok("sendMessage", chat_id=ana.user_id, text=f"{number}")
    clock.forward(seconds=1)

    first, _ = await call("sendMessage", chat_id=ana.user_id, text="5")
    second, _ = await call("sendMessage", chat_id=ana.user_id, text="6")

    assert (first, second) == (200, 429)


async def test_one_chats_haste_is_not_anothers(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ben = sandbox.person("Ben")
    ben.opens()
    for number in range(5):
        await call.ok("sendMessage", chat_id=ana.user_id, text=f"{number}")

    await call.ok("sendMessage", chat_id=ben.user_id, text="hello")


async def test_edits_count_but_answers_to_taps_and_polls_do_not(call: Caller, ana: Person) -> None:
    await call.ok("sendMessage", chat_id=ana.user_id, text="0")
    where = {"chat_id": ana.user_id, "message_id": ana.last.message_id}
    for number in range(1, 5):
        await call.ok("editMessageText", **where, text=f"{number}")

    edit, _ = await call("editMessageText", **where, text="5")
    answer = await call.ok("answerCallbackQuery", callback_query_id=ana.taps_old(1, "x").query_id)
    polled, _ = await call("getUpdates")

    assert (edit, answer, polled) == (429, True, 200)


async def test_the_wait_is_in_the_header_too(sandbox: Sandbox, call: Caller) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.FLOOD, retry_after=7))

    answer = await call.client.post(f"{sandbox.url}/bot123:abc/getMe")

    assert answer.headers["retry-after"] == "7"


async def test_everybody_together_is_limited_as_well(clock: HandClock) -> None:
    limits = FloodLimits(overall_per_second=3)
    async with Sandbox(token="1:a", clock=clock, flood=limits) as narrow, httpx.AsyncClient() as client:
        statuses = [await sent(narrow, client, f"P{number}") for number in range(4)]

    assert statuses == [200, 200, 200, 429]


@pytest.mark.parametrize(
    ("is_group", "passed"),
    [
        pytest.param(True, 39, id="a group: twenty, and one more every three seconds"),
        pytest.param(False, 60, id="a person"),
    ],
)
async def test_a_message_a_second_is_too_much_for_a_group_but_not_for_a_person(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock, is_group: bool, passed: int
) -> None:
    ward = sandbox.group("Ward 3")
    ward.adds_bot(ana)
    chat_id = ward.chat_id if is_group else ana.user_id

    statuses: list[int] = []
    for number in range(60):
        status, _ = await call("sendMessage", chat_id=chat_id, text=f"{number}")
        statuses.append(status)
        clock.forward(seconds=1)

    assert statuses.count(200) == passed
    assert statuses[:20] == [200] * 20


async def test_without_limits_nobody_waits(clock: HandClock) -> None:
    async with Sandbox(token="1:a", clock=clock, flood=None) as free, httpx.AsyncClient() as client:
        ana = free.person("Ana")
        ana.opens()
        address = f"{free.url}/bot1:a/sendMessage"
        statuses = {
            (await client.post(address, json={"chat_id": ana.user_id, "text": f"{number}"})).status_code
            for number in range(50)
        }

    assert statuses == {200}


@pytest.mark.parametrize(
    ("everywhere", "elsewhere"),
    [pytest.param(False, 200, id="one chat"), pytest.param(True, 429, id="all chats")],
)
async def test_a_scripted_stop_holds_where_it_was_set_until_it_is_over(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock, everywhere: bool, elsewhere: int
) -> None:
    ben = sandbox.person("Ben")
    ben.opens()
    stop = Fault(kind=FaultKind.FLOOD, method="sendMessage", retry_after=20, chat_id=ana.user_id)
    sandbox.faults.add(replace(stop, chat_id=None) if everywhere else stop)
    await call("sendMessage", chat_id=ana.user_id, text="hits it")
    clock.forward(seconds=5)

    _, during = await call("sendMessage", chat_id=ana.user_id, text="too early")
    other, _ = await call("sendMessage", chat_id=ben.user_id, text="hello")
    clock.forward(seconds=15)
    after, _ = await call("sendMessage", chat_id=ana.user_id, text="in time")

    assert (during["parameters"], other, after) == ({"retry_after": 15}, elsewhere, 200)
    assert sandbox.ledger.excesses[0].chat_id == ana.user_id


async def sent(sandbox: Sandbox, client: httpx.AsyncClient, name: str) -> int:
    person = sandbox.person(name)
    person.opens()
    asked = {"chat_id": person.user_id, "text": "hello"}
    return (await client.post(f"{sandbox.url}/bot{sandbox.token}/sendMessage", json=asked)).status_code
