"""The hours a patient writes, and when something may be delivered that has to keep out of two nights."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.local_time import QuietHours
from alliance.own_hours import in_words, leave_room, out_of_all, read_quiet, read_time

NIGHT = QuietHours(start=time(21), end=time(8))
hours = st.tuples(st.times(), st.times()).map(lambda ends: [end.replace(second=0, microsecond=0) for end in ends])


@pytest.mark.parametrize(
    ("words", "time_of_day"),
    [
        *(("18:30", "18:30"), ("9", "09:00"), ("9:05", "09:05"), ("18h", "18:00"), ("at 7.15", "07:15")),
        *(("6:30 pm", "18:30"), ("6pm", "18:00"), ("12 am", "00:00"), ("12 p.m.", "12:00")),
        *(("a las 9", "09:00"), ("a las 6 de la tarde", "18:00"), ("9 de la mañana", "09:00")),
    ],
)
def test_a_time_of_day_is_read_as_it_was_meant(words: str, time_of_day: str) -> None:
    assert read_time(words) == time_of_day


@pytest.mark.parametrize("words", ["", "soon", "24:00", "9:60", "13 pm", "0 am", "-9", "9:5", "9 o'clock or so"])
def test_what_is_no_time_of_day_is_none(words: str) -> None:
    assert read_time(words) is None


@pytest.mark.parametrize(
    "words",
    ["22:00-07:30", "22 - 7:30", "from 22 to 7:30", "de 22 a 7:30", "entre las 22 y las 7:30", "10 pm to 7:30 am"],
)
def test_quiet_hours_are_read_as_they_were_meant(words: str) -> None:
    assert read_quiet(words) == QuietHours(start=time(22), end=time(7, 30))


@pytest.mark.parametrize("words", ["", "22:00", "22:00-22:00", "22-7-8", "always", "22:00-later"])
def test_what_is_no_pair_of_times_is_none(words: str) -> None:
    assert read_quiet(words) is None


@given(ends=hours.filter(lambda ends: ends[0] != ends[1]))
def test_quiet_hours_said_in_words_are_read_back(ends: list[time]) -> None:
    quiet = QuietHours(start=ends[0], end=ends[1])

    assert read_quiet(in_words(quiet)) == quiet


@pytest.mark.parametrize(
    ("own", "fits"),
    [
        pytest.param(QuietHours(start=time(20), end=time(9)), True, id="longer nights"),
        pytest.param(QuietHours(start=time(8), end=time(19)), True, id="two hours stay open"),
        pytest.param(QuietHours(start=time(8), end=time(19, 1)), False, id="a minute less"),
        pytest.param(QuietHours(start=time(9), end=time(8)), False, id="always but for an hour"),
    ],
)
def test_two_hours_a_day_must_stay_open(own: QuietHours, fits: bool) -> None:
    assert leave_room((NIGHT, own)) is fits


@pytest.mark.parametrize(
    ("at", "reached"),
    [
        pytest.param("2026-03-02T12:00", "2026-03-02T12:00", id="in neither"),
        pytest.param("2026-03-02T22:00", "2026-03-03T10:30", id="from the clinic's night into one's own morning"),
        pytest.param("2026-03-02T08:30", "2026-03-02T10:30", id="in one's own only"),
    ],
)
def test_what_leaves_one_night_does_not_fall_into_the_other(at: str, reached: str) -> None:
    own = QuietHours(start=time(7), end=time(10, 30))

    found = out_of_all(datetime.fromisoformat(at).replace(tzinfo=UTC), "UTC", (NIGHT, own))

    assert found == datetime.fromisoformat(reached).replace(tzinfo=UTC)


def test_hours_that_together_never_end_leave_the_first_alone() -> None:
    day = QuietHours(start=time(7), end=time(22))  # a clinic that has lengthened its night since they were chosen

    found = out_of_all(datetime(2026, 3, 2, 22, tzinfo=UTC), "UTC", (NIGHT, day))

    assert found == datetime(2026, 3, 3, 8, tzinfo=UTC)
