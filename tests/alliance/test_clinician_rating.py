"""Which view of a clinician stands beside which check-in, and about whom she is asked this week."""

from datetime import UTC, datetime, timedelta

import pytest

from alliance.clinician_rating import View, beside, is_answerable, waits_for, whose_turn
from alliance.items import Domain

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
COLE, DAY = 7, 8


def view(days: float, goal: float, *, of: int = COLE) -> View:
    return View(clinician_id=of, at=NOON + timedelta(days=days), fractions={Domain.GOAL: goal})


@pytest.mark.parametrize(
    ("views", "goal"),
    [
        pytest.param([], None, id="none"),
        pytest.param([view(-3, 0.5)], 0.5, id="of the visit before"),
        pytest.param([view(-3, 0.5), view(-1, 0.6)], 0.6, id="the latest of those before"),
        pytest.param([view(-3, 0.5), view(1, 0.6)], 0.5, id="one before counts rather than one after"),
        pytest.param([view(2, 0.6), view(1, 0.4)], 0.4, id="else the first after"),
        pytest.param([view(-14.1, 0.5)], None, id="of weeks ago"),
        pytest.param([view(7.1, 0.5)], None, id="of another week"),
        pytest.param([view(-1, 0.5, of=DAY)], None, id="a colleague's"),
    ],
)
def test_the_nearest_view_of_that_clinician_stands_beside(views: list[View], goal: float | None) -> None:
    assert beside(views, at=NOON, clinician_id=COLE).get(Domain.GOAL) == goal


def test_those_not_asked_about_longest_come_first_and_no_more_than_there_is_room_for() -> None:
    asked_at = {1: NOON - timedelta(days=8), 2: NOON - timedelta(days=6), 3: NOON - timedelta(days=9)}

    assert whose_turn([1, 2, 3, 4], asked_at=asked_at, room=2, now=NOON) == (4, 3)
    assert whose_turn([1, 2, 3, 4], asked_at=asked_at, room=9, now=NOON) == (4, 3, 1)
    assert whose_turn([1, 2, 3, 4], asked_at=asked_at, room=-1, now=NOON) == ()


def test_the_three_domains_are_asked_in_order_and_for_two_days() -> None:
    assert waits_for({}) is Domain.GOAL
    assert waits_for({Domain.GOAL: 3, Domain.BOND: 5}) is Domain.TASK
    assert waits_for(dict.fromkeys(Domain, 1)) is None
    assert is_answerable(NOON - timedelta(hours=47), now=NOON)
    assert not is_answerable(NOON - timedelta(hours=48), now=NOON)
