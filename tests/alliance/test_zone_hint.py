"""A clock is asked about only when somebody who never stirs at night does so for days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alliance.zone_hint import clock_may_have_changed, is_night, may_ask

MADRID, TOKYO, LOS_ANGELES = "Europe/Madrid", "Asia/Tokyo", "America/Los_Angeles"
TODAY = date(2026, 3, 30)
NOW = datetime.combine(TODAY, time(4, 30), ZoneInfo(MADRID)).astimezone(UTC)


def at(days_ago: int, wall: str, zone: str = MADRID) -> datetime:
    return datetime.combine(TODAY - timedelta(days=days_ago), time.fromisoformat(wall), ZoneInfo(zone)).astimezone(UTC)


HOME = [at(ago, wall) for ago in range(6, 30, 2) for wall in ("09:05", "18:30")]  # a month of Madrid
AWAY = [at(ago, wall) for ago in (0, 1, 2) for wall in ("02:30", "04:10")]


@pytest.mark.parametrize(
    ("acts", "may_have"),
    [
        pytest.param([*HOME, *AWAY], True, id="three nights, and never before"),
        pytest.param([*HOME, *AWAY[:4]], False, id="two nights"),
        pytest.param([*HOME, *[at(0, f"0{h}:{m}0") for h in (2, 3, 4) for m in (0, 2)]], False, id="one long night"),
        pytest.param(
            [*HOME, *(at(ago, wall) for ago in (0, 1, 2) for wall in ("04:00", "09:10", "18:20"))],
            False,
            id="awake at night, and at the hours of always too",
        ),
        pytest.param([*HOME, *(at(ago, "03:00") for ago in (9, 15, 21)), *AWAY], False, id="up at night before, too"),
        pytest.param([*HOME[:8], *AWAY], False, id="too few days to call it a habit"),
        pytest.param([*[at(ago, "09:05") for ago in range(6, 15)], *AWAY], False, id="too little to call it a habit"),
        pytest.param(AWAY, False, id="somebody new"),
        pytest.param([], False, id="nobody"),
        pytest.param([*HOME, *(at(ago, "05:00") for ago in (0, 1, 2))], False, id="early birds"),
        pytest.param([*HOME, *(at(ago, "01:59") for ago in (0, 1, 2))], False, id="late owls"),
    ],
)
def test_only_several_nights_against_a_habit_say_something(acts: list[datetime], may_have: bool) -> None:
    assert clock_may_have_changed(acts, zone=MADRID, now=NOW) is may_have


@pytest.mark.parametrize(
    ("there", "noticed"),
    [
        pytest.param([at(ago, "18:30", LOS_ANGELES) for ago in (1, 2, 3)], True, id="evenings in Los Angeles"),
        pytest.param([at(ago, "11:30", TOKYO) for ago in (0, 1, 2)], True, id="late mornings in Tokyo"),
        pytest.param([at(ago, "18:30", "Europe/Athens") for ago in (1, 2, 3)], False, id="an hour away: not noticed"),
    ],
)
def test_a_journey_is_noticed_when_it_moves_the_day_into_the_night(there: list[datetime], noticed: bool) -> None:
    assert clock_may_have_changed([*HOME, *there], zone=MADRID, now=NOW) is noticed


def test_what_lies_ahead_or_long_ago_does_not_count() -> None:
    assert not clock_may_have_changed([*HOME, *(act + timedelta(days=7) for act in AWAY)], zone=MADRID, now=NOW)
    assert not clock_may_have_changed([*(act - timedelta(days=60) for act in HOME), *AWAY], zone=MADRID, now=NOW)


@pytest.mark.parametrize(("wall", "night"), [("01:59", False), ("02:00", True), ("04:59", True), ("05:00", False)])
def test_deep_night_is_from_two_to_five(wall: str, night: bool) -> None:
    assert is_night(at(0, wall), MADRID) is night


@pytest.mark.parametrize(
    ("asked", "kept", "may"),
    [
        pytest.param(None, None, True, id="never asked"),
        pytest.param(timedelta(days=13, hours=23), None, False, id="within a fortnight"),
        pytest.param(timedelta(days=14), None, True, id="a fortnight later"),
        pytest.param(timedelta(days=100), timedelta(days=99), False, id="it was said that the clock is right"),
    ],
)
def test_it_is_asked_once_a_fortnight_until_it_is_answered(
    asked: timedelta | None, kept: timedelta | None, may: bool
) -> None:
    asked_at, kept_at = (None if ago is None else NOW - ago for ago in (asked, kept))

    assert may_ask(asked_at=asked_at, kept_at=kept_at, now=NOW) is may
