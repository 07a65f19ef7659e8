"""The check-ins after a flag decide whether it was repaired, and how long that took."""

from datetime import timedelta

import pytest

from alliance.flags import Resolution
from alliance.items import Domain
from alliance.recovery import Recovery, recovery
from tests.alliance.course_histories import FIRST, HALF_A_WEEK, Row, asked

BEFORE = [(6, 6, 6)] * 4
RAISED = FIRST + 4 * HALF_A_WEEK


def after(*rows: Row, acted_after: int | None = None) -> Recovery | None:
    """What became of a bond flag at the fifth check-in; somebody acted right after so many more."""
    acted = None if acted_after is None else RAISED + acted_after * HALF_A_WEEK + timedelta(hours=1)
    history = asked(*BEFORE, (6, 6, 3), *rows)
    return recovery(history, domain=Domain.BOND, raised_at=RAISED, acted_at=acted, usual_low=0.75)


def test_two_good_ratings_in_a_row_are_a_repair_counted_from_the_first() -> None:
    assert after((6, 6, 4), (6, 6, 6), (6, 6, 6)) == Recovery(resolution=Resolution.REPAIRED, days=7, was_short=True)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nothing yet"),
        pytest.param([(6, 6, 6)], id="one may be politeness"),
        pytest.param([(6, 6, 6), (6, 6, 5)], id="still below the usual"),
        pytest.param([(6, 6, 6), None, (6, 6, None)], id="not rated again"),
        pytest.param([(1, 1, 6), (6, 6, 3)], id="back again"),
    ],
)
def test_less_is_open(rows: list[Row]) -> None:
    assert after(*rows) is None


def test_a_long_low_is_repaired_but_was_not_short() -> None:
    found = after(*[(6, 6, 3)] * 3, (6, 6, 6), (6, 6, 6))

    assert found is not None
    assert (found.resolution, found.was_short) == (Resolution.REPAIRED, False)


def test_four_low_answers_after_somebody_acted_are_unrepaired() -> None:
    found = after(*[(6, 6, 3)] * 5, acted_after=1)

    assert found is not None
    assert (found.resolution, found.days) == (Resolution.UNREPAIRED, 17)


def test_without_anybody_acting_it_stays_open() -> None:
    assert after(*[(6, 6, 3)] * 5) is None


@pytest.mark.parametrize(("is_fading", "replies", "over"), [(False, 1, True), (True, 1, False), (True, 2, True)])
def test_a_silence_ends_with_a_reply_and_thinned_replies_with_two(is_fading: bool, replies: int, over: bool) -> None:
    history = asked(*BEFORE, *[None] * 4, *[(6, 6, 6)] * replies)
    raised = FIRST + 7 * HALF_A_WEEK

    found = recovery(history, domain=None, is_fading=is_fading, raised_at=raised, acted_at=None, usual_low=None)

    assert (found is not None) is over


def test_a_silence_that_goes_on_is_open() -> None:
    history = asked(*BEFORE, *[None] * 6)

    assert recovery(history, domain=None, raised_at=RAISED, acted_at=RAISED, usual_low=None) is None
