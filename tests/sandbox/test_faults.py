"""Calls that go wrong on purpose, and what was done all the same."""

import asyncio
import contextlib
import errno

import httpx
import pytest

from sandbox import Fault, FaultKind, Person, Sandbox, crowded
from sandbox.refusals import BAD_REQUEST_WORDS, FORBIDDEN_WORDS
from tests.sandbox.hands import Caller, parked

LOST = (httpx.RemoteProtocolError, httpx.ReadError)


def was_reset(error: BaseException | None) -> bool:
    """Whether the bottom of an error is a connection reset by the other side."""
    while error is not None:
        if isinstance(error, OSError) and error.errno == errno.ECONNRESET:
            return True
        error = error.__cause__ or error.__context__
    return False


async def test_dropped_before_nothing_is_sent(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE))

    with pytest.raises(LOST):
        await call("sendMessage", chat_id=ana.user_id, text="lost")

    (entry,) = sandbox.ledger.entries
    assert [shown.text for shown in ana.screen] == ["/start"]
    assert (entry.status, entry.heard, entry.fault) == (0, False, FaultKind.DROP_BEFORE)


async def test_dropped_after_it_is_sent_though_nobody_learns(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER))

    with pytest.raises(LOST):
        await call("sendMessage", chat_id=ana.user_id, text="delivered")

    (entry,) = sandbox.ledger.entries
    assert ana.last.text == "delivered"
    assert (entry.status, entry.heard, entry.message_id) == (200, False, ana.last.message_id)


@pytest.mark.parametrize("acted", [False, True])
async def test_a_restarting_server_may_or_may_not_have_sent(
    sandbox: Sandbox, call: Caller, ana: Person, acted: bool
) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, acted=acted))

    refusal = await call.refused("sendMessage", chat_id=ana.user_id, text="perhaps")

    assert refusal == (500, "Internal Server Error: restart")
    assert ("perhaps" in [shown.text for shown in ana.screen]) is acted


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        pytest.param(FaultKind.RESET_BEFORE, False, id="before"),
        pytest.param(FaultKind.RESET_AFTER, True, id="after"),
    ],
)
@pytest.mark.parametrize("method", [None, "sendMessage"])
async def test_a_connection_can_be_reset(
    sandbox: Sandbox, call: Caller, ana: Person, kind: FaultKind, seen: bool, method: str | None
) -> None:
    sandbox.faults.add(Fault(kind=kind, method=method))

    with pytest.raises(httpx.ReadError) as caught:
        await call("sendMessage", chat_id=ana.user_id, text="perhaps")

    (entry,) = sandbox.ledger.entries
    assert ("perhaps" in [shown.text for shown in ana.screen]) is seen
    assert was_reset(caught.value)
    assert (entry.status, entry.heard) == (200 if seen else 0, False)


async def test_a_dropped_connection_is_not_reset(sandbox: Sandbox, call: Caller) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.DROP_BEFORE))

    with pytest.raises(httpx.RemoteProtocolError) as caught:
        await call("getMe")

    assert not was_reset(caught.value)


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize(
    ("kind", "status", "opening", "content_type"),
    [
        pytest.param(FaultKind.EMPTY, 200, "", "application/json", id="an empty 200"),
        pytest.param(FaultKind.PAGE, 502, "<html>", "text/html", id="a proxy's page"),
    ],
)
async def test_an_answer_may_be_none_that_a_bot_can_read(
    sandbox: Sandbox,
    call: Caller,
    ana: Person,
    kind: FaultKind,
    status: int,
    opening: str,
    content_type: str,
    acted: bool,
) -> None:
    sandbox.faults.add(Fault(kind=kind, status=status, acted=acted))

    answer = await call.client.post(
        f"{sandbox.url}/bot123:abc/sendMessage", json={"chat_id": ana.user_id, "text": "perhaps"}
    )

    assert (answer.status_code, answer.text[:6], answer.headers["content-type"]) == (status, opening, content_type)
    assert ("perhaps" in [shown.text for shown in ana.screen]) is acted


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "Unauthorized"), (404, "Not Found"), (500, "Internal Server Error: restart"), (502, "Bad Gateway")],
)
async def test_a_status_comes_with_its_usual_words(sandbox: Sandbox, call: Caller, status: int, words: str) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, status=status, method="getUpdates"))

    assert await call.refused("getUpdates") == (status, words)


@pytest.mark.parametrize("kind", [each for each in FaultKind if each is not FaultKind.STALL])
async def test_every_fault_can_meet_a_poll_and_only_one_that_acts_confirms(
    sandbox: Sandbox, call: Caller, ana: Person, kind: FaultKind
) -> None:
    act = ana.writes("hello")
    fault = sandbox.faults.add(Fault(kind=kind, method="getUpdates", seconds=0.01))

    with contextlib.suppress(*LOST, ValueError):
        await call("getUpdates", offset=act.update_id + 1)

    assert sandbox.faults.hits == 1
    assert sandbox.pending == (0 if fault.is_done_first else 1)


async def test_a_crowded_chat_holds_its_refusal_back_and_asks_for_a_minute(
    sandbox: Sandbox, call: Caller, ana: Person
) -> None:
    sandbox.faults.add(crowded(ana.user_id, seconds=0.05))
    began = asyncio.get_running_loop().time()

    status, body = await call("sendMessage", chat_id=ana.user_id, text="one of 311")

    assert (status, body["parameters"]) == (429, {"retry_after": 60})
    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_a_gateway_can_be_bad(sandbox: Sandbox, call: Caller) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, status=502))

    assert await call.refused("getMe") == (502, "Bad Gateway")


async def test_a_cut_answer_is_no_json_but_it_was_sent(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.CUT_JSON))

    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        await call("sendMessage", chat_id=ana.user_id, text="delivered")

    assert ana.last.text == "delivered"


async def test_a_hanging_answer_outlasts_the_caller_and_it_was_sent(
    sandbox: Sandbox, call: Caller, ana: Person
) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.HANG, seconds=60))

    with pytest.raises(httpx.ReadTimeout):
        await call.client.post(
            f"{sandbox.url}/bot123:abc/sendMessage",
            json={"chat_id": ana.user_id, "text": "delivered"},
            timeout=0.05,
        )

    assert ana.last.text == "delivered"


async def test_a_stalled_call_closes_in_the_end_and_nothing_was_sent(
    sandbox: Sandbox, call: Caller, ana: Person
) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STALL, seconds=0.01))

    with pytest.raises(LOST):
        await call("sendMessage", chat_id=ana.user_id, text="lost")

    assert [shown.text for shown in ana.screen] == ["/start"]


@pytest.mark.parametrize(
    ("kind", "words", "refusal"),
    [
        (FaultKind.FORBIDDEN, "", (403, "Forbidden: bot was blocked by the user")),
        *((FaultKind.FORBIDDEN, words, (403, f"Forbidden: {words}")) for words in FORBIDDEN_WORDS),
        *((FaultKind.BAD_REQUEST, words, (400, f"Bad Request: {words}")) for words in BAD_REQUEST_WORDS),
        (FaultKind.BAD_REQUEST, "", (400, "Bad Request: chat not found")),
    ],
)
async def test_a_refusal_can_be_scripted_and_is_not_held_against_the_bot(
    sandbox: Sandbox, call: Caller, ana: Person, kind: FaultKind, words: str, refusal: tuple[int, str]
) -> None:
    sandbox.faults.add(Fault(kind=kind, description=words))

    assert await call.refused("sendMessage", chat_id=ana.user_id, text="?") == refusal
    assert sandbox.ledger.violations() == ()


async def test_a_fault_meets_only_the_calls_it_is_meant_for(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ben = sandbox.person("Ben")
    ben.opens()
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, method="sendMessage", chat_id=ben.user_id, times=2, skip=1))

    others = [await call("getMe"), await call("sendMessage", chat_id=ana.user_id, text="hello")]
    bens = [await call("sendMessage", chat_id=ben.user_id, text=f"{number}") for number in range(4)]

    assert [status for status, _ in others] == [200, 200]
    assert [status for status, _ in bens] == [200, 500, 500, 200]
    assert (sandbox.faults.hits, sandbox.faults.waiting) == (2, ())


async def test_an_unnamed_fault_spares_the_poll_and_a_named_one_does_not(sandbox: Sandbox, call: Caller) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STATUS))
    spared, _ = await call("getUpdates")
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, method="getUpdates"))

    met, _ = await call("getUpdates")

    assert (spared, met) == (200, 500)


async def test_a_share_of_the_calls_fails_the_same_way_for_the_same_seed() -> None:
    async def failures(seed: int) -> list[int]:
        async with Sandbox(token="1:a", seed=seed) as shaky, httpx.AsyncClient() as client:
            shaky.faults.add(Fault(kind=FaultKind.STATUS, times=None, share=0.3))
            return [(await client.post(f"{shaky.url}/bot1:a/getMe")).status_code for _ in range(40)]

    first, again, other = await failures(1), await failures(1), await failures(2)

    assert first == again != other
    assert 4 <= first.count(500) <= 20


async def test_cleared_faults_let_everything_pass(sandbox: Sandbox, call: Caller) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.STATUS, times=None))
    await call("getMe")
    sandbox.faults.clear()

    status, _ = await call("getMe")

    assert (status, sandbox.faults.hits) == (200, 1)


@pytest.mark.parametrize("fault", [None, Fault(kind=FaultKind.HANG, seconds=60, method="getUpdates")])
async def test_stopping_does_not_wait_for_a_parked_poll(fault: Fault | None) -> None:
    sandbox = Sandbox(token="1:a", patient=True)
    await sandbox.start()
    if fault:
        sandbox.faults.add(fault)
    async with httpx.AsyncClient() as client:
        poll = asyncio.create_task(client.post(f"{sandbox.url}/bot1:a/getUpdates", json={"timeout": 50}))
        await parked(sandbox)

        async with asyncio.timeout(2):
            await sandbox.stop()

        with pytest.raises(LOST):
            await poll
    assert sandbox._state.tasks == set()


async def test_a_stopped_sandbox_can_be_started_again_on_its_port() -> None:
    sandbox = Sandbox(token="1:a")
    await sandbox.start()
    port = int(sandbox.url.rpartition(":")[2])
    await sandbox.stop()
    await sandbox.stop()

    await sandbox.start(port)

    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{sandbox.url}/bot1:a/getMe")).status_code == 200
    await sandbox.stop()
