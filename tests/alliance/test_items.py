"""An instrument is read whole, or refused with the line that is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliance
from alliance.items import BrokenInstrument, Domain, Instrument, parse_instrument

OURS = (Path(alliance.__path__[0]) / "instruments" / "alliance-brief.toml").read_text("utf-8")
BRIEF = parse_instrument(OURS, name="alliance-brief.toml")


def reverse_scored() -> Instrument:
    return parse_instrument(OURS.replace('domain = "task"', 'domain = "task"\nreverse = true'), name="own.toml")


def test_ours_asks_each_domain_once_in_both_languages() -> None:
    assert [item.domain for item in BRIEF.items] == [Domain.GOAL, Domain.TASK, Domain.BOND]
    assert BRIEF.languages == {"en", "es"}
    assert (BRIEF.name, BRIEF.lowest, BRIEF.highest) == ("alliance-brief/1", 1, 7)


def test_an_item_is_found_by_its_id_and_one_of_another_version_is_not() -> None:
    assert BRIEF.item("bond1") is BRIEF.items[2]
    assert BRIEF.item("bond2") is None


@pytest.mark.parametrize(("rating", "fraction"), [(1, 0.0), (4, 0.5), (7, 1.0)])
def test_the_good_end_of_the_scale_is_one(rating: int, fraction: float) -> None:
    assert BRIEF.fraction(BRIEF.items[0], rating) == fraction


@pytest.mark.parametrize(("rating", "fraction"), [(1, 1.0), (4, 0.5), (7, 0.0)])
def test_the_good_end_is_one_when_a_high_number_is_bad(rating: int, fraction: float) -> None:
    own = reverse_scored()

    assert own.fraction(own.items[1], rating) == fraction


@given(lower=st.integers(1, 7), higher=st.integers(1, 7))
def test_a_reversed_item_turns_every_comparison_around(lower: int, higher: int) -> None:
    own = reverse_scored()
    plain, turned = own.items[0], own.items[1]

    straight = own.fraction(plain, lower) - own.fraction(plain, higher)
    reversed_ = own.fraction(turned, lower) - own.fraction(turned, higher)

    assert straight == pytest.approx(-reversed_)


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        pytest.param("version = 1", "version =", r"own\.toml: .*line 3", id="no TOML"),
        pytest.param('licence = "MIT, part of alliance-checkin"', "", "licence is missing", id="no licence note"),
        pytest.param(
            "version = 1", "version = true", "version is missing or not a whole number", id="yes as a version"
        ),
        pytest.param("highest = 7", "highest = 2", r"line 8: a scale has 3 to 8 points", id="a scale of two"),
        pytest.param("highest = 7", "highest = 9", r"line 8: a scale has 3 to 8 points", id="wider than a row"),
        pytest.param('id = "task1"', 'id = "goal1"', "two items have the same id", id="one id twice"),
        pytest.param('id = "task1"', 'id = "Task 1"', r"line 24: item id \"Task 1\"", id="an id that is no id"),
        pytest.param('domain = "task"', 'domain = "mood"', r'line 24: domain "mood" is none of', id="no domain"),
        pytest.param('domain = "task"', 'domain = "goal"', "no item asks about task", id="a domain left out"),
        pytest.param('low = "distant"', 'low = " "', r"line 36: low is missing or empty in en", id="an end left open"),
        pytest.param("[scale]", "[scales]", r"\[scale\] is missing", id="no scale"),
    ],
)
def test_what_is_incomplete_is_refused_with_its_line(ours: str, theirs: str, why: str) -> None:
    assert ours in OURS

    with pytest.raises(BrokenInstrument, match=why):
        parse_instrument(OURS.replace(ours, theirs), name="own.toml")


def test_an_item_that_lacks_a_language_of_the_others_is_refused() -> None:
    start = OURS.index("[items.es]", OURS.index('id = "bond1"'))

    with pytest.raises(BrokenInstrument, match="not every item speaks every language"):
        parse_instrument(OURS[:start], name="own.toml")


@pytest.mark.parametrize("text", ["", "items = 3", "[[items]]"])
def test_next_to_nothing_is_refused(text: str) -> None:
    with pytest.raises(BrokenInstrument):
        parse_instrument(text, name="own.toml")
