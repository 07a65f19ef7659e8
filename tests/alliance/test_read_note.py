"""When a patient hears that something was read: in waking hours, out of quiet ones, never as an echo of the reading."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.local_time import QuietHours, local_time
from alliance.read_note import WAKING_FROM, WAKING_UNTIL, when_told

MADRID = "Europe/Madrid"
NIGHT = QuietHours(start=time(21), end=time(8))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
zones = st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"])


def madrid(day: int, hour: int, minute: int = 0) -> datetime:
    """In winter: an hour ahead of UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "quiet", "told"),
    [
        pytest.param(madrid(3, 8), (NIGHT,), madrid(3, 17, 30), id="read in the morning"),
        pytest.param(madrid(3, 17, 29), (NIGHT,), madrid(3, 17, 30), id="read just before"),
        pytest.param(madrid(3, 17, 30), (NIGHT,), madrid(4, 17, 30), id="read at that minute: tomorrow"),
        pytest.param(madrid(3, 23), (NIGHT,), madrid(4, 17, 30), id="read at night"),
        pytest.param(
            madrid(3, 8), (NIGHT, QuietHours(start=time(17), end=time(19))), madrid(3, 19), id="a quiet afternoon"
        ),
        pytest.param(
            madrid(3, 12), (NIGHT, QuietHours(start=time(16), end=time(8))), madrid(4, 9), id="quiet from four on"
        ),
        pytest.param(
            madrid(3, 8), (NIGHT, QuietHours(start=time(8), end=time(20, 30))), None, id="quiet in all waking hours"
        ),
    ],
)
def test_when_it_is_told(now: datetime, quiet: tuple[QuietHours, ...], told: datetime | None) -> None:
    assert when_told(now, zone=MADRID, quiet=quiet) == told


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    start=times,
    end=times,
    zone=zones,
)  # Hypothesis adds the zone
def test_it_is_never_told_at_night_in_quiet_hours_or_in_the_past(
    now: datetime, start: time, end: time, zone: str
) -> None:
    own = (QuietHours(start=start, end=end),) if start != end else ()

    told = when_told(now, zone=zone, quiet=own)

    if told is None:
        assert own
        return
    at = local_time(told, zone)
    assert told > now
    assert WAKING_FROM <= at <= WAKING_UNTIL
    is_quiet = any(q.start <= at < q.end if q.start < q.end else at >= q.start or at < q.end for q in own)
    assert not is_quiet
