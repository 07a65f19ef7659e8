"""Wall times mean one moment each, quiet hours end, and a patient's words find a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance.local_time import (
    QuietHours,
    find_zones,
    instant,
    known_zone,
    local_day,
    local_time,
    out_of_quiet,
)

NIGHT = QuietHours(start=time(21), end=time(8))
SIESTA = QuietHours(start=time(14), end=time(16, 30))
UNUSUAL_ZONES = (
    "Europe/Madrid",
    "America/New_York",
    "America/Santiago",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "UTC",
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        pytest.param("Europe/Madrid", "2026-07-01", "09:00", "2026-07-01 07:00", id="an ordinary summer day"),
        pytest.param("Europe/Madrid", "2026-03-29", "02:30", "2026-03-29 01:00", id="clocks go forward"),
        pytest.param("Europe/Madrid", "2026-03-29", "02:00", "2026-03-29 01:00", id="first minute skipped"),
        pytest.param("Europe/Madrid", "2026-03-29", "03:00", "2026-03-29 01:00", id="first minute after"),
        pytest.param("Europe/Madrid", "2026-03-29", "01:59", "2026-03-29 00:59", id="last minute before"),
        pytest.param("Europe/Madrid", "2026-10-25", "02:30", "2026-10-25 00:30", id="clocks go back"),
        pytest.param("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30", id="back, New York"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03 15:30", id="Lord Howe forward"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45", id="Lord Howe back"),
        pytest.param("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23 22:00", id="midnight skipped"),
        pytest.param("Pacific/Apia", "2011-12-30", "09:00", "2011-12-30 10:00", id="Apia's missing day"),
        pytest.param("Pacific/Apia", "2011-12-31", "09:00", "2011-12-30 19:00", id="Apia's next day"),
        pytest.param("Asia/Kathmandu", "2028-02-29", "09:00", "2028-02-29 03:15", id="29 February"),
        pytest.param("Africa/Monrovia", "1972-01-07", "00:10", "1972-01-07 00:44:30", id="44 min 30 s skipped"),
    ],
)
def test_a_wall_time_means_the_first_moment_that_shows_it_or_later(zone: str, day: str, at: str, expected: str) -> None:
    moment = instant(date.fromisoformat(day), time.fromisoformat(at), zone)

    assert moment == utc(expected)


@settings(deadline=None)
@given(
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    minutes=st.integers(0, 1439),
    zone=st.sampled_from(UNUSUAL_ZONES),
)
def test_a_wall_time_that_exists_is_shown_by_the_clock_at_its_moment(day: date, minutes: int, zone: str) -> None:
    at = time(minutes // 60, minutes % 60)

    moment = instant(day, at, zone)

    shown = datetime.combine(local_day(moment, zone), local_time(moment, zone))
    assert shown >= datetime.combine(day, at)
    just_before = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert just_before < datetime.combine(day, at)


def test_the_day_is_counted_where_the_patient_is() -> None:
    late = utc("2026-06-30 23:30")

    assert (local_day(late, "Europe/Madrid"), local_day(late, "America/Lima")) == (
        date(2026, 7, 1),
        date(2026, 6, 30),
    )
    assert local_time(late, "Europe/Madrid") == time(1, 30)


def test_a_moment_without_an_offset_is_refused() -> None:
    somewhere = datetime(2026, 6, 30, 23, 30)

    with pytest.raises(ValueError, match="offset"):
        local_day(somewhere, "Europe/Madrid")
    with pytest.raises(ValueError, match="offset"):
        local_time(somewhere, "Europe/Madrid")


def test_an_unknown_zone_has_no_moments() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        instant(date(2026, 1, 1), time(9), "Europe/Nowhere")


@pytest.mark.parametrize("name", ["Europe/Madrid", "America/Argentina/Buenos_Aires", "UTC", "Asia/Calcutta"])
def test_a_zone_of_the_database_is_known(name: str) -> None:
    assert known_zone(name)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="nothing"),
        pytest.param("Madrid", id="a city alone"),
        pytest.param("America", id="a folder of zones"),
        pytest.param("../etc/passwd", id="a way out of the database"),
        pytest.param("/etc/localtime", id="a file"),
        pytest.param("localtime", id="whatever this machine is set to"),
        pytest.param("Factory", id="a machine nobody has set"),
        pytest.param("posix/UTC", id="a second copy of the database"),
        pytest.param("Europe/Madrid\0", id="a null character"),
        pytest.param("\ud800", id="half a character"),
        pytest.param("x" * 5000, id="far too long"),
    ],
)
def test_what_is_no_zone_is_not_known(name: str) -> None:
    assert not known_zone(name)


@pytest.mark.parametrize(
    ("zone", "quiet", "moment", "expected"),
    [
        pytest.param("Europe/Madrid", NIGHT, "2026-06-10 20:00", "2026-06-11 06:00", id="across midnight, before"),
        pytest.param("Europe/Madrid", NIGHT, "2026-06-10 23:30", "2026-06-11 06:00", id="across midnight, after"),
        pytest.param("Europe/Madrid", NIGHT, "2026-06-10 19:00", "2026-06-11 06:00", id="the minute it begins"),
        pytest.param("Europe/Madrid", SIESTA, "2026-06-10 13:00", "2026-06-10 14:30", id="within one day"),
        pytest.param("Europe/Madrid", NIGHT, "2026-03-28 23:00", "2026-03-29 06:00", id="clocks go forward"),
        pytest.param("Europe/Madrid", NIGHT, "2026-10-24 22:00", "2026-10-25 07:00", id="clocks go back"),
        pytest.param("Pacific/Apia", NIGHT, "2011-12-30 08:00", "2011-12-30 18:00", id="Apia's missing day"),
        pytest.param(
            "Europe/Madrid",
            QuietHours(start=time(22), end=time(2, 30)),
            "2026-10-25 01:10",
            "2026-10-25 01:30",
            id="ends in an hour that happens twice",
        ),
        pytest.param(
            "Europe/Madrid",
            QuietHours(start=time(22), end=time(2, 30)),
            "2026-03-29 00:10",
            "2026-03-29 01:00",
            id="ends in an hour that does not happen",
        ),
    ],
)
def test_a_moment_in_quiet_hours_waits_for_their_end(zone: str, quiet: QuietHours, moment: str, expected: str) -> None:
    assert out_of_quiet(utc(moment), zone, quiet) == utc(expected)


@pytest.mark.parametrize(
    ("quiet", "moment"),
    [
        pytest.param(NIGHT, "2026-06-10 06:00", id="the minute the night ends"),
        pytest.param(NIGHT, "2026-06-10 18:59", id="the minute before it begins"),
        pytest.param(SIESTA, "2026-06-10 20:00", id="in the evening"),
    ],
)
def test_a_moment_outside_quiet_hours_stays(quiet: QuietHours, moment: str) -> None:
    assert out_of_quiet(utc(moment), "Europe/Madrid", quiet) == utc(moment)


@settings(deadline=None)
@given(
    moment=st.datetimes(datetime(2011, 12, 28), datetime(2030, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from(UNUSUAL_ZONES),
    start=st.integers(0, 47),
    length=st.integers(1, 47),
)
def test_nothing_is_ever_moved_back_or_into_quiet_hours(moment: datetime, zone: str, start: int, length: int) -> None:
    first, last = divmod(start, 2), divmod((start + length) % 48, 2)
    quiet = QuietHours(start=time(first[0], first[1] * 30), end=time(last[0], last[1] * 30))

    moved = out_of_quiet(moment, zone, quiet)

    assert moved >= moment
    assert out_of_quiet(moved, zone, quiet) == moved


def test_quiet_hours_that_are_always_or_never_are_refused() -> None:
    with pytest.raises(ValueError, match="two different times"):
        QuietHours(start=time(8), end=time(8))


@pytest.mark.parametrize(
    ("words", "best"),
    [
        pytest.param("madrid", "Europe/Madrid", id="a city"),
        pytest.param("  MADRID  ", "Europe/Madrid", id="capitals and spaces"),
        pytest.param("new york", "America/New_York", id="two words"),
        pytest.param("Europe/Lon", "Europe/London", id="the beginning of a name"),
        pytest.param("méxico", "America/Mexico_City", id="an accent, and old names beside it"),
        pytest.param("Nueva York", "America/New_York", id="a Spanish name"),
        pytest.param("España", "Europe/Madrid", id="a country"),
        pytest.param("madird", "Europe/Madrid", id="a slip of the pen"),
        pytest.param("UTC", "UTC", id="the plain clock"),
        pytest.param("buenos aires", "America/Argentina/Buenos_Aires", id="a province's zone"),
    ],
)
def test_what_a_patient_types_finds_the_zone(words: str, best: str) -> None:
    names = frozenset(available_timezones()) - {"America/Buenos_Aires"}

    assert find_zones(words, names)[0] == best


@pytest.mark.parametrize("words", ["", "   ", "!!!", "qqqq", "x" * 10_000, "🙂"])
def test_words_that_name_no_place_find_nothing(words: str) -> None:
    assert find_zones(words, available_timezones()) == []


def test_a_broad_word_finds_no_more_than_fits_on_the_screen() -> None:
    assert len(find_zones("america", available_timezones())) == 6
    assert len(find_zones("america", available_timezones(), limit=3)) == 3
