"""Which answers are low enough for one more question, by the instrument's own rule and the person's own usual."""

from dataclasses import replace
from pathlib import Path

import pytest

import alliance
from alliance.follow_up import CHOICES, Concern, is_low, low_items
from alliance.items import BrokenInstrument, Domain, FollowUpRule, parse_instrument

OURS = (Path(alliance.__path__[0]) / "instruments" / "alliance-brief.toml").read_text("utf-8")
BRIEF = parse_instrument(OURS, name="alliance-brief.toml")
GOAL, TASK, BOND = BRIEF.items
TURNED = replace(TASK, reverse=True)
ALWAYS_HIGH, ALWAYS_LOW = 1.0, 1 / 6  # 7 and 2 of 7


@pytest.mark.parametrize(
    ("rating", "usual", "low"),
    [
        pytest.param(3, None, True, id="the highest low number of somebody unknown"),
        pytest.param(4, None, False, id="the number above it"),
        pytest.param(5, ALWAYS_HIGH, True, id="two points below the usual, though not low on the scale"),
        pytest.param(6, ALWAYS_HIGH, False, id="one point below the usual"),
        pytest.param(2, ALWAYS_LOW, False, id="low, but as usual"),
        pytest.param(1, ALWAYS_LOW, False, id="one point below a low usual"),
    ],
)
def test_low_is_judged_by_the_scale_and_later_by_the_persons_own_usual(
    rating: int, usual: float | None, low: bool
) -> None:
    assert is_low(BRIEF, GOAL, rating, usual=usual) is low


@pytest.mark.parametrize(("rating", "low"), [(5, True), (4, False), (1, False)])
def test_where_a_high_number_is_bad_the_rule_is_turned_around(rating: int, low: bool) -> None:
    assert is_low(BRIEF, TURNED, rating, usual=None) is low


def test_an_instrument_without_the_rule_asks_nothing_more() -> None:
    own = replace(BRIEF, follow_up=None)

    assert low_items(own, {"goal1": 1, "task1": 1, "bond1": 1}, usuals={}) == ()


def test_the_lowest_answer_of_a_domain_is_the_one_asked_about() -> None:
    second = replace(GOAL, id="goal2")
    own = replace(BRIEF, items=(GOAL, second, TASK, BOND))

    found = low_items(own, {"goal1": 3, "goal2": 2, "task1": 6, "bond1": 1}, usuals={})

    assert found == (second, BOND)


def test_a_skipped_item_is_not_low() -> None:
    assert low_items(BRIEF, {"goal1": 6, "task1": 6}, usuals={}) == ()


def test_every_domain_offers_talking_and_never_what_means_nothing_was_said() -> None:
    assert set(CHOICES) == set(Domain)
    assert all(Concern.TALK in choices and Concern.LEFT_OPEN not in choices for choices in CHOICES.values())


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        pytest.param("low = 3", "low = 7", "line 50: low is a number from 1 to 6", id="everything is low"),
        pytest.param("low = 3", "low = 0", "line 50: low is a number from 1 to 6", id="below the scale"),
        pytest.param("low = 3", "", "low is missing", id="no number"),
        pytest.param("below_usual = 2", "below_usual = 0", "below_usual is a number from 1 to 6", id="no fall at all"),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused_with_its_line(ours: str, theirs: str, why: str) -> None:
    start, found, rest = OURS.rpartition("\n" + ours)
    assert found

    with pytest.raises(BrokenInstrument, match=why):
        parse_instrument(f"{start}\n{theirs}{rest}", name="own.toml")


def test_the_rule_may_be_left_out() -> None:
    own = parse_instrument(OURS[: OURS.index("[follow_up]")], name="own.toml")

    assert own.follow_up is None
    assert BRIEF.follow_up == FollowUpRule(low=3, below_usual=2)
