"""Another poller of the same token is told apart from a process that is only being replaced."""

from datetime import datetime

import pytest

from bot.clock import SimulatedClock
from bot.rival import GOES_ON_AFTER, OVER_AFTER, Rival


@pytest.fixture
def rival(clock: SimulatedClock) -> Rival:
    return Rival(clock)


@pytest.fixture
def clock(moment: datetime) -> SimulatedClock:
    return SimulatedClock(moment)


def test_as_long_as_nobody_was_seen_nobody_is_there(rival: Rival) -> None:
    assert rival.is_gone()


async def test_one_refused_poll_is_a_process_that_is_being_replaced(rival: Rival, clock: SimulatedClock) -> None:
    first = rival.goes_on()
    await clock.sleep(GOES_ON_AFTER - 1)
    again = rival.goes_on()

    assert (first, again) == (False, False)


async def test_refusals_that_go_on_are_told_although_polls_between_them_are_answered(
    rival: Rival, clock: SimulatedClock
) -> None:
    rival.goes_on()
    await clock.sleep(GOES_ON_AFTER)
    answered = rival.is_gone()

    assert (answered, rival.goes_on()) == (False, True)


async def test_after_a_minute_without_one_it_is_over_and_the_next_begins_anew(
    rival: Rival, clock: SimulatedClock
) -> None:
    rival.goes_on()
    await clock.sleep(OVER_AFTER + 1)

    assert (rival.is_gone(), rival.goes_on()) == (True, False)
