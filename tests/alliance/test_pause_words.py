"""Until when a break lasts, as people write it: by days, weeks, weekdays and dates, in both languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.enrolment import LONGEST_PAUSE
from alliance.pause_words import read_pause_end

TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("words", "until"),
    [
        pytest.param("14", date(2026, 3, 18), id="days as a bare number"),
        pytest.param("3 days", date(2026, 3, 7), id="days"),
        pytest.param("for two weeks", date(2026, 3, 18), id="weeks in words"),
        pytest.param("por 1 semana", date(2026, 3, 11), id="a week in Spanish"),
        pytest.param("tomorrow", date(2026, 3, 5), id="tomorrow"),
        pytest.param("until Friday", date(2026, 3, 6), id="a weekday"),
        pytest.param("Wednesday", date(2026, 3, 11), id="today's weekday is the next one"),
        pytest.param("hasta el miércoles", date(2026, 3, 11), id="a weekday with an accent"),
        pytest.param("20 March", date(2026, 3, 20), id="day and month"),
        pytest.param("March 20th", date(2026, 3, 20), id="month and day"),
        pytest.param("hasta el 20 de marzo", date(2026, 3, 20), id="day and month in Spanish"),
        pytest.param("3 mar", date(2027, 3, 3), id="yesterday's date is next year's"),
        pytest.param("2026-03-20", date(2026, 3, 20), id="as computers write it"),
        pytest.param("20/3", date(2026, 3, 20), id="numbers that can only be one day"),
        pytest.param("3/20", date(2026, 3, 20), id="the other way round"),
        pytest.param("5/5", date(2026, 5, 5), id="both the same"),
        pytest.param("20/3/2026", date(2026, 3, 20), id="with a year"),
    ],
)
def test_a_day_is_read_as_it_was_meant(words: str, until: date) -> None:
    assert read_pause_end(words, today=TODAY, day_comes_first=False) == until


@pytest.mark.parametrize(
    "words",
    [
        *("", "soon", "0", "366", "-3", "1.5", "14 days please", "0 days", "30 February", "ma 3", "32/1"),
        pytest.param("4 March 2026", id="today"),
        pytest.param("2026-03-04", id="today as computers write it"),
        pytest.param("2020-01-01", id="long ago"),
        pytest.param("5 March 2027", id="a year and a day"),
        pytest.param("4/5", id="May or April"),
        pytest.param("99 weeks", id="too many weeks"),
    ],
)
def test_what_nobody_can_read_as_a_day_is_none(words: str) -> None:
    assert read_pause_end(words, today=TODAY, day_comes_first=False) is None


def test_two_numbers_are_a_day_first_where_people_write_them_so() -> None:
    assert read_pause_end("4/5", today=TODAY, day_comes_first=True) == date(2026, 5, 4)
    assert read_pause_end("4/5", today=TODAY, day_comes_first=False) is None


@given(words=st.text(max_size=40), day_comes_first=st.booleans())
def test_whatever_is_written_a_break_ends_within_a_year_or_not_at_all(words: str, day_comes_first: bool) -> None:
    until = read_pause_end(words, today=TODAY, day_comes_first=day_comes_first)

    assert until is None or TODAY < until <= TODAY + timedelta(days=LONGEST_PAUSE)


@given(day=st.dates(TODAY + timedelta(days=1), TODAY + timedelta(days=LONGEST_PAUSE)))
def test_every_day_of_the_coming_year_can_be_written(day: date) -> None:
    assert read_pause_end(day.isoformat(), today=TODAY, day_comes_first=False) == day
    assert read_pause_end(f"{day:%d/%m/%Y}", today=TODAY, day_comes_first=True) == day
