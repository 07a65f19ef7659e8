"""A visit: where it stands, when it may be planned, when its brief comes, and how its time is written."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from alliance.local_time import instant, local_day
from alliance.own_hours import read_time
from alliance.pause_words import read_pause_end

FARTHEST_AHEAD = timedelta(days=730)  # two years; what is later is a slip of the pen
BRIEF_BEFORE = timedelta(hours=1)  # at the latest, when a visit is earlier than the clinician's hour
ONE_DAY = timedelta(days=1)
NEARLY_A_YEAR = timedelta(days=364)
_TODAY = frozenset({"today", "hoy"})
_BETWEEN = ("at", "a", "las", "la")  # the words between a day and an hour


class VisitState(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    DONE = "done"
    CANCELLED = "cancelled"


class NoSuchTime(ValueError):
    """The clocks of that zone skip that time on that day."""


def brief_due(starts_at: datetime, *, zone: str, at: time) -> datetime:
    """When the brief of a visit falls due: the morning of that day at the clinician's hour, or an hour before it.

    ``zone`` is the clinician's; the result is in UTC.
    """
    hour = instant(local_day(starts_at, zone), at, zone)
    return min(hour, starts_at - BRIEF_BEFORE)


def read_start(words: str, *, zone: str, now: datetime, day_comes_first: bool = True) -> datetime | None:
    """The moment, in UTC, at which somebody says that a visit starts; None when nobody can say.

    Understood are ISO 8601 with or without an offset, and a day as people write it before a time of day
    (``tomorrow 10:00``, ``3 March at 4 pm``, ``el martes a las 9``). Without an offset the clocks of ``zone`` count;
    a time that happens twice means the first. Raises NoSuchTime for one that does not exist.
    """
    written = " ".join(words.split())
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return _in_words(written, zone=zone, now=now, day_comes_first=day_comes_first)
    if moment.tzinfo is not None:
        return _in_utc(moment)
    if len(written) <= len("2026-03-02"):
        return None  # a day alone is no time
    return _on_the_wall(moment.date(), moment.time(), zone)


def _in_words(written: str, *, zone: str, now: datetime, day_comes_first: bool) -> datetime | None:
    """The longest end that is a time of day, and before it a day."""
    parts = written.split()
    for first in range(1, len(parts)):
        at = read_time(" ".join(parts[first:]))
        if at is None:
            continue
        before = parts[:first]
        while before and before[-1].casefold() in _BETWEEN:
            before.pop()
        day = _day(" ".join(before), today=local_day(now, zone), day_comes_first=day_comes_first)
        if day is not None:
            return _on_the_wall(day, time.fromisoformat(at), zone)
    return None


def _day(words: str, *, today: date, day_comes_first: bool) -> date | None:
    if words.casefold() in _TODAY:
        return today
    if words.isdigit():
        return None  # a number of days is no day of a visit
    ahead = read_pause_end(words, today=today, day_comes_first=day_comes_first)
    from_yesterday = read_pause_end(words, today=today - ONE_DAY, day_comes_first=day_comes_first)
    is_today = from_yesterday == today and (ahead is None or ahead - today >= NEARLY_A_YEAR)
    return today if is_today else ahead  # a date that is today's means today, not the next time it comes


def _on_the_wall(day: date, at: time, zone: str) -> datetime | None:
    try:
        moment = instant(day, at, zone)
    except OverflowError:
        return None
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) != datetime.combine(day, at):
        raise NoSuchTime
    return moment


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return None
