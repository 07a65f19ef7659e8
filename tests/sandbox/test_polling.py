"""getUpdates: what is confirmed, what goes stale, who is shown out."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from sandbox import Person, Sandbox
from sandbox.updates import MOST_WAITING
from tests.sandbox.hands import Caller, HandClock, Json, deserted, parked

WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def ids(updates: list[Json]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_ids_start_at_random_between_two_million_and_a_thousand_million() -> None:
    starts = [Sandbox(token="1:a", seed=seed).world.queue.restart_ids() for seed in range(50)]

    assert all(2_000_001 <= start <= 1_000_000_000 for start in starts)
    assert len(set(starts)) == 50


async def test_the_same_seed_begins_with_the_same_id() -> None:
    first, again = (Sandbox(token="1:a", seed=7).inject({}) for _ in range(2))

    assert first == again


async def test_an_update_comes_again_until_it_is_confirmed(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    act = ana.writes("hello")

    first = await call.ok("getUpdates")
    again = await call.ok("getUpdates")

    assert ids(first) == ids(again) == [act.update_id]
    assert sandbox.pending == 1


async def test_an_offset_confirms_everything_below_it(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    acts = [ana.writes(word) for word in ("one", "two", "three")]

    rest = await call.ok("getUpdates", offset=acts[2].update_id)

    assert ids(rest) == [acts[2].update_id]
    assert sandbox.pending == 1


async def test_a_negative_offset_throws_away_all_but_the_last(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    acts = [ana.writes(word) for word in ("one", "two", "three")]

    rest = await call.ok("getUpdates", offset=-2)

    assert ids(rest) == [act.update_id for act in acts[1:]]
    assert sandbox.pending == 2


@pytest.mark.parametrize(
    ("beyond", "left"),
    [
        pytest.param(10, 0, id="ten above the tail is believed"),
        pytest.param(11, 2, id="eleven above the tail is not"),
    ],
)
async def test_an_offset_from_the_future_confirms_nothing(
    sandbox: Sandbox, call: Caller, ana: Person, beyond: int, left: int
) -> None:
    ana.writes("one")
    tail = ana.writes("two").update_id + 1

    rest = await call.ok("getUpdates", offset=tail + beyond)

    assert (len(rest), sandbox.pending) == (left, left)


async def test_after_the_ids_begin_anew_the_old_offset_confirms_nothing(
    sandbox: Sandbox, call: Caller, ana: Person
) -> None:
    old = ana.writes("before the quiet week").update_id
    await call.ok("getUpdates", offset=old + 1)
    sandbox.restart_update_ids(at=old - MOST_WAITING * 2)
    fresh = ana.writes("after it")

    rest = await call.ok("getUpdates", offset=old + 1)

    assert ids(rest) == [fresh.update_id]
    assert sandbox.pending == 1


@pytest.mark.parametrize(("limit", "given"), [(1, 1), (100, 100), (0, 100), (101, 100), (None, 100)])
async def test_an_answer_holds_between_one_and_a_hundred(
    call: Caller, sandbox: Sandbox, limit: int | None, given: int
) -> None:
    for _ in range(120):
        sandbox.inject({"message": {}})

    updates = await call.ok("getUpdates", **({} if limit is None else {"limit": limit}))

    assert len(updates) == given


async def test_an_answer_stops_at_about_four_mebibytes(sandbox: Sandbox, call: Caller) -> None:
    for _ in range(20):
        sandbox.inject({"padding": "x" * 500_000})

    updates = await call.ok("getUpdates")

    assert len(updates) == 8


async def test_what_is_one_too_many_or_too_large_is_dropped_in_silence(sandbox: Sandbox) -> None:
    for _ in range(MOST_WAITING + 3):
        sandbox.inject({})
    waiting = sandbox.pending
    sandbox.world.queue.clear()
    sandbox.inject({"padding": "x" * 600_000})

    assert (waiting, sandbox.pending, sandbox.world.queue.dropped) == (MOST_WAITING, 0, 4)


@pytest.mark.parametrize(
    ("after", "left"),
    [
        pytest.param(timedelta(seconds=149), ["message", "callback_query"], id="both are fresh"),
        pytest.param(timedelta(seconds=150), ["message"], id="a tap is kept 150 seconds"),
        pytest.param(timedelta(hours=24), [], id="words are kept a day"),
    ],
)
async def test_updates_go_stale(
    sandbox: Sandbox, call: Caller, ana: Person, clock: HandClock, after: timedelta, left: list[str]
) -> None:
    ana.writes("words")
    ana.taps_old(1, "tap")
    clock.moment += after

    updates = await call.ok("getUpdates")

    assert [kind for update in updates for kind in update if kind != "update_id"] == left
    assert sandbox.pending == len(left)


async def test_a_long_poll_wakes_when_somebody_writes(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    poll = asyncio.create_task(call.ok("getUpdates", timeout=50))
    await parked(sandbox)

    act = ana.writes("hello")

    assert ids(await poll) == [act.update_id]


async def test_a_long_poll_ends_empty_when_its_time_is_over(call: Caller) -> None:
    assert await call.ok("getUpdates", timeout="0") == []


async def test_a_second_poll_shows_the_waiting_one_out(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    first = asyncio.create_task(call.refused("getUpdates", timeout=50))
    await parked(sandbox)

    second = asyncio.create_task(call.ok("getUpdates", timeout=50))

    assert await first == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    act = ana.writes("still heard")
    assert ids(await second) == [act.update_id]


async def test_a_poll_whose_caller_has_died_is_no_conflict_of_ours(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    async with httpx.AsyncClient() as doomed:
        dying = asyncio.create_task(doomed.post(f"{sandbox.url}/bot123:abc/getUpdates", json={"timeout": 50}))
        await parked(sandbox)
        dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    await deserted(sandbox)

    ana.writes("somebody new asks")
    await call.ok("getUpdates")

    assert sandbox.ledger.violations() == ()


async def test_polling_is_refused_while_a_webhook_is_set(call: Caller) -> None:
    await call.ok("setWebhook", url="https://clinic.example/hook", secret_token="s3cret")

    refusal = await call.refused("getUpdates")

    assert refusal == (409, WEBHOOK_ACTIVE)
    assert (await call.ok("getWebhookInfo"))["url"] == "https://clinic.example/hook"


async def test_polling_works_again_once_the_webhook_is_deleted(call: Caller, ana: Person) -> None:
    await call.ok("setWebhook", url="https://clinic.example/hook")
    await call.ok("deleteWebhook")
    ana.writes("hello")

    assert len(await call.ok("getUpdates")) == 1


async def test_only_wanted_kinds_are_kept_and_the_wish_is_remembered(call: Caller, ana: Person) -> None:
    await call.ok("getUpdates", allowed_updates=["callback_query"])
    written = ana.writes("not wanted")
    await call.ok("getUpdates")
    tapped = ana.taps_old(1, "wanted")

    assert ids(await call.ok("getUpdates")) == [tapped.update_id]
    assert written.update_id == 0


async def test_a_repeated_update_comes_once_more_whatever_the_offset(
    sandbox: Sandbox, call: Caller, ana: Person
) -> None:
    act = ana.writes("hello")
    await call.ok("getUpdates", offset=act.update_id + 1)
    sandbox.redeliver(act.update_id)

    again = await call.ok("getUpdates", offset=act.update_id + 1)
    after = await call.ok("getUpdates", offset=act.update_id + 1)

    assert (ids(again), after) == ([act.update_id], [])
    assert again[0]["message"]["text"] == "hello"


async def test_a_malformed_update_is_handed_out_as_it_is(sandbox: Sandbox, call: Caller) -> None:
    update_id = sandbox.inject({"message": {"text": 5}, "update_id": 1})

    assert await call.ok("getUpdates") == [{"update_id": update_id, "message": {"text": 5}}]


@pytest.mark.parametrize(
    ("patient", "given"),
    [pytest.param(False, 1, id="as Telegram does"), pytest.param(True, 2, id="switched off")],
)
async def test_asking_again_at_once_gets_one_update(clock: HandClock, patient: bool, given: int) -> None:
    async with Sandbox(token="1:a", clock=clock, patient=patient) as strict, httpx.AsyncClient() as client:
        address = f"{strict.url}/bot1:a/getUpdates"
        strict.inject({})
        strict.inject({})

        await client.post(address)
        again = (await client.post(address)).json()["result"]

    assert len(again) == given
