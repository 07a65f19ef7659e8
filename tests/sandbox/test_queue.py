"""What the queue of updates keeps, drops and numbers anew."""

import json
import random
from datetime import timedelta

import pytest

from sandbox import Person, Sandbox, updates
from sandbox.updates import (
    FIRST_ID,
    LARGEST_QUEUE,
    LARGEST_UPDATE,
    LAST_ID,
    MOST_WAITING,
    NOT_QUEUED,
    Fate,
    UpdateQueue,
)
from tests.sandbox.hands import NOON, Caller, HandClock

LATER = NOON + timedelta(hours=24)


@pytest.fixture
def queue() -> UpdateQueue:
    return UpdateQueue(random.Random(3))  # noqa: S311  repeatable on purpose


def ids(handed_out: list[bytes]) -> list[int]:
    return [json.loads(body)["update_id"] for body in handed_out]


def filled(queue: UpdateQueue, number: int) -> list[int]:
    return [queue.add({"message": {}}, expires_at=LATER) for _ in range(number)]


def told(queue: UpdateQueue) -> list[tuple[int, Fate]]:
    heard: list[tuple[int, Fate]] = []
    queue.tell = lambda update, fate: heard.append((update.update_id, fate))
    return heard


@pytest.mark.parametrize(
    "distance",
    [
        pytest.param(0, id="the head itself"),
        pytest.param(1, id="just below it"),
        pytest.param(MOST_WAITING, id="as far as is believed"),
        pytest.param(MOST_WAITING + 1, id="further than that"),
    ],
)
def test_an_offset_below_the_head_is_answered_from_the_head(queue: UpdateQueue, distance: int) -> None:
    waiting = filled(queue, 3)

    assert ids(queue.hand_out(waiting[0] - distance, 100, NOON)) == waiting
    assert queue.pending(NOON) == 3


def test_no_offset_is_answered_from_the_head(queue: UpdateQueue) -> None:
    waiting = filled(queue, 3)

    assert ids(queue.hand_out(0, 2, NOON)) == waiting[:2]


def test_an_offset_inside_confirms_what_is_below_it_and_nothing_else(queue: UpdateQueue) -> None:
    heard, waiting = told(queue), filled(queue, 3)

    assert ids(queue.hand_out(waiting[1], 100, NOON)) == waiting[1:]
    assert heard == [(waiting[0], Fate.CONFIRMED)]


def test_a_negative_offset_throws_away_all_but_the_last(queue: UpdateQueue) -> None:
    heard, waiting = told(queue), filled(queue, 3)

    assert ids(queue.hand_out(-1, 100, NOON)) == waiting[2:]
    assert heard == [(waiting[0], Fate.SKIPPED), (waiting[1], Fate.SKIPPED)]


def test_a_negative_offset_larger_than_the_queue_throws_nothing_away(queue: UpdateQueue) -> None:
    waiting = filled(queue, 3)

    assert ids(queue.hand_out(-5, 100, NOON)) == waiting


def test_the_queue_holds_128_mebibytes(queue: UpdateQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "LARGEST_QUEUE", 5_000)  # the rule, with a number a test can afford
    heard = told(queue)
    kept = [queue.add({"padding": "x" * 900}, expires_at=LATER) for _ in range(7)]

    assert LARGEST_QUEUE == 128 * 1024 * 1024
    assert kept[5:] == [NOT_QUEUED, NOT_QUEUED]
    assert (queue.pending(NOON), queue.dropped, [fate for _, fate in heard]) == (5, 2, [Fate.OVERFLOWED] * 2)


def test_room_is_made_by_what_leaves(queue: UpdateQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "LARGEST_QUEUE", 5_000)
    kept = [queue.add({"padding": "x" * 900}, expires_at=LATER) for _ in range(6)]
    queue.hand_out(kept[1], 100, NOON)

    assert queue.add({"padding": "x" * 900}, expires_at=LATER) == kept[4] + 1


@pytest.mark.parametrize(
    ("padding", "kept"),
    [pytest.param(LARGEST_UPDATE - 100, True, id="just below"), pytest.param(LARGEST_UPDATE, False, id="too large")],
)
def test_one_update_is_half_a_mebibyte_at_most(queue: UpdateQueue, padding: int, kept: bool) -> None:
    before = filled(queue, 1)[0]

    update_id = queue.add({"padding": "x" * padding}, expires_at=LATER)

    assert update_id == (before + 1 if kept else NOT_QUEUED)
    assert filled(queue, 1) == [before + (2 if kept else 1)]  # what is dropped takes no id


def test_what_is_stale_behind_something_fresh_goes_too(queue: UpdateQueue) -> None:
    heard = told(queue)
    fresh = filled(queue, 1)
    stale = queue.add({"callback_query": {}}, expires_at=NOON + timedelta(seconds=150))

    assert ids(queue.hand_out(0, 100, NOON + timedelta(seconds=150))) == fresh
    assert heard == [(stale, Fate.EXPIRED)]


def test_an_id_that_came_back_is_not_stale_with_its_namesake(queue: UpdateQueue) -> None:
    queue.restart_ids(at=5_000_000)
    queue.add({"callback_query": {}}, expires_at=NOON + timedelta(seconds=150))
    queue.restart_ids(at=5_000_000)
    again = filled(queue, 1)

    assert ids(queue.hand_out(0, 100, NOON + timedelta(seconds=151))) == again


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("message", timedelta(hours=24)),
        ("edited_message", timedelta(hours=24)),
        ("callback_query", timedelta(seconds=150)),
        ("inline_query", timedelta(seconds=30)),
    ],
)
async def test_each_kind_is_kept_for_its_time(sandbox: Sandbox, clock: HandClock, kind: str, kept: timedelta) -> None:
    sandbox.world.report(kind, {})
    clock.moment += kept - timedelta(seconds=1)
    before = sandbox.pending
    clock.forward(seconds=1)

    assert (before, sandbox.pending) == (1, 0)


def test_ids_end_and_begin_anew_at_random_and_what_waited_is_lost(queue: UpdateQueue) -> None:
    heard = told(queue)
    queue.restart_ids(at=LAST_ID)
    (last,) = filled(queue, 1)

    (fresh,) = filled(queue, 1)

    assert last == LAST_ID
    assert FIRST_ID[0] <= fresh <= FIRST_ID[1]
    assert heard == [(last, Fate.LOST)]
    assert ids(queue.hand_out(last + 1, 100, NOON)) == [fresh]  # an offset of old confirms nothing


@pytest.mark.parametrize(
    ("quiet", "anew"),
    [pytest.param(timedelta(days=7), True, id="a week"), pytest.param(timedelta(days=6), False, id="less")],
)
async def test_after_a_week_without_updates_the_next_id_is_random(
    sandbox: Sandbox, clock: HandClock, ana: Person, quiet: timedelta, anew: bool
) -> None:
    before = ana.writes("before")
    clock.moment += quiet

    after = ana.writes("after")

    assert (after.update_id != before.update_id + 1) is anew
    assert sandbox.pending == 1  # the first has long been stale


async def test_ids_that_were_begun_anew_by_hand_are_not_drawn_once_more(
    sandbox: Sandbox, clock: HandClock, ana: Person
) -> None:
    ana.writes("before")
    clock.forward(days=8)
    sandbox.restart_update_ids(at=5_000_000)

    assert ana.writes("after").update_id == 5_000_000


async def test_the_poll_that_asks_with_the_old_offset_after_it_gets_the_new_update(
    call: Caller, clock: HandClock, ana: Person
) -> None:
    old = ana.writes("before").update_id
    await call.ok("getUpdates", offset=old + 1)
    clock.forward(days=8)
    fresh = ana.writes("after")

    answered = await call.ok("getUpdates", offset=old + 1)

    # a new id above the old offset by chance would be answered the same
    assert [update["update_id"] for update in answered] == [fresh.update_id]


async def test_nothing_that_waits_outlives_the_sandbox(ana: Person, sandbox: Sandbox) -> None:
    ana.writes("hello")

    another = Sandbox(token=sandbox.token)

    assert (sandbox.pending, another.pending) == (1, 0)
