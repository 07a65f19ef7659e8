"""Who reads for a clinician who is away: the cover, the cover's cover, or nobody, each with its reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.leave import StandIn, Why, is_away, share_a_day, stand_in

COLE, DAY, EVE, FAY = 1, 2, 3, 4
ALL = (COLE, DAY, EVE, FAY)


@pytest.mark.parametrize(
    ("covers", "can_read", "reader", "why"),
    [
        pytest.param({}, ALL, COLE, Why.HERSELF, id="she is there"),
        pytest.param({DAY: EVE}, ALL, COLE, Why.HERSELF, id="somebody else is away"),
        pytest.param({COLE: DAY}, ALL, DAY, Why.COVER, id="her cover"),
        pytest.param({COLE: DAY, DAY: EVE}, ALL, EVE, Why.COVERS_COVER, id="the cover of her cover"),
        pytest.param({COLE: None}, ALL, None, Why.NOBODY_NAMED, id="nobody named"),
        pytest.param({COLE: DAY, DAY: None}, ALL, None, Why.NOBODY_NAMED, id="her cover named nobody"),
        pytest.param({COLE: DAY}, (COLE, EVE), None, Why.OUT_OF_REACH, id="her cover cannot be reached"),
        pytest.param({COLE: DAY, DAY: EVE}, (COLE, DAY), None, Why.OUT_OF_REACH, id="nor can the cover's cover"),
        pytest.param({COLE: DAY, DAY: COLE}, ALL, None, Why.CIRCLE, id="they name each other"),
        pytest.param({COLE: DAY, DAY: EVE, EVE: DAY}, ALL, None, Why.CIRCLE, id="a circle further on"),
        pytest.param({COLE: COLE}, ALL, None, Why.CIRCLE, id="herself"),
        pytest.param({}, (), COLE, Why.HERSELF, id="she is there and cannot be reached: that is told elsewhere"),
    ],
)
def test_who_reads(covers: dict[int, int | None], can_read: tuple[int, ...], reader: int | None, why: Why) -> None:
    assert stand_in(COLE, covers=covers, can_read=can_read) == StandIn(person_id=reader, why=why)


@given(
    covers=st.dictionaries(st.sampled_from(ALL), st.none() | st.sampled_from(ALL)),
    can_read=st.sets(st.sampled_from(ALL)),
)
def test_whoever_reads_is_there_and_can_be_reached_and_every_search_ends(
    covers: dict[int, int | None], can_read: set[int]
) -> None:
    found = stand_in(COLE, covers=covers, can_read=can_read)

    assert found.is_somebody_else is (found.person_id not in {None, COLE})
    if found.is_somebody_else:
        assert found.person_id not in covers
        assert found.person_id in can_read
    elif found.person_id == COLE:
        assert COLE not in covers


@pytest.mark.parametrize(
    ("day", "away"),
    [
        pytest.param(date(2026, 3, 8), False, id="the day before"),
        pytest.param(date(2026, 3, 9), True, id="the first day"),
        pytest.param(date(2026, 3, 19), True, id="the last day"),
        pytest.param(date(2026, 3, 20), False, id="the day of return"),
    ],
)
def test_on_the_day_of_return_she_is_back(day: date, away: bool) -> None:
    assert is_away(date(2026, 3, 9), date(2026, 3, 20), today=day) is away


def test_a_leave_without_an_end_lasts() -> None:
    assert is_away(date(2026, 3, 9), None, today=date(2030, 1, 1))


@given(days=st.tuples(*[st.integers(0, 12)] * 4), one_open=st.booleans(), other_open=st.booleans())
def test_two_leaves_share_a_day_when_there_is_a_day_on_which_both_are_away(
    days: tuple[int, int, int, int], one_open: bool, other_open: bool
) -> None:
    def day(number: int) -> date:
        return date(2026, 3, 1 + number)

    one = (day(days[0]), None if one_open else day(days[0] + days[1] + 1))
    other = (day(days[2]), None if other_open else day(days[2] + days[3] + 1))

    both = any(is_away(*one, today=day(n)) and is_away(*other, today=day(n)) for n in range(30))

    assert share_a_day(*one, *other) is both
