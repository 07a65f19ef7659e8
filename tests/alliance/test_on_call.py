"""Tests of alliance.on_call: who is paged first when shifts change, overlap, or leave a gap."""

from datetime import UTC, datetime

import pytest

from alliance.on_call import Shift, on_call_now

COLE, DAY, KIM = 1, 2, 3


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)


def shift(person_id: int, starts: int, ends: int, position: int = 1) -> Shift:
    return Shift(person_id=person_id, starts_at=at(starts), ends_at=at(ends), position=position)


ROTA = (shift(COLE, 8, 14), shift(DAY, 14, 20), shift(KIM, 12, 16, position=2))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(at(7, 59), (), id="before the first shift"),
        pytest.param(at(8), (COLE,), id="the shift begins"),
        pytest.param(at(12), (COLE, KIM), id="a second position begins"),
        pytest.param(at(13, 59), (COLE, KIM), id="the last minute of a shift"),
        pytest.param(at(14), (DAY, KIM), id="handed over at the full hour"),
        pytest.param(at(19, 59), (DAY,), id="the last minute of the day"),
        pytest.param(at(20), (), id="after the last shift"),
    ],
)
def test_whoever_is_on_shift_is_on_call(now: datetime, expected: tuple[int, ...]) -> None:
    assert on_call_now(ROTA, (), now=now) == expected


def test_the_standing_order_follows_those_on_shift_and_names_nobody_twice() -> None:
    assert on_call_now(ROTA, (DAY, COLE), now=at(9)) == (COLE, DAY)
    assert on_call_now(ROTA, (DAY, COLE), now=at(21)) == (DAY, COLE)


def test_of_two_at_one_position_the_one_who_came_first_is_paged_first() -> None:
    overlapping = (shift(DAY, 10, 20), shift(COLE, 8, 20))

    assert on_call_now(overlapping, (), now=at(11)) == (COLE, DAY)


def test_a_shift_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it begins"):
        shift(COLE, 14, 14)
