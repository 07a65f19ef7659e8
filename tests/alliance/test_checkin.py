"""What a tap does, decided from where the check-in stands."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliance
from alliance.checkin import (
    ANSWERABLE,
    CheckinState,
    NotOffered,
    Outcome,
    Recorded,
    Repeated,
    Skipped,
    Standing,
    TooLate,
    accept,
    skip,
    typed_rating,
)
from alliance.items import parse_instrument

NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
BRIEF = parse_instrument(
    (Path(alliance.__path__[0]) / "instruments" / "alliance-brief.toml").read_text("utf-8"), name="alliance-brief.toml"
)
GOAL, TASK, BOND = BRIEF.items
OPEN = Standing(state=CheckinState.OPEN, expires_at=NINE + timedelta(hours=20), instrument=BRIEF, ratings={})


def standing(state: CheckinState = CheckinState.OPEN, ratings: Mapping[str, int] | None = None) -> Standing:
    return replace(OPEN, state=state, ratings=ratings or {})


@pytest.mark.parametrize(
    ("given_before", "item_id", "rating", "outcome"),
    [
        pytest.param({}, "goal1", 6, Recorded(item=GOAL, rating=6, then=TASK), id="the first"),
        pytest.param({"goal1": 6}, "task1", 1, Recorded(item=TASK, rating=1, then=BOND), id="the lowest number"),
        pytest.param(
            {"goal1": 6, "task1": 5}, "bond1", 7, Recorded(item=BOND, rating=7, then=None), id="the last, the highest"
        ),
        pytest.param({}, "bond1", 4, Recorded(item=BOND, rating=4, then=GOAL), id="out of turn: the others follow"),
        pytest.param({"goal1": 6}, "goal1", 2, Recorded(item=GOAL, rating=2, then=TASK), id="a change of mind"),
        pytest.param({"goal1": 6}, "goal1", 6, Repeated(), id="the same number again"),
        pytest.param({}, "goal1", 0, NotOffered(), id="below the scale"),
        pytest.param({}, "goal1", 8, NotOffered(), id="above the scale"),
        pytest.param({}, "mood1", 4, NotOffered(), id="an item nobody asked"),
    ],
)
def test_a_tap_on_an_open_check_in(given_before: dict[str, int], item_id: str, rating: int, outcome: Outcome) -> None:
    assert accept(standing(ratings=given_before), item_id=item_id, rating=rating, now=NINE) == outcome


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (CheckinState.QUEUED, Recorded),
        (CheckinState.OPEN, Recorded),
        (CheckinState.UNCERTAIN, Recorded),
        (CheckinState.ANSWERED, Repeated),
        (CheckinState.EXPIRED, TooLate),
        (CheckinState.MISSED, TooLate),
        (CheckinState.UNDELIVERABLE, TooLate),
        (CheckinState.CANCELLED, TooLate),
    ],
)
def test_where_it_stands_decides_whether_a_tap_counts(state: CheckinState, outcome: type[Outcome]) -> None:
    assert type(accept(standing(state), item_id="goal1", rating=4, now=NINE)) is outcome


@pytest.mark.parametrize(
    ("before_the_end", "outcome"),
    [
        pytest.param(timedelta(microseconds=1), Recorded, id="just in time"),
        pytest.param(timedelta(0), TooLate, id="at its end"),
        pytest.param(-timedelta(days=7), TooLate, id="a week later"),
    ],
)
def test_an_answer_counts_until_its_time_is_over(before_the_end: timedelta, outcome: type[Outcome]) -> None:
    now = OPEN.expires_at - before_the_end

    assert type(accept(OPEN, item_id="goal1", rating=4, now=now)) is outcome


@given(
    state=st.sampled_from(CheckinState),
    taps=st.lists(st.tuples(st.sampled_from(["goal1", "task1", "bond1", "mood1"]), st.integers(-1, 9)), max_size=12),
)
def test_whatever_is_tapped_only_offered_numbers_of_an_open_check_in_are_kept(
    state: CheckinState, taps: list[tuple[str, int]]
) -> None:
    now = standing(state)
    for item_id, rating in taps:
        outcome = accept(now, item_id=item_id, rating=rating, now=NINE)
        if isinstance(outcome, Recorded):
            now = replace(now, ratings={**now.ratings, outcome.item.id: outcome.rating})
            assert outcome.then == now.waiting_for

    assert set(now.ratings) <= {item.id for item in BRIEF.items}
    assert all(1 <= rating <= 7 for rating in now.ratings.values())
    assert state in ANSWERABLE or not now.ratings


@pytest.mark.parametrize(("typed", "rating"), [("1", 1), ("7", 7), ("  4\n", 4)])
def test_a_bare_number_of_the_scale_is_a_rating(typed: str, rating: int) -> None:
    assert typed_rating(OPEN, typed) == rating


@pytest.mark.parametrize("typed", ["", "0", "8", "44", "+4", "-4", "4.", "4 or 5", "four", "٤", "²", "④"])
def test_anything_else_is_words(typed: str) -> None:
    assert typed_rating(OPEN, typed) is None


@pytest.mark.parametrize(
    ("before", "item_id", "outcome"),
    [
        pytest.param(OPEN, "goal1", Skipped(item=GOAL, then=TASK), id="the first"),
        pytest.param(standing(ratings={"goal1": 6, "task1": 5}), "bond1", Skipped(item=BOND, then=None), id="the last"),
        pytest.param(standing(ratings={"goal1": 6}), "goal1", Repeated(), id="an answer stays"),
        pytest.param(replace(OPEN, skipped=frozenset({"goal1"})), "goal1", Repeated(), id="twice"),
        pytest.param(OPEN, "mood1", NotOffered(), id="an item nobody asked"),
        pytest.param(standing(CheckinState.ANSWERED), "goal1", Repeated(), id="finished"),
        pytest.param(standing(CheckinState.EXPIRED), "goal1", TooLate(), id="closed"),
    ],
)
def test_what_skipping_does(before: Standing, item_id: str, outcome: Outcome) -> None:
    assert skip(before, item_id=item_id, now=NINE) == outcome


def test_an_answer_takes_the_place_of_a_skip() -> None:
    before = replace(OPEN, skipped=frozenset({"goal1"}))
    assert before.waiting_for == TASK

    assert accept(before, item_id="goal1", rating=4, now=NINE) == Recorded(item=GOAL, rating=4, then=TASK)


@pytest.mark.parametrize(
    ("state", "late", "outcome"),
    [
        pytest.param(CheckinState.OPEN, False, Recorded, id="before the end"),
        pytest.param(CheckinState.ANSWERED, False, Recorded, id="after it"),
        pytest.param(CheckinState.ANSWERED, True, TooLate, id="its time is over"),
        pytest.param(CheckinState.EXPIRED, False, TooLate, id="closed"),
    ],
)
def test_who_asks_to_change_an_answer_can_until_its_time_is_over(
    state: CheckinState, late: bool, outcome: type[Outcome]
) -> None:
    before = standing(state, {"goal1": 6, "task1": 6, "bond1": 6})
    now = before.expires_at if late else NINE

    assert type(accept(before, item_id="goal1", rating=4, now=now, asked_to_change=True)) is outcome
