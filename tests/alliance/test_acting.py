"""Working days, days to put off until, who waits, and when a repair is on its way or has not held."""

from datetime import UTC, date, datetime, timedelta

import pytest

from alliance.acting import When, reached_at, snooze_until, whole_working_days_between
from alliance.items import Domain
from alliance.observation import Observation
from alliance.repair import is_improving, raised_at_visit, still_there
from alliance.waiting import days_waited, waits_since

MONDAY = date(2026, 3, 16)
RAISED = datetime(2026, 3, 16, 9, tzinfo=UTC)
MADRID = "Europe/Madrid"


@pytest.mark.parametrize(
    ("last", "working_days", "days"),
    [
        pytest.param(date(2026, 3, 16), None, 0, id="the same day"),
        pytest.param(date(2026, 3, 17), None, 0, id="the next one has not passed"),
        pytest.param(date(2026, 3, 20), None, 3, id="Tuesday to Thursday"),
        pytest.param(date(2026, 3, 23), None, 4, id="a weekend is none"),
        pytest.param(date(2026, 3, 23), "MO,WE", 1, id="hers are fewer"),
        pytest.param(date(2026, 3, 9), None, 0, id="the past"),
    ],
)
def test_working_days_are_counted_when_they_are_whole_and_hers(last: date, working_days: str | None, days: int) -> None:
    assert whole_working_days_between(MONDAY, last, working_days=working_days) == days


@pytest.mark.parametrize(
    ("words", "day"),
    [
        pytest.param("tomorrow", date(2026, 3, 17), id="tomorrow"),
        pytest.param("13 April", date(2026, 4, 13), id="four weeks"),
        pytest.param("14 April", None, id="a day too far"),
        pytest.param("16 March", None, id="today is next year"),
        pytest.param("2026-03-01", None, id="the past"),
        pytest.param("soon", None, id="no day"),
    ],
)
def test_a_flag_is_put_off_until_a_day_soon(words: str, day: date | None) -> None:
    assert snooze_until(words, today=MONDAY, day_comes_first=False) == day


def test_yesterday_s_contact_answers_all_of_yesterday_and_nothing_of_today() -> None:
    at = reached_at(When.YESTERDAY, now=RAISED, zone=MADRID)

    last_night, this_morning = datetime(2026, 3, 15, 22, 30, tzinfo=UTC), datetime(2026, 3, 15, 23, 30, tzinfo=UTC)
    assert waits_since([last_night], reached_at=at) is None
    assert waits_since([last_night, this_morning], reached_at=at) == this_morning  # after midnight in Madrid


def test_waiting_begins_with_the_first_thing_unanswered() -> None:
    later = RAISED + timedelta(days=2)

    assert waits_since([later, RAISED], reached_at=None) == RAISED
    assert waits_since([later, RAISED], reached_at=RAISED) == later
    assert waits_since([], reached_at=None) is None
    assert days_waited(RAISED, on=date(2026, 3, 19), zone=MADRID) == 3


def seen(*ratings: float | None, every: timedelta = timedelta(days=3)) -> list[Observation]:
    """Check-ins after the flag: a rating of the relationship, or no reply."""
    return [
        Observation(
            at=RAISED + (n + 1) * every,
            ratings={} if rating is None else {Domain.BOND: rating},
            replied=rating is not None,
        )
        for n, rating in enumerate(ratings)
    ]


@pytest.mark.parametrize(
    ("ratings", "is_better"),
    [
        pytest.param([0.75], True, id="one good answer"),
        pytest.param([0.5], True, id="half of the way"),
        pytest.param([0.45], False, id="less than half"),
        pytest.param([0.75, 0.2], False, id="and back"),
        pytest.param([0.75, None], True, id="silence is unknown"),
        pytest.param([], False, id="nothing yet"),
    ],
)
def test_better_is_half_of_the_way_back(ratings: list[float | None], is_better: bool) -> None:
    latest = seen(*ratings)

    assert is_improving(latest, domain=Domain.BOND, raised_at=RAISED, flagged=0.2, usual_low=0.75) is is_better


@pytest.mark.parametrize(
    ("latest", "has_outlasted"),
    [
        pytest.param(seen(0.2, 0.2, 0.2, 0.2), True, id="four low answers"),
        pytest.param(seen(0.2, 0.2, 0.2), False, id="three"),
        pytest.param(seen(0.2, 0.2, None, 0.2), False, id="an unanswered one is no low one"),
        pytest.param(seen(*[0.2] * 6, every=timedelta(days=1)), False, id="many within a week"),
        pytest.param(seen(*[0.2] * 8, every=timedelta(days=1)), True, id="daily for a week"),
    ],
)
def test_what_outlasts_an_action_takes_four_answers_and_a_week(latest: list[Observation], has_outlasted: bool) -> None:
    decided = still_there(latest, domain=Domain.BOND, raised_at=RAISED, acted_at=RAISED)

    assert (decided is not None) is has_outlasted


def test_a_silence_is_outlasted_by_what_it_is_about() -> None:
    assert still_there(seen(None, None, None, None), domain=None, raised_at=RAISED, acted_at=RAISED) is not None


@pytest.mark.parametrize(
    ("days", "counts_from"),
    [
        pytest.param((), 0, id="no visit is planned"),
        pytest.param((7,), 7, id="at the visit"),
        pytest.param((21, 7), 7, id="at the first of two"),
        pytest.param((-1, 0), 0, id="what was before the press is over"),
        pytest.param((28,), 28, id="four weeks ahead"),
        pytest.param((29,), 0, id="farther than anything is put off"),
    ],
)
def test_what_is_meant_for_a_visit_counts_from_that_visit(days: tuple[int, ...], counts_from: int) -> None:
    visits = [RAISED + timedelta(days=day) for day in days]

    assert raised_at_visit(RAISED, visits=visits) == RAISED + timedelta(days=counts_from)
