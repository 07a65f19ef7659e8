"""Over 800 days, in zones with every kind of clock change, each check-in comes once in its local slot."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance.cadence import Cadence, Due, next_due

THREE_SLOTS = (time(2, 30), time(9), time(23, 30))
A_DAY = timedelta(days=1)


@settings(deadline=None, max_examples=4)  # every zone there is: see test_programme_everywhere
@given(
    zone=st.sampled_from(
        [
            "Africa/Cairo",  # forward at midnight
            "Africa/Casablanca",  # back for Ramadan
            "America/Asuncion",
            "America/Havana",  # forward at midnight
            "America/New_York",
            "America/Nuuk",  # changes on the evening before
            "America/Santiago",
            "America/St_Johns",
            "Antarctica/Troll",  # two hours
            "Asia/Beirut",  # forward at midnight
            "Asia/Kathmandu",
            "Atlantic/Azores",
            "Australia/Lord_Howe",
            "Europe/London",
            "Europe/Madrid",
            "Pacific/Chatham",
            "Pacific/Kiritimati",
        ]
    ),
    starts_on=st.dates(date(2024, 1, 1), date(2028, 1, 1)),
)
@example(zone="Pacific/Apia", starts_on=date(2010, 9, 1))  # the date line moves
@example(zone="Europe/Madrid", starts_on=date(2025, 1, 1))
@example(zone="Australia/Lord_Howe", starts_on=date(2025, 1, 1))
def test_over_800_days_nothing_is_missed_and_nothing_doubled(zone: str, starts_on: date) -> None:
    cadence = Cadence(rules=("FREQ=DAILY",), at=THREE_SLOTS, starts_on=starts_on)
    begins = datetime.combine(starts_on, time(0), tzinfo=UTC) - 2 * A_DAY
    asked: list[Due] = []
    moment = begins

    while (found := next_due(cadence, zone=zone, after=moment)) and found.due_at < begins + 800 * A_DAY:
        asked.append(found)
        moment = found.due_at

    assert asked == list(read_off_the_wall(zone, starts_on, begins=begins, ends=begins + 800 * A_DAY))


def read_off_the_wall(zone: str, starts_on: date, *, begins: datetime, ends: datetime) -> Iterator[Due]:
    """An oracle that knows nothing of rules: walk through real time and look at the clock on the wall.

    A step of a quarter of an hour meets every change of clocks and every slot, since all lie on quarters.
    """
    clock = ZoneInfo(zone)
    wanted = (datetime.combine(starts_on + day * A_DAY, at) for day in range(803) for at in THREE_SLOTS)
    slot = next(wanted)
    moment = begins
    while moment < ends:
        wall = moment.astimezone(clock).replace(tzinfo=None)
        reached = slot
        while wall >= slot:
            slot = next(wanted)
        if slot != reached:
            yield Due(local_date=reached.date(), slot=f"{reached:%H:%M}", due_at=moment)
        moment += timedelta(minutes=15)
