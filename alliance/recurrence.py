"""One recurrence rule (RFC 5545, 3.3.10) and the calendar days it falls on.

python-dateutil expands the rules; three of its habits are kept away from us here. It counts from the first
day, so it is started in the period that is asked about. It never gives up on a rule that cannot fire, so a
rule is tried first where its calendar ends soon. It takes a first week as beginning on the day it is given,
so it is given the first day of the week.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import dropwhile, islice, takewhile
from types import MappingProxyType
from typing import Literal

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

DAY = timedelta(days=1)
WEEK = 7  # days
YEAR = 12  # months
CALENDAR_REPEATS = 400  # years after which dates, weekdays and leap days all come again
LAST_REPEAT = 9600  # the last multiple of it before dateutil's calendar ends with the year 9999
LOOK_AHEAD = 200  # years, at least, within which a rule must fire


class Frequency(StrEnum):
    """The periods a rule may repeat in. The shortest is a day: times of day are set beside the rule."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule taken apart. Weekdays count from Monday = 0: (4, -1) is the last Friday, (4, 0) any Friday."""

    frequency: Frequency
    interval: int = 1
    week_start: int = 0
    by_month: tuple[int, ...] = ()
    by_week: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_position: tuple[int, ...] = ()
    count: int | None = None  # of days, not of check-ins
    until: date | datetime | None = None  # a day, a wall time without zone, or a moment in UTC


def days(rule: Rule, *, starts_on: date, not_before: date) -> Iterator[date]:
    """The days the rule falls on, ascending, from the later of the two dates on.

    The expansion starts in the period `not_before` lies in, so that a rule ten years old costs what a new one
    does; only COUNT has to be counted from the start. The rule must fire (see `first_day`), or dateutil would
    search to the year 9999. Of UNTIL only the day is judged, with a day to spare when UNTIL is a time in UTC.
    """
    look_from = starts_on if rule.count is not None else max(starts_on, not_before)
    found = _expand(rule, starts_on=starts_on, look_from=look_from)
    if rule.count is not None:
        found = islice(found, rule.count)
    last = _last_day(rule.until)
    return dropwhile(lambda day: day < not_before, takewhile(lambda day: day <= last, found))


def first_day(rule: Rule, *, starts_on: date) -> date | None:
    """The first day the rule falls on, COUNT and UNTIL aside; None when there is none for 200 years.

    The search is moved by whole repeats of the calendar to where dateutil's calendar ends soon, and so is
    bounded: at worst some 200,000 days, a third of a second, and only for a rule that is then refused.
    """
    in_cycle = starts_on.year % CALENDAR_REPEATS
    moved = LAST_REPEAT + in_cycle
    if in_cycle > CALENDAR_REPEATS - LOOK_AHEAD:
        moved -= CALENDAR_REPEATS
    start = starts_on.replace(year=moved)
    found = next(_expand(rule, starts_on=start, look_from=start), None)
    return None if found is None else found.replace(year=found.year - moved + starts_on.year)


def completed(rule: Rule, *, starts_on: date) -> Rule:
    """The rule with the days it leaves open taken from the day it starts on, as the RFC says."""
    if rule.by_week and not rule.by_day:
        return replace(rule, by_day=((starts_on.weekday(), 0),))
    if rule.by_week or rule.by_year_day or rule.by_month_day or rule.by_day:
        return rule
    match rule.frequency:
        case Frequency.DAILY:
            return rule
        case Frequency.WEEKLY:
            return replace(rule, by_day=((starts_on.weekday(), 0),))
        case Frequency.MONTHLY:
            return replace(rule, by_month_day=(starts_on.day,))
        case Frequency.YEARLY:
            months = rule.by_month or (starts_on.month,)
            return replace(rule, by_month=months, by_month_day=(starts_on.day,))


_EXPANDED_AS: Mapping[Frequency, Literal[0, 1, 2, 3]] = MappingProxyType(
    {
        Frequency.DAILY: DAILY,
        Frequency.WEEKLY: WEEKLY,
        Frequency.MONTHLY: MONTHLY,
        Frequency.YEARLY: YEARLY,
    }
)


def _expand(rule: Rule, *, starts_on: date, look_from: date) -> Iterator[date]:
    whole = completed(rule, starts_on=starts_on)
    found = rrule(
        _EXPANDED_AS[whole.frequency],
        dtstart=_period_start(whole, starts_on=starts_on, look_from=look_from),
        interval=whole.interval,
        wkst=whole.week_start,  # dateutil's default is a setting of the whole process
        bymonth=whole.by_month or None,
        byweekno=whole.by_week or None,
        byyearday=whole.by_year_day or None,
        bymonthday=whole.by_month_day or None,
        byweekday=[weekday(day, ordinal or None) for day, ordinal in whole.by_day] or None,
        bysetpos=whole.by_position or None,
    )
    return dropwhile(lambda day: day < starts_on, (moment.date() for moment in found))


def _period_start(rule: Rule, *, starts_on: date, look_from: date) -> date:
    """The first day of the last period of this rule that begins on or before `look_from`."""
    match rule.frequency:
        case Frequency.DAILY:
            return look_from - DAY * ((look_from - starts_on).days % rule.interval)
        case Frequency.WEEKLY:
            first_week = starts_on - DAY * ((starts_on.weekday() - rule.week_start) % WEEK)
            return look_from - DAY * ((look_from - first_week).days % (WEEK * rule.interval))
        case Frequency.MONTHLY:
            month = _months(look_from) - (_months(look_from) - _months(starts_on)) % rule.interval
            return date(month // YEAR, month % YEAR + 1, 1)
        case Frequency.YEARLY:
            return date(look_from.year - (look_from.year - starts_on.year) % rule.interval, 1, 1)


def _months(day: date) -> int:
    return day.year * YEAR + day.month - 1


def _last_day(until: date | datetime | None) -> date:
    if until is None:
        return date.max
    if isinstance(until, datetime):
        # east of Greenwich a moment in UTC may belong to the next day there
        return until.date() + DAY if until.tzinfo else until.date()
    return until
