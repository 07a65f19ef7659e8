"""A clinician's hour and working days: when the next digest comes."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from alliance.local_time import instant, local_day

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as RFC 5545 names them
OFFERED_HOURS = ("07:00", "08:00", "09:00", "12:00", "16:00", "18:00")  # with one tap; any other can be written
_A_WEEK_AND_A_DAY = 8  # every working week has a working day within them


class NotADay(ValueError):
    """Working days are written as MO,TU,WE,TH,FR, at least one of them."""


def parse_days(words: str) -> str:
    """Working days in the order of the week, each once; raises NotADay for anything else or none."""
    named = {word.strip().upper() for word in words.split(",")}
    if not named or not named <= set(DAYS):
        raise NotADay(NotADay.__doc__)
    return ",".join(day for day in DAYS if day in named)


def with_day_changed(days: Collection[str], day: str) -> str | None:
    """The working days with that one added, or taken out; None when none would be left."""
    changed = set(days) ^ {day}
    return ",".join(one for one in DAYS if one in changed) or None


def next_morning(
    *, at: time, days: Collection[str], zone: str, after: datetime, not_before: date | None = None
) -> tuple[datetime, date] | None:
    """The first moment after ``after`` at which the clock there shows ``at`` on a working day, and that day.

    Days before ``not_before`` are passed over: they have had their digest. None without a working day.
    """
    first = local_day(after, zone)
    if not_before is not None:
        first = max(first, not_before)
    for ahead in range(_A_WEEK_AND_A_DAY):
        day = first + timedelta(days=ahead)
        due = instant(day, at, zone)
        if due > after and DAYS[day.weekday()] in days:
            return due, day
    return None
