"""When a check-in may come back: only ahead, outside the quiet hours, and while it can still be answered."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from alliance.local_time import QuietHours
from alliance.putting_off import Later, may_come_back, offers, window

MADRID = "Europe/Madrid"
QUIET = QuietHours(start=time(21), end=time(8))
H, E, T = Later.HOUR, Later.EVENING, Later.TOMORROW


def madrid(day: int, at: str, month: int = 3) -> datetime:
    return datetime.combine(date(2026, month, day), time.fromisoformat(at), ZoneInfo(MADRID)).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "closes", "found"),
    [
        pytest.param(madrid(2, "09:00"), madrid(3, "05:00"), {H: madrid(2, "10:00"), E: madrid(2, "19:00")}, id="nine"),
        pytest.param(madrid(2, "17:59"), madrid(3, "05:00"), {H: madrid(2, "18:59"), E: madrid(2, "19:00")}, id="five"),
        pytest.param(madrid(2, "18:30"), madrid(3, "05:00"), {H: madrid(2, "19:30")}, id="half past six"),
        pytest.param(
            madrid(2, "18:30"), madrid(3, "14:00"), {H: madrid(2, "19:30"), T: madrid(3, "09:00")}, id="asked at six"
        ),
        pytest.param(madrid(2, "20:30"), madrid(3, "14:00"), {T: madrid(3, "09:00")}, id="in an hour it is quiet"),
        pytest.param(madrid(2, "20:30"), madrid(3, "05:00"), {}, id="quiet, and closed before the morning"),
        pytest.param(madrid(2, "09:00"), madrid(2, "10:30"), {}, id="the next one comes soon"),
        pytest.param(
            madrid(28, "20:30"), madrid(29, "14:00"), {T: madrid(29, "09:00")}, id="clocks go forward in that night"
        ),
    ],
)
def test_only_times_at_which_it_can_still_be_answered_are_offered(
    now: datetime, closes: datetime, found: dict[Later, datetime]
) -> None:
    possible = offers(now=now, expires_at=closes, zone=MADRID, quiet=QUIET)

    assert {offer.later: offer.at for offer in possible} == found
    assert [offer.at for offer in possible] == sorted(offer.at for offer in possible)


@pytest.mark.parametrize(
    ("at", "may"),
    [
        pytest.param(madrid(2, "09:00"), False, id="now"),
        pytest.param(madrid(2, "09:01"), True, id="ahead"),
        pytest.param(madrid(2, "22:00"), False, id="in the quiet hours"),
        pytest.param(madrid(3, "04:00"), False, id="too late to answer, and quiet"),
        pytest.param(madrid(2, "09:00") - timedelta(days=9), False, id="long over"),
    ],
)
def test_a_moment_is_looked_at_again_when_it_is_chosen(at: datetime, may: bool) -> None:
    closes = madrid(3, "05:00")

    assert may_come_back(at, now=madrid(2, "09:00"), expires_at=closes, zone=MADRID, quiet=QUIET) is may


@pytest.mark.parametrize(
    ("now", "closes", "next_one", "found"),
    [
        pytest.param(
            madrid(2, "09:00"),
            madrid(3, "05:00"),
            madrid(5, "09:00"),
            {H: madrid(2, "10:00"), E: madrid(2, "19:00"), T: madrid(3, "09:00")},
            id="nine",
        ),
        pytest.param(
            madrid(2, "09:00"),
            madrid(3, "05:00"),
            madrid(3, "09:00"),
            {H: madrid(2, "10:00"), E: madrid(2, "19:00")},
            id="the next one comes then",
        ),
        pytest.param(
            madrid(2, "20:30"), madrid(3, "05:00"), madrid(3, "10:00"), {T: madrid(3, "09:00")}, id="just time enough"
        ),
        pytest.param(madrid(2, "20:30"), madrid(3, "05:00"), madrid(3, "09:59"), {}, id="not time enough"),
        pytest.param(
            madrid(2, "17:30"),
            madrid(2, "18:00"),
            madrid(5, "09:00"),
            {T: madrid(3, "09:00")},
            id="this evening is beyond its window, and only tomorrow lengthens it",
        ),
    ],
)
def test_tomorrow_is_offered_as_long_as_it_does_not_run_into_the_next_one(
    now: datetime, closes: datetime, next_one: datetime, found: dict[Later, datetime]
) -> None:
    possible = offers(now=now, expires_at=closes, zone=MADRID, quiet=QUIET, longest=next_one)

    assert {offer.later: offer.at for offer in possible} == found


@pytest.mark.parametrize(
    ("at", "longest", "closes"),
    [
        pytest.param(madrid(3, "09:00"), madrid(5, "09:00"), madrid(3, "17:00"), id="a day of its own"),
        pytest.param(madrid(3, "09:00"), madrid(3, "12:00"), madrid(3, "12:00"), id="until the next one"),
        pytest.param(madrid(2, "19:00"), madrid(5, "09:00"), madrid(3, "05:00"), id="this evening lengthens nothing"),
        pytest.param(madrid(3, "09:00"), None, madrid(3, "05:00"), id="nothing may be lengthened"),
        pytest.param(madrid(3, "09:00"), madrid(2, "12:00"), madrid(3, "05:00"), id="and it is never shortened"),
    ],
)
def test_a_window_is_lengthened_for_tomorrow_alone(at: datetime, longest: datetime | None, closes: datetime) -> None:
    assert window(at, expires_at=madrid(3, "05:00"), zone=MADRID, longest=longest) == closes
