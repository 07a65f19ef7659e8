"""When a patient's next check-in falls due: recurrence rules, times of day, and the patient's own clock."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import groupby, islice, takewhile
from types import MappingProxyType

from alliance.local_time import instant, local_day
from alliance.recurrence import Rule, days, first_day
from alliance.rule_text import NotACadence, parse_rule, read

__all__ = [
    "PRESETS",
    "Cadence",
    "Due",
    "Held",
    "NotACadence",
    "check_times",
    "dues_between",
    "next_due",
    "parse_rule",
    "parse_times",
    "upcoming",
]

MOST_TIMES = 12  # a day; diary studies stay below, and more would be no check-in
MOST_RULES = 12  # a programme of more says something a person cannot follow
MOST_DUES = 1000  # in one answer: nearly three years of every day; who wants more asks from the last one on
# a due time can lie on the day after its own (skipped midnights, the date line), so the search begins earlier
REACH_BACK = timedelta(days=2)

# what a coordinator picks with one press; the names travel in buttons
PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "weekly": ("FREQ=WEEKLY;BYDAY=MO",),
        "twice_a_week": ("FREQ=WEEKLY;BYDAY=MO,TH",),
        "daily": ("FREQ=DAILY",),
        "every_two_weeks": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cadence:
    """How often and when: the days of any of the rules, at each of the times, from one day on.

    `rules` are RRULE values without DTSTART, `at` local times of whole minutes, ascending, none twice. Raises
    NotACadence when they are not, or when a rule counted from `starts_on` never falls on a day.
    """

    rules: tuple[str, ...]
    at: tuple[time, ...]
    starts_on: date

    def __post_init__(self) -> None:
        """Refuse now what would otherwise be a patient who is silently never asked."""
        if not 1 <= len(self.rules) <= MOST_RULES:
            raise NotACadence(f"a cadence has 1 to {MOST_RULES} rules")
        check_times(self.at)
        for rule in self.rules:
            if first_day(read(rule), starts_on=self.starts_on) is None:
                raise NotACadence(f"counted from {self.starts_on}, {rule} never falls on a day")


class Held(StrEnum):
    """Why a check-in that falls due is written down and not asked."""

    HOLIDAY = "holiday"
    CLOSED = "closed"  # a day on which the clinic asks nobody
    ENOUGH_TODAY = "enough_today"
    ENOUGH_THIS_WEEK = "enough_this_week"


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One check-in: its key (local day and nominal local time, such as 09:00) and the moment, in UTC."""

    local_date: date
    slot: str
    due_at: datetime
    held: Held | None = None  # None: it is asked


def parse_times(text: str) -> tuple[time, ...]:
    """Local times from "09:00,18:30", ascending, each once; raises NotACadence for anything else."""
    found: set[time] = set()
    for word in text.split(","):
        taken = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", word.strip(), flags=re.ASCII)
        if not taken:
            raise NotACadence(f"a time of day looks like 09:00 or 18:30, not {word.strip()!r}")
        found.add(time(int(taken[1]), int(taken[2])))
    times = tuple(sorted(found))
    check_times(times)
    return times


def next_due(cadence: Cadence, *, zone: str, after: datetime) -> Due | None:
    """The first check-in strictly after that moment; None when the cadence has ended.

    Wall-clock time is kept when clocks change; `alliance.local_time` says what skipped and repeated times
    mean. Slots that a skipped hour pushes into one moment are one check-in, under the earliest slot's key. A
    patient who travels west may be offered a slot again: its key, not this function, knows that it was done.
    """
    return next(_dues(cadence, zone=zone, after=after), None)


def dues_between(cadence: Cadence, *, zone: str, after: datetime, until: datetime) -> list[Due]:
    """The check-ins with after < due <= until, ascending; at most the first 1,000."""
    dues = takewhile(lambda due: due.due_at <= until, _dues(cadence, zone=zone, after=after))
    return list(islice(dues, MOST_DUES))


def upcoming(cadence: Cadence, *, zone: str, after: datetime, count: int) -> list[Due]:
    """The next `count` check-ins strictly after that moment; fewer when the cadence ends, at most 1,000."""
    return list(islice(_dues(cadence, zone=zone, after=after), min(count, MOST_DUES)))


def check_times(at: tuple[time, ...]) -> None:
    """Raise NotACadence unless these are whole minutes, in order, each once."""
    if not 1 <= len(at) <= MOST_TIMES:
        raise NotACadence(f"a cadence has 1 to {MOST_TIMES} times a day")
    if list(at) != sorted(set(at)):
        raise NotACadence("times of day are given in order, each once")
    if any(moment.second or moment.microsecond or moment.tzinfo for moment in at):
        raise NotACadence("times of day are whole minutes of the patient's own clock")


def _dues(cadence: Cadence, *, zone: str, after: datetime) -> Iterator[Due]:
    if after.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    search_from = local_day(after, zone) - REACH_BACK
    slots = merge(*(_slots(cadence, read(rule), zone=zone, search_from=search_from) for rule in cadence.rules))
    # a wall time never comes before an earlier wall time, so what shares a moment stands side by side
    for due_at, together in groupby(slots, key=lambda slot: instant(*slot, zone)):
        if due_at > after:
            day, at = next(together)
            yield Due(local_date=day, slot=f"{at:%H:%M}", due_at=due_at)


def _slots(cadence: Cadence, rule: Rule, *, zone: str, search_from: date) -> Iterator[tuple[date, time]]:
    for day in days(rule, starts_on=cadence.starts_on, not_before=search_from):
        for at in cadence.at:
            if not is_over(rule, day, at, zone):
                yield day, at


def is_over(rule: Rule, day: date, at: time, zone: str) -> bool:
    """Whether that slot lies behind the rule's UNTIL; days do already when UNTIL is a day."""
    if not isinstance(rule.until, datetime):
        return False
    if rule.until.tzinfo is None:
        return datetime.combine(day, at) > rule.until
    return instant(day, at, zone) > rule.until.astimezone(UTC)
