"""What the load benchmark counts: a planted loss and a planted late crisis are seen, and a clean run is clean."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance.buttons import encode
from alliance.presses import ActOnAlert, AlertStep
from benchmarks.load.counting import Evidence, Stored, doubled, lost, percentile, waits
from benchmarks.load.page import failed, lines
from benchmarks.load.run import Found
from benchmarks.load.traffic import Deed, Done
from sandbox.ledger import Entry

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANA, BEN, DR_COLE = 101, 102, 900
TAPPED = Done(update_id=1, deed=Deed.TAP, at=NOON, chat_id=BEN, message_id=7, query_id="q1", answers=(5, "goal1"))
WROTE = Done(update_id=2, deed=Deed.MESSAGE, at=NOON, chat_id=BEN, message_id=8)
IN_DANGER = Done(update_id=3, deed=Deed.CRISIS, at=NOON, chat_id=ANA, message_id=9)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(
    method: str,
    at: float,
    *,
    chat_id: int | None,
    message_id: int | None = 50,
    more: Mapping[str, object] | None = None,
) -> Entry:
    return Entry(
        at=after(at),
        method=method,
        chat_id=chat_id,
        parameters=more or {},
        status=200,
        description="",
        message_id=message_id,
        remarks=(),
    )


def page_about(*alert_ids: int, at: float) -> Entry:
    group = None if len(alert_ids) == 1 else 77
    presses = [ActOnAlert(alert_id=alert_id, step=AlertStep.HAVE, group=group) for alert_id in alert_ids]
    keyboard = {"inline_keyboard": [[{"text": "I have this", "callback_data": encode(press)}] for press in presses]}
    return call("sendMessage", at, chat_id=DR_COLE, more={"reply_markup": json.dumps(keyboard)})


def calls(*, safety_at: float = 0.4, paged_at: float = 0.5) -> list[Entry]:
    return [
        call("answerCallbackQuery", 0.2, chat_id=None, message_id=None, more={"callback_query_id": "q1"}),
        call("editMessageText", 0.3, chat_id=BEN, message_id=7),
        call("sendMessage", safety_at, chat_id=ANA),
        page_about(31, at=paged_at),
    ]


def stored(*update_ids: int) -> list[Stored]:
    return [Stored(update_id=number, received_at=after(0.1), is_settled=True) for number in update_ids]


def evidence(*, entries: Sequence[Entry] | None = None) -> Evidence:
    return Evidence(
        done=(TAPPED, WROTE, IN_DANGER),
        stored=stored(1, 2, 3),
        messages={(BEN, 8): 1, (ANA, 9): 1},
        answers={(5, "goal1")},
        alerts={31: ANA},
        confirmed={1: after(0.15), 2: after(0.15), 3: after(0.15)},
        entries=calls() if entries is None else entries,
    )


def found(seen: Evidence) -> Found:
    """A run in which nothing but this was seen."""
    return Found(
        updates=len(seen.done),
        lost=lost(seen),
        doubled=doubled(seen),
        dead_letters=0,
        steady=waits(seen, seen.done),
        burst=waits(seen, ()),
        a_second=28.0,
        too_fast=0,
        memory_at_start=1,
        memory_at_end=1,
        cpu_per_update=0.001,
        inbox_empty_after=0.0,
        outbox_at_burst_end=0,
        sends_needed=0,
        outbox_empty_after=None,
        outbox_left=0,
        digests=1,
        backups=1,
        backups_failed=0,
    )


def missed(seen: Evidence) -> set[str]:
    return {line.metric for line in failed(found(seen))}


def test_of_what_arrived_and_had_its_effect_nothing_is_lost_or_late() -> None:
    seen = evidence()

    assert (lost(seen), doubled(seen)) == (0, 0)
    assert missed(seen) == set()
    waited = waits(seen, seen.done)
    assert waited.store == [0.15, 0.15, 0.15]
    assert waited.safety == [pytest.approx(0.3)]
    assert waited.page == [pytest.approx(0.4)]
    assert waited.tap_answered == [0.2]
    assert waited.tap_edited == [0.3]


@pytest.mark.parametrize(
    "harmed",
    [
        pytest.param(replace(evidence(), stored=stored(2, 3)), id="a tap that was not stored"),
        pytest.param(replace(evidence(), answers=set()), id="a tap whose number is no answer"),
        pytest.param(replace(evidence(), messages={(ANA, 9): 1}), id="a sentence whose words are gone"),
        pytest.param(
            replace(evidence(), stored=[*stored(1, 2), replace(stored(3)[0], is_settled=False)]),
            id="an update without a disposition",
        ),
    ],
)
def test_a_planted_loss_is_seen(harmed: Evidence) -> None:
    assert lost(harmed) == 1
    assert missed(harmed) == {"lost"}


@pytest.mark.parametrize(
    "harmed",
    [
        pytest.param(replace(evidence(), stored=stored(1, 2, 2, 3)), id="stored twice"),
        pytest.param(replace(evidence(), messages={(BEN, 8): 2, (ANA, 9): 1}), id="kept twice"),
    ],
)
def test_a_planted_copy_is_seen(harmed: Evidence) -> None:
    assert doubled(harmed) == 1
    assert missed(harmed) == {"doubled"}


def test_a_late_safety_message_and_a_late_page_are_seen() -> None:
    assert missed(evidence(entries=calls(safety_at=3.0))) == {"safety_p99"}
    assert missed(evidence(entries=calls(paged_at=6.0))) == {"page_p99", "page_max"}


def test_a_crisis_that_nobody_was_paged_about_is_seen() -> None:
    without_page = evidence(entries=calls()[:-1])
    about_somebody_else = evidence(entries=[*calls()[:-1], page_about(32, at=0.5)])

    assert missed(without_page) == {"crises_unanswered"}
    assert missed(about_somebody_else) == {"crises_unanswered"}


def test_the_page_that_names_her_among_others_counts() -> None:
    among_others = evidence(entries=[*calls()[:-1], page_about(32, 31, 33, at=0.5)])

    assert missed(among_others) == set()


def test_a_message_to_somebody_in_danger_from_before_is_not_taken_for_the_safety_message() -> None:
    before = call("sendMessage", -1.0, chat_id=ANA)

    assert waits(evidence(entries=[before, *calls()]), (IN_DANGER,)).safety == [pytest.approx(0.3)]


def test_an_edit_that_never_came_is_outstanding_and_not_quick() -> None:
    waited = waits(evidence(entries=[one for one in calls() if one.method != "editMessageText"]), (TAPPED,))

    assert (waited.tap_edited, waited.edits_outstanding) == ([], 1)


def test_a_slow_store_misses_its_line() -> None:
    slow = replace(evidence(), confirmed={1: after(0.1), 2: after(0.1), 3: after(0.26)})

    assert missed(slow) == {"store_p99"}


def test_a_percentile_is_a_value_that_was_measured() -> None:
    assert [percentile([4.0, 1.0, 3.0, 2.0], share) for share in (0.5, 0.99, 1.0)] == [2.0, 4.0, 4.0]
    assert percentile([], 0.5) == 0.0


@pytest.mark.crash
def test_the_command_measures_and_prints_one_object() -> None:
    words = ["--quick", "--json", "--patients", "400", "--minutes", "0.05", "--seed", "5"]
    asked = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert asked.stdout, asked.stderr  # how fast it was is the machine's business
    told = json.loads(asked.stdout)
    ours = {result["metric"]: result["value"] for result in told["results"] if result["ours"]}
    beside = {result["metric"] for result in told["results"] if not result["ours"]}
    assert told["seed"] == 5
    assert (ours["lost"], ours["doubled"], ours["crises_unanswered"]) == (0, 0, 0)
    assert ours["updates"] >= 180
    assert {line.metric for line in lines(found(evidence()))} <= ours.keys()
    assert beside == {"ceiling_store_p50", "ceiling_store_p99", "ceiling_sends", "ceiling_cpu_per_update"}
    assert asked.returncode == bool(told["failed"])
