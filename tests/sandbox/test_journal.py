"""The journal on disk tells a stranger everything that happened, in order."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from sandbox import Fault, FaultKind, Pace, Person, Sandbox
from tests.sandbox.doorstep import Answer, Doorstep
from tests.sandbox.hands import NOON, TOKEN, Caller, HandClock, Json, until

KEYS = {"inline_keyboard": [[{"text": "4", "callback_data": "r:4"}]]}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


@pytest.fixture
async def sandbox(clock: HandClock, file: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(token=TOKEN, clock=clock, journal=file, pace=Pace(hurry=1_000)) as running:
        yield running


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    person = sandbox.person("Ana")
    person.opens()
    return person


def lines(file: Path, event: str | None = None) -> list[Json]:
    read: list[Json] = [json.loads(line) for line in file.read_text().splitlines()]
    return [line for line in read if event in (None, line["event"])]


def test_what_somebody_writes_is_an_update_and_on_their_screen(ana: Person, file: Path) -> None:
    act = ana.writes("hello")

    update, shown = lines(file, "update")[-1], lines(file, "shown")[-1]
    assert update == {
        "event": "update",
        "at": NOON.isoformat(),
        "update_id": act.update_id,
        "kind": "message",
        "content": "text",
        "chat_id": ana.user_id,
        "from_id": ana.user_id,
        "message_id": act.message_id,
        "date": int(NOON.timestamp()),
        "text": "hello",
        "data": None,
        "expires_at": "2026-11-03T12:00:00+00:00",
    }
    assert (shown["chat_id"], shown["from_bot"], shown["text"]) == (ana.user_id, False, "hello")


async def test_a_call_is_told_with_its_end_and_what_it_showed(call: Caller, ana: Person, file: Path) -> None:
    await call.ok("sendMessage", chat_id=ana.user_id, text="How was it?", reply_markup=KEYS)

    (told,), shown = lines(file, "call"), lines(file, "shown")[-1]
    assert (told["method"], told["status"], told["heard"], told["message_id"]) == (
        "sendMessage",
        200,
        True,
        ana.last.message_id,
    )
    assert told["parameters"]["text"] == "How was it?"
    assert (shown["from_bot"], shown["text"], shown["buttons"]) == (True, "How was it?", [[["4", "r:4"]]])


async def test_a_lost_answer_is_told_as_unheard(sandbox: Sandbox, call: Caller, ana: Person, file: Path) -> None:
    sandbox.faults.add(Fault(kind=FaultKind.DROP_AFTER))

    with pytest.raises(httpx.RemoteProtocolError):
        await call("sendMessage", chat_id=ana.user_id, text="lost")

    (told,) = lines(file, "call")
    assert (told["status"], told["heard"], told["fault"]) == (200, False, "drop_after")
    assert lines(file, "shown")[-1]["text"] == "lost"


async def test_what_is_confirmed_expired_or_dropped_is_told(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock, file: Path
) -> None:
    tap = ana.taps_old(1, "r:4")
    clock.forward(minutes=3)
    words = ana.writes("hello")
    await call.ok("getUpdates", offset=words.update_id + 1)
    sandbox.inject({"padding": "x" * 600_000})

    fates = {each["update_id"]: each["fate"] for each in lines(file, "fate")}
    assert (fates[tap.update_id], fates[words.update_id]) == ("expired", "confirmed")
    assert lines(file, "update")[-1]["update_id"] == 0
    assert 0 not in fates


async def test_deliveries_and_repeats_are_told(
    sandbox: Sandbox, call: Caller, ana: Person, door: Doorstep, file: Path
) -> None:
    answers = iter((Answer(status=500), Answer(), Answer(), Answer()))
    door.answer = lambda _received: next(answers)
    sandbox.world.queue.clear()
    await call.ok("setWebhook", url=door.url)
    act = ana.writes("hello")
    await until(lambda: not sandbox.pending)
    sandbox.redeliver(act.update_id)
    await door.until(3)
    await until(lambda: len(lines(file, "delivery")) == 3)

    tries = [(each["update_id"], each["attempt"], each["status"]) for each in lines(file, "delivery")]
    assert tries == [(act.update_id, 1, 500), (act.update_id, 2, 200), (act.update_id, 1, 200)]
    assert [each["update_id"] for each in lines(file, "again")] == [act.update_id]
    assert lines(file, "fate")[-1] == {
        "event": "fate",
        "at": NOON.isoformat(),
        "update_id": act.update_id,
        "fate": "delivered",
    }


async def test_a_deleted_message_is_told(call: Caller, ana: Person, file: Path) -> None:
    sent = await call.ok("sendMessage", chat_id=ana.user_id, text="oops")
    await call.ok("deleteMessage", chat_id=ana.user_id, message_id=sent["message_id"])

    (hidden,) = lines(file, "hidden")
    assert (hidden["chat_id"], hidden["message_id"]) == (ana.user_id, sent["message_id"])


async def test_the_strangest_update_still_makes_one_line(sandbox: Sandbox, ana: Person, file: Path) -> None:
    before = len(lines(file))

    sandbox.send_strange(ana, 60, seed=2)

    assert len(lines(file)) == before + 60


async def test_a_second_sandbox_goes_on_in_the_same_file(sandbox: Sandbox, ana: Person, file: Path) -> None:
    ana.writes("hello")
    before = lines(file)

    another = Sandbox(token=TOKEN, journal=file)
    another.person("Ben").writes("hello from the next one")
    await another.stop()

    assert lines(file)[: len(before)] == before
    assert sandbox.pending == 2


def test_without_a_file_nothing_is_written(clock: HandClock, tmp_path: Path) -> None:
    Sandbox(token=TOKEN, clock=clock).person("Ana").writes("hello")

    assert list(tmp_path.iterdir()) == []
