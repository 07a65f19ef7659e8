"""The next check-in: wall-clock time kept, nothing missed, nothing doubled, wherever the patient lives."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from alliance.cadence import (
    PRESETS,
    Cadence,
    Due,
    NotACadence,
    parse_times,
)
from tests.alliance.one_rhythm import dues_between, next_due, upcoming

A_DAY = timedelta(days=1)
MADRID = "Europe/Madrid"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def every(rule: str = "FREQ=DAILY", *, at: str = "09:00", starts_on: str = "2010-01-01") -> Cadence:
    return Cadence(rules=(rule,), at=parse_times(at), starts_on=date.fromisoformat(starts_on))


def due(day: str, slot: str, due_at: str) -> Due:
    return Due(local_date=date.fromisoformat(day), slot=slot, due_at=utc(due_at))


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        pytest.param(
            MADRID,
            "09:00",
            "2026-06-10 06:00",
            due("2026-06-10", "09:00", "2026-06-10 07:00"),
            id="an ordinary morning",
        ),
        pytest.param(
            MADRID,
            "09:00",
            "2026-03-28 08:00",
            due("2026-03-29", "09:00", "2026-03-29 07:00"),
            id="clocks go forward, nine stays nine",
        ),
        pytest.param(
            MADRID,
            "09:00",
            "2026-10-24 07:00",
            due("2026-10-25", "09:00", "2026-10-25 08:00"),
            id="clocks go back, nine stays nine",
        ),
        pytest.param(
            MADRID,
            "02:30",
            "2026-03-28 12:00",
            due("2026-03-29", "02:30", "2026-03-29 01:00"),
            id="a time that does not exist",
        ),
        pytest.param(
            "America/New_York",
            "01:30",
            "2026-10-31 12:00",
            due("2026-11-01", "01:30", "2026-11-01 05:30"),
            id="a time that happens twice, the first",
        ),
        pytest.param(
            "America/New_York",
            "01:30",
            "2026-11-01 05:30",
            due("2026-11-02", "01:30", "2026-11-02 06:30"),
            id="a time that happens twice, not the second",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            "02:15",
            "2026-10-03 12:00",
            due("2026-10-04", "02:15", "2026-10-03 15:30"),
            id="Lord Howe shifts thirty minutes",
        ),
        pytest.param(
            "Pacific/Apia",
            "09:00",
            "2011-12-29 19:00",
            due("2011-12-30", "09:00", "2011-12-30 10:00"),
            id="Apia's missing day comes at its midnight",
        ),
        pytest.param(
            "Pacific/Apia",
            "09:00",
            "2011-12-30 10:00",
            due("2011-12-31", "09:00", "2011-12-30 19:00"),
            id="the day after Apia's missing day",
        ),
    ],
)
def test_a_daily_check_in_keeps_the_patients_own_clock(zone: str, at: str, after: str, expected: Due) -> None:
    assert next_due(every(at=at), zone=zone, after=utc(after)) == expected


def test_the_moment_asked_about_is_not_its_own_next() -> None:
    cadence = every("FREQ=WEEKLY;BYDAY=MO,TH")
    monday = utc("2026-11-23 08:00")

    assert next_due(cadence, zone=MADRID, after=monday - timedelta(microseconds=1)) == due(
        "2026-11-23", "09:00", "2026-11-23 08:00"
    )
    assert next_due(cadence, zone=MADRID, after=monday) == due("2026-11-26", "09:00", "2026-11-26 08:00")


def test_29_february_comes_when_it_comes() -> None:
    cadence = every("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")

    dues = upcoming(cadence, zone=MADRID, after=utc("2026-11-23 00:00"), count=2)

    assert [each.local_date for each in dues] == [date(2028, 2, 29), date(2032, 2, 29)]


def test_two_rules_that_meet_on_one_day_ask_once() -> None:
    cadence = Cadence(
        rules=("FREQ=WEEKLY;BYDAY=FR", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=28"),
        at=(time(9),),
        starts_on=date(2026, 11, 1),
    )

    dues = upcoming(cadence, zone=MADRID, after=utc("2026-11-21 00:00"), count=3)

    assert [each.local_date.day for each in dues] == [27, 28, 4]


def test_slots_that_a_skipped_hour_pushes_together_are_one_check_in() -> None:
    cadence = every(at="02:15,02:45,03:00,09:00")

    dues = upcoming(cadence, zone=MADRID, after=utc("2026-03-28 12:00"), count=2)

    assert [(each.slot, each.due_at) for each in dues] == [
        ("02:15", utc("2026-03-29 01:00")),
        ("09:00", utc("2026-03-29 07:00")),
    ]


def test_on_any_other_day_the_same_slots_stay_apart() -> None:
    cadence = every(at="02:15,02:45,03:00,09:00")

    dues = upcoming(cadence, zone=MADRID, after=utc("2026-03-29 12:00"), count=4)

    assert [each.slot for each in dues] == ["02:15", "02:45", "03:00", "09:00"]


def test_nothing_is_due_before_the_first_day() -> None:
    cadence = every(starts_on="2026-12-01")

    first = next_due(cadence, zone=MADRID, after=utc("2026-11-23 00:00"))

    assert first == due("2026-12-01", "09:00", "2026-12-01 08:00")


@pytest.mark.parametrize(
    ("rule", "zone", "last"),
    [
        pytest.param("FREQ=DAILY;COUNT=3", MADRID, ["24 18:00", "25 09:00", "25 18:00"], id="three days"),
        pytest.param("FREQ=DAILY;UNTIL=20261125", MADRID, ["24 18:00", "25 09:00", "25 18:00"], id="until a day"),
        pytest.param("FREQ=DAILY;UNTIL=20261125T120000", MADRID, ["24 09:00", "24 18:00", "25 09:00"], id="noon here"),
        pytest.param(
            "FREQ=DAILY;UNTIL=20261125T170000Z",
            MADRID,
            ["24 18:00", "25 09:00", "25 18:00"],
            id="18:00, in UTC",
        ),
        pytest.param(
            "FREQ=DAILY;UNTIL=20261125T165959Z",
            MADRID,
            ["24 09:00", "24 18:00", "25 09:00"],
            id="before 18:00",
        ),
        pytest.param(
            "FREQ=DAILY;UNTIL=20261124T230000Z",
            "Pacific/Auckland",
            ["24 09:00", "24 18:00", "25 09:00"],
            id="already the next day there",
        ),
    ],
)
def test_a_cadence_ends_when_its_rule_does(rule: str, zone: str, last: list[str]) -> None:
    cadence = every(rule, at="09:00,18:00", starts_on="2026-11-23")

    dues = upcoming(cadence, zone=zone, after=utc("2026-11-20 00:00"), count=100)

    assert [f"{each.local_date.day} {each.slot}" for each in dues][-3:] == last
    assert next_due(cadence, zone=zone, after=dues[-1].due_at) is None


def test_the_dues_of_a_stretch_begin_after_it_and_end_with_it() -> None:
    cadence = every()

    dues = dues_between(cadence, zone="UTC", after=utc("2026-11-20 09:00"), until=utc("2026-11-22 09:00"))

    assert dues == [
        due("2026-11-21", "09:00", "2026-11-21 09:00"),
        due("2026-11-22", "09:00", "2026-11-22 09:00"),
    ]


def test_a_stretch_without_end_is_answered_in_portions() -> None:
    cadence = every()

    dues = dues_between(cadence, zone="UTC", after=utc("2020-01-01 00:00"), until=utc("2030-01-01 00:00"))

    assert len(dues) == 1000
    assert len(upcoming(cadence, zone="UTC", after=utc("2020-01-01 00:00"), count=10_000)) == 1000


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="offset"):
        next_due(every(), zone=MADRID, after=datetime(2026, 11, 23))


@pytest.mark.parametrize(
    ("rules", "at", "because"),
    [
        pytest.param((), (time(9),), "rules", id="no rule"),
        pytest.param(("FREQ=DAILY",) * 13, (time(9),), "rules", id="too many rules"),
        pytest.param(("FREQ=HOURLY",), (time(9),), "too often", id="a rule that is none"),
        pytest.param(("FREQ=DAILY",), (), "times a day", id="no time"),
        pytest.param(("FREQ=DAILY",), (time(18), time(9)), "in order", id="times out of order"),
        pytest.param(("FREQ=DAILY",), (time(9), time(9)), "each once", id="a time twice"),
        pytest.param(("FREQ=DAILY",), (time(9, 0, 1),), "whole minutes", id="seconds"),
        pytest.param(("FREQ=DAILY",), (time(9, tzinfo=UTC),), "own clock", id="a time with a zone"),
        pytest.param(("FREQ=DAILY;INTERVAL=7;BYDAY=MO",), (time(9),), "never falls", id="never, from that day"),
    ],
)
def test_a_cadence_that_could_never_ask_is_refused(rules: tuple[str, ...], at: tuple[time, ...], because: str) -> None:
    with pytest.raises(NotACadence, match=because):
        Cadence(rules=rules, at=at, starts_on=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("text", "times"),
    [
        pytest.param("09:00", (time(9),), id="one"),
        pytest.param("18:30, 9:00,18:30", (time(9), time(18, 30)), id="out of order, one twice"),
        pytest.param("00:00,23:59", (time(0), time(23, 59)), id="both ends of the day"),
    ],
)
def test_times_are_read_in_order_and_once(text: str, times: tuple[time, ...]) -> None:
    assert parse_times(text) == times


@pytest.mark.parametrize("text", ["", "9", "24:00", "09:60", "09:00,", "09:00:00", "nine", "٠٩:٠٠", "-1:00"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(NotACadence, match="time of day"):
        parse_times(text)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_a_cadence_of_its_own_pace(preset: str) -> None:
    expected = {"weekly": 4, "twice_a_week": 8, "daily": 28, "every_two_weeks": 2}
    cadence = Cadence(rules=PRESETS[preset], at=(time(9),), starts_on=date(2026, 11, 23))

    dues = dues_between(cadence, zone=MADRID, after=utc("2026-11-23 00:00"), until=utc("2026-11-23 00:00") + 28 * A_DAY)

    assert len(dues) == expected[preset]
