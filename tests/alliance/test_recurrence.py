"""Rules are read strictly, written canonically, and fall on the days RFC 5545 says."""

import calendar
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance.recurrence import Frequency, Rule, days, first_day
from alliance.rule_text import NotACadence, parse_rule, read, write

A_MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        pytest.param("freq=weekly;byday=th,mo", "FREQ=WEEKLY;BYDAY=MO,TH", id="small letters, days out of order"),
        pytest.param(" RRULE:FREQ=DAILY ", "FREQ=DAILY", id="as calendars write it"),
        pytest.param("BYDAY=-1FR;FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=-1FR", id="parts out of order"),
        pytest.param("FREQ=WEEKLY;INTERVAL=1;WKST=MO", "FREQ=WEEKLY", id="defaults"),
        pytest.param("FREQ=WEEKLY;WKST=SU;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", id="weeks from Sunday"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=-1,1,+1", "FREQ=MONTHLY;BYMONTHDAY=1,-1", id="both ends, one twice"),
        pytest.param("FREQ=DAILY;UNTIL=20271231", "FREQ=DAILY;UNTIL=20271231", id="until a day"),
        pytest.param("FREQ=DAILY;UNTIL=20271231t235959z", "FREQ=DAILY;UNTIL=20271231T235959Z", id="until a moment"),
        pytest.param("FREQ=DAILY;COUNT=14", "FREQ=DAILY;COUNT=14", id="two weeks of days"),
        pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", id="leap days"),
    ],
)
def test_a_rule_has_one_way_to_be_written(text: str, canonical: str) -> None:
    assert parse_rule(text) == canonical
    assert parse_rule(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "because"),
    [
        pytest.param("", "parts like FREQ=WEEKLY", id="nothing"),
        pytest.param("every monday", "parts like FREQ=WEEKLY", id="words"),
        pytest.param("INTERVAL=2", "needs FREQ", id="how often is missing"),
        pytest.param("FREQ=FORTNIGHTLY", "DAILY, WEEKLY, MONTHLY or YEARLY", id="no such frequency"),
        pytest.param("FREQ=HOURLY", "too often", id="hourly"),
        pytest.param("FREQ=SECONDLY;COUNT=3", "too often", id="every second"),
        pytest.param("FREQ=DAILY;BYHOUR=9", "times of day", id="a time inside the rule"),
        pytest.param("DTSTART=20260101;FREQ=DAILY", "first day", id="a start inside the rule"),
        pytest.param("FREQ=DAILY;FREQ=WEEKLY", "twice", id="a part twice"),
        pytest.param("FREQ=DAILY;BYEASTER=0", "not a part", id="what only dateutil knows"),
        pytest.param("FREQ=DAILY;INTERVAL=0", "INTERVAL", id="no interval at all"),
        pytest.param("FREQ=DAILY;INTERVAL=-1", "INTERVAL", id="backwards"),
        pytest.param("FREQ=DAILY;INTERVAL=٣", "INTERVAL", id="digits of another script"),
        pytest.param("FREQ=DAILY;COUNT=0", "COUNT", id="never, politely"),
        pytest.param("FREQ=DAILY;COUNT=9999", "COUNT", id="longer than anybody is asked"),
        pytest.param("FREQ=DAILY;COUNT=3;UNTIL=20270101", "two ends", id="two ends"),
        pytest.param("FREQ=DAILY;UNTIL=20270230", "UNTIL", id="until a day that does not exist"),
        pytest.param("FREQ=DAILY;UNTIL=soon", "UNTIL", id="until soon"),
        pytest.param("FREQ=WEEKLY;BYDAY=XX", "BYDAY", id="no such weekday"),
        pytest.param("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", id="the zeroth Monday"),
        pytest.param("FREQ=WEEKLY;WKST=8", "WKST", id="no such start of the week"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY", id="the 32nd"),
        pytest.param("FREQ=YEARLY;BYMONTH=-1", "BYMONTH", id="months are not counted backwards"),
        pytest.param("FREQ=WEEKLY;BYDAY=1MO", "within a month or a year", id="the first Monday of a week"),
        pytest.param("FREQ=WEEKLY;BYMONTHDAY=3", "does not go with", id="the RFC forbids it"),
        pytest.param("FREQ=MONTHLY;BYDAY=MO,-1FR", "two rules", id="counted and plain weekdays"),
        pytest.param("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS", id="a position among nothing"),
        pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "never falls", id="31 February"),
        pytest.param("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never falls", id="30 February, day by day"),
        pytest.param("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6", "never falls", id="the sixth Monday"),
        pytest.param("FREQ=DAILY;" * 40, "characters", id="far too long"),
    ],
)
def test_what_is_no_rule_is_refused_with_one_sentence(text: str, because: str) -> None:
    with pytest.raises(NotACadence, match=because) as refused:
        parse_rule(text)

    assert "\n" not in str(refused.value)


@given(st.text(max_size=80))
def test_any_text_is_a_rule_or_refused_and_nothing_else(text: str) -> None:
    try:
        canonical = parse_rule(text)
    except NotACadence:
        return

    assert parse_rule(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "starts_on", "expected"),
    [
        pytest.param("FREQ=WEEKLY", A_MONDAY, ["2026-11-23", "2026-11-30"], id="the weekday it starts on"),
        pytest.param(
            "FREQ=MONTHLY", date(2026, 1, 31), ["2026-01-31", "2026-03-31"], id="the 31st, where there is one"
        ),
        pytest.param("FREQ=YEARLY", date(2024, 2, 29), ["2024-02-29", "2028-02-29"], id="29 February"),
        pytest.param("FREQ=MONTHLY;BYDAY=-1FR", A_MONDAY, ["2026-11-27", "2026-12-25"], id="the last Friday"),
        pytest.param(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            A_MONDAY,
            ["2026-11-30", "2026-12-31"],
            id="the last working day",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO",
            date(2026, 11, 25),
            ["2026-11-29", "2026-12-07"],
            id="every two weeks from Monday",
        ),
        pytest.param(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
            date(2026, 11, 25),
            ["2026-12-06", "2026-12-07"],
            id="every two weeks from Sunday",
        ),
        pytest.param(
            "FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1",
            date(2026, 11, 25),
            ["2026-11-30", "2026-12-07"],
            id="a first week that is not whole has lost its Monday",
        ),
        pytest.param("FREQ=YEARLY;BYWEEKNO=20", A_MONDAY, ["2027-05-17", "2028-05-15"], id="a week of the year"),
        pytest.param("FREQ=DAILY;COUNT=1", A_MONDAY, ["2026-11-23"], id="once"),
        pytest.param("FREQ=DAILY;UNTIL=20261122", A_MONDAY, [], id="over before it starts"),
    ],
)
def test_a_rule_falls_on_its_days(text: str, starts_on: date, expected: list[str]) -> None:
    found = days(read(text), starts_on=starts_on, not_before=date(2020, 1, 1))

    assert [day.isoformat() for day in islice(found, 2)] == expected


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Rules that dateutil alone understands as the RFC does, counted from any day."""
    frequency = draw(st.sampled_from(list(Frequency)))
    weekdays = st.lists(st.integers(0, 6), unique=True, min_size=1, max_size=7).map(sorted)
    by_day = tuple((day, 0) for day in draw(weekdays)) if draw(st.booleans()) else ()
    by_month_day: tuple[int, ...] = ()
    if frequency is Frequency.MONTHLY:
        by_month_day = tuple(draw(st.sampled_from([(), (1,), (15, 31), (-1,), (30,)])))
    by_position = (draw(st.sampled_from([1, -1])),) if by_day and frequency is Frequency.MONTHLY else ()
    return Rule(
        frequency=frequency,
        interval=draw(st.integers(1, 5)),
        week_start=draw(st.sampled_from([0, 6])),
        by_month=(3, 8) if draw(st.booleans()) and frequency is not Frequency.WEEKLY else (),
        by_day=by_day,
        by_month_day=by_month_day,
        by_position=by_position if not by_month_day else (),
        count=draw(st.sampled_from([None, 1, 40])),
    )


@settings(deadline=None, max_examples=150)
@given(
    rule=rules(),
    starts_on=st.dates(date(2015, 1, 1), date(2026, 12, 31)),
    later=st.integers(-100, 4000),
)
def test_beginning_in_the_middle_finds_the_days_that_counting_from_the_start_does(
    rule: Rule, starts_on: date, later: int
) -> None:
    not_before = starts_on + timedelta(days=later)
    if first_day(rule, starts_on=starts_on) is None:
        return

    found = list(islice(days(rule, starts_on=starts_on, not_before=not_before), 5))

    from_the_start = counted_from_the_start(write(rule), starts_on)
    assert found == list(islice((day for day in from_the_start if day >= not_before), 5))


def counted_from_the_start(text: str, starts_on: date) -> Iterator[date]:
    with_week = text if "WKST" in text else f"{text};WKST=MO"
    start = datetime(starts_on.year, starts_on.month, starts_on.day)
    return (moment.date() for moment in rrulestr(with_week, dtstart=start))


def test_a_rule_of_two_hundred_years_costs_what_a_new_one_does() -> None:
    rule = read("FREQ=DAILY")
    before = time.process_time()

    found = [next(days(rule, starts_on=date(1826, 1, 1), not_before=A_MONDAY)) for _ in range(100)]

    assert set(found) == {A_MONDAY}
    assert time.process_time() - before < 0.5  # seconds; counting 73,000 days a hundred times takes several


@pytest.mark.parametrize(
    ("text", "starts_on", "expected"),
    [
        pytest.param("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2097, 1, 1), date(2104, 2, 29), id="no leap in 2100"),
        pytest.param("FREQ=DAILY;INTERVAL=7;BYDAY=MO", A_MONDAY, A_MONDAY, id="every seventh day, Mondays"),
        pytest.param("FREQ=DAILY;INTERVAL=7;BYDAY=MO", date(2026, 11, 24), None, id="every seventh day, Tuesdays"),
        pytest.param("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", date(2027, 1, 1), None, id="odd years only"),
        pytest.param("FREQ=DAILY", date(2399, 12, 31), date(2399, 12, 31), id="where the calendar repeats"),
        pytest.param("FREQ=YEARLY;BYMONTH=1", date(1999, 12, 31), date(2000, 1, 31), id="just before it repeats"),
    ],
)
def test_the_first_day_is_found_or_the_search_ends(text: str, starts_on: date, expected: date | None) -> None:
    assert first_day(read(text), starts_on=starts_on) == expected


def test_weeks_begin_on_monday_whatever_the_process_thinks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "firstweekday", lambda: calendar.SUNDAY)
    rule = read("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO")

    found = days(rule, starts_on=date(2026, 11, 25), not_before=date(2026, 11, 25))

    assert next(found) == date(2026, 11, 29)


def test_an_end_given_as_a_moment_keeps_its_zone() -> None:
    assert read("FREQ=DAILY;UNTIL=20271231T120000Z").until == datetime(2027, 12, 31, 12, tzinfo=UTC)
    assert read("FREQ=DAILY;UNTIL=20271231T120000").until == datetime(2027, 12, 31, 12)
