"""A sandbox in a process of its own, controlled over HTTP."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from sandbox import Fault, FaultKind, Outage
from sandbox.remote import RemoteSandbox, Unwilling
from tests.sandbox.hands import TOKEN, Caller

KEYS = {"inline_keyboard": [[{"text": "4", "callback_data": "r:4"}]]}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
async def remote(journal: Path) -> AsyncIterator[RemoteSandbox]:
    async with await RemoteSandbox.started(token=TOKEN, seed=3, journal=journal) as running:
        yield running
    assert running.process.returncode == 0


@pytest.fixture
async def call(remote: RemoteSandbox) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(timeout=5) as client:
        yield Caller(client=client, root=remote.url)


async def test_a_conversation_across_processes(remote: RemoteSandbox, call: Caller, journal: Path) -> None:
    ana, ben = await remote.people("Ana", "Ben")
    await remote.acts({"user_id": ana, "deed": "opens", "payload": "abc"}, {"user_id": ben, "deed": "opens"})
    await call.ok("sendMessage", chat_id=ana, text="How was it?", reply_markup=KEYS)
    tapped = await remote.taps(ana, label="4")
    written = await remote.writes(ana, "hello")
    blocked = await remote.blocks(ben)

    updates = await call.ok("getUpdates")

    assert [update["update_id"] for update in updates][2:] == [tapped, written, blocked]
    assert [shown["text"] for shown in await remote.screen(ana)] == ["/start abc", "How was it?", "hello"]
    told = [json.loads(line)["event"] for line in journal.read_text().splitlines()]
    assert (told.count("update"), told.count("call"), told.count("shown")) == (5, 2, 4)


async def test_counts_tell_what_happened(remote: RemoteSandbox, call: Caller) -> None:
    (ana,) = await remote.people("Ana")
    await remote.writes(ana, "hello")
    await call.ok("sendMessage", chat_id=ana, text="hello")
    await call("sendMessage", chat_id=ana, text="")

    assert await remote.counts() == {
        "people": 1,
        "pending": 1,
        "unseen": 1,
        "dropped": 0,
        "calls": 2,
        "sent": 1,
        "excesses": 0,
        "violations": 1,
        "deliveries": 0,
        "fault_hits": 0,
    }


async def test_faults_are_set_and_cleared(remote: RemoteSandbox, call: Caller) -> None:
    await remote.fault(Fault(kind=FaultKind.STATUS, times=None, status=502))
    met, _ = await call("getMe")
    hits = await remote.clear_faults()
    after, _ = await call("getMe")

    assert (met, hits, after) == (502, 1, 200)


async def test_every_kind_and_strange_ones_and_any_can_be_asked_for(remote: RemoteSandbox, call: Caller) -> None:
    (ana,) = await remote.people("Ana")
    names = [*await remote.every_kind(ana), *await remote.strange(ana, 11, seed=4)]
    await remote.updates({"mood": "low"})

    assert (await remote.counts())["pending"] == len(names) + 1
    assert len(await call.ok("getUpdates")) == len(names) + 1


async def test_ids_begin_anew(remote: RemoteSandbox) -> None:
    (ana,) = await remote.people("Ana")

    assert await remote.restart_update_ids(7_000_000) == 7_000_000
    assert await remote.writes(ana, "hello") == 7_000_000


@pytest.mark.parametrize("how", Outage)
async def test_an_outage_begins_and_ends_by_itself(remote: RemoteSandbox, call: Caller, how: Outage) -> None:
    await remote.is_away(how, seconds=0.3)
    async with httpx.AsyncClient(timeout=5) as client:
        failed = 0
        while failed == 0:
            try:
                await client.get(f"{remote.url}/bot{TOKEN}/getMe")
            except httpx.TransportError:
                failed += 1
    answers = 0
    while answers == 0:
        try:
            answers += (await call("getMe"))[0] == 200
        except httpx.TransportError:
            continue

    assert (failed, answers) == (1, 1)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        pytest.param({"user_id": 5, "deed": "opens"}, "nobody with this user_id", id="nobody"),
        pytest.param({"deed": "opens"}, "user_id is a whole number", id="nobody named"),
        pytest.param({"deed": "sings"}, "nobody can do 'sings'", id="no deed"),
        pytest.param({"deed": "writes"}, "text is a text", id="no text"),
        pytest.param({"deed": "taps", "label": "4"}, "sees no such button", id="no button"),
    ],
)
async def test_what_cannot_be_is_refused(remote: RemoteSandbox, act: dict[str, object], words: str) -> None:
    (ana,) = await remote.people("Ana")
    known = {"user_id": ana} if "sings" in act.values() or act["deed"] in ("writes", "taps") else {}

    with pytest.raises(Unwilling, match=words):
        await remote.acts({**known, **act})


async def test_a_page_elsewhere_cannot_use_the_door(remote: RemoteSandbox) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{remote.url}/control/counts", headers={"host": "evil.example"})

    assert answer.status_code == 400
