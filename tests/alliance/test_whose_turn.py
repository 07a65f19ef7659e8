"""The bond with each of a patient's clinicians is asked about equally often."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.whose_turn import whose_turn

COLE, DAY, ELM = 1, 2, 3


@pytest.mark.parametrize(
    ("clinicians", "asked_before", "whose"),
    [
        pytest.param([COLE], [], COLE, id="the only one"),
        pytest.param([COLE], [COLE, COLE, COLE], COLE, id="the only one, always"),
        pytest.param([COLE, DAY], [], COLE, id="the primary one first"),
        pytest.param([COLE, DAY], [COLE], DAY, id="then the other"),
        pytest.param([COLE, DAY], [DAY, COLE], COLE, id="and the first again"),
        pytest.param([COLE, DAY, ELM], [DAY, COLE, DAY, COLE], ELM, id="who joins comes next"),
        pytest.param([COLE, DAY], [ELM, ELM, COLE, DAY], DAY, id="who has gone is not asked about"),
        pytest.param([DAY, ELM], [COLE, COLE, COLE], DAY, id="a new primary one first"),
    ],
)
def test_the_one_asked_about_longest_ago_is_next(clinicians: list[int], asked_before: list[int], whose: int) -> None:
    assert whose_turn(clinicians, asked_before=asked_before) == whose


@given(number=st.integers(1, 5), rounds=st.integers(1, 6))
def test_after_whole_rounds_everybody_was_asked_about_equally_often(number: int, rounds: int) -> None:
    clinicians, asked = list(range(number)), list[int]()
    for _ in range(number * rounds):
        asked.insert(0, whose_turn(clinicians, asked_before=asked))

    assert set(Counter(asked).values()) == {rounds}


def test_nobody_has_no_turn() -> None:
    with pytest.raises(ValueError, match="empty"):
        whose_turn([], asked_before=[COLE])
