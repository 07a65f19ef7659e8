"""The program's clock goes on evenly, follows small corrections at once, and large ones only when they last."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import clock
from bot.clock import FOLLOWED_AFTER, SteadyClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds since boot, to be moved by the test."""
    seconds = [1_000.0]
    monkeypatch.setattr(clock, "_seconds_since_boot", lambda: seconds[0])
    return seconds


def test_it_goes_on_by_the_seconds_that_pass(passed: list[float]) -> None:
    steady = SteadyClock(NOON)

    passed[0] += 90

    assert (steady.now(), steady.monotonic()) == (NOON + timedelta(seconds=90), 1_090.0)


def test_a_small_difference_is_taken_over_at_once(passed: list[float]) -> None:
    steady = SteadyClock(NOON)

    moved = steady.hear(NOON + timedelta(seconds=2))
    passed[0] += 10

    assert (moved, steady.now(), steady.is_in_doubt) == (timedelta(seconds=2), NOON + timedelta(seconds=12), False)


@pytest.mark.parametrize("off", [DAY, -DAY])
def test_a_day_forward_or_back_is_not_believed_at_once(passed: list[float], off: timedelta) -> None:
    steady = SteadyClock(NOON)

    moved = steady.hear(NOON + off)
    passed[0] += 30
    moved_later = steady.hear(NOON + off + timedelta(seconds=30))

    assert (moved, moved_later, steady.is_in_doubt) == (timedelta(0), timedelta(0), True)
    assert steady.now() == NOON + timedelta(seconds=30)


def test_a_step_that_is_taken_back_changes_nothing(passed: list[float]) -> None:
    steady = SteadyClock(NOON)
    steady.hear(NOON + DAY)
    passed[0] += FOLLOWED_AFTER - 1

    back = steady.hear(NOON + timedelta(seconds=FOLLOWED_AFTER - 1))

    assert (back, steady.is_in_doubt) == (timedelta(0), False)
    assert steady.now() == NOON + timedelta(seconds=FOLLOWED_AFTER - 1)


def test_a_step_that_lasts_is_followed(passed: list[float]) -> None:
    steady = SteadyClock(NOON)
    steady.hear(NOON - DAY)
    passed[0] += FOLLOWED_AFTER

    moved = steady.hear(NOON - DAY + timedelta(seconds=FOLLOWED_AFTER))

    assert (moved, steady.is_in_doubt) == (-DAY, False)
    assert steady.now() == NOON - DAY + timedelta(seconds=FOLLOWED_AFTER)


def test_two_steps_each_have_to_last(passed: list[float]) -> None:
    steady = SteadyClock(NOON)
    steady.hear(NOON + DAY)
    passed[0] += FOLLOWED_AFTER / 2
    steady.hear(steady.now())
    passed[0] += FOLLOWED_AFTER / 2

    moved = steady.hear(steady.now() + DAY)

    assert moved == timedelta(0)
