"""When a visit is, as people write it, and when its brief comes."""

from datetime import UTC, datetime, time

import pytest

from alliance.visits import NoSuchTime, brief_due, read_start

MADRID = "Europe/Madrid"
MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)  # eight in the morning in Madrid


def madrid(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    summer = month > 3 or (month == 3 and day >= 29)
    return datetime(2026, month, day, hour - (2 if summer else 1), minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "means"),
    [
        pytest.param("2026-03-03 10:00", madrid(3, 10), id="ISO, on the wall"),
        pytest.param("2026-03-03T10:00", madrid(3, 10), id="ISO with its T"),
        pytest.param("2026-03-03T10:00Z", madrid(3, 11), id="with an offset of its own"),
        pytest.param("3 March 10:30", madrid(3, 10, 30), id="as people write it"),
        pytest.param("3 March at 4 pm", madrid(3, 16), id="in the afternoon"),
        pytest.param("tomorrow at 9", madrid(3, 9), id="tomorrow"),
        pytest.param("today 20:15", madrid(2, 20, 15), id="today"),
        pytest.param("2 March 11:00", madrid(2, 11), id="today by its date"),
        pytest.param("2/3 11:00", madrid(2, 11), id="today in numbers"),
        pytest.param("Monday 11:00", madrid(9, 11), id="a weekday is the next one"),
        pytest.param("el jueves a las 9 de la tarde", madrid(5, 21), id="in Spanish"),
        pytest.param("mañana a las 16", madrid(3, 16), id="tomorrow in Spanish"),
        pytest.param("25 October 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="twice that night: the first"),
        pytest.param("29 March 3:00", datetime(2026, 3, 29, 1, tzinfo=UTC), id="the first minute after a skip"),
    ],
)
def test_a_time_is_read_as_people_write_it(written: str, means: datetime) -> None:
    assert read_start(written, zone=MADRID, now=MONDAY) == means


@pytest.mark.parametrize(
    "written", ["", "10:00", "3 March", "2026-03-03", "soon", "3 10:00", "40 March 9:00", "9" * 60]
)
def test_what_is_no_day_and_hour_is_nothing(written: str) -> None:
    assert read_start(written, zone=MADRID, now=MONDAY) is None


def test_an_hour_that_the_clocks_skip_is_no_time() -> None:
    with pytest.raises(NoSuchTime):
        read_start("29 March 2:30", zone=MADRID, now=MONDAY)


@pytest.mark.parametrize(
    ("starts_at", "comes"),
    [
        pytest.param(madrid(3, 15), madrid(3, 8), id="at her hour"),
        pytest.param(madrid(3, 9), madrid(3, 8), id="an hour before is her hour"),
        pytest.param(madrid(3, 7, 30), madrid(3, 6, 30), id="before her hour"),
        pytest.param(madrid(29, 15), madrid(29, 8), id="clocks went forward that night"),
    ],
)
def test_a_brief_comes_in_the_morning(starts_at: datetime, comes: datetime) -> None:
    assert brief_due(starts_at, zone=MADRID, at=time(8)) == comes
