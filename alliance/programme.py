"""A programme: phases of rhythms one after the other, and what the days around visits and the calendar allow."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from alliance.cadence import MOST_RULES, check_times
from alliance.recurrence import Frequency, Rule, days
from alliance.rule_text import NotACadence, read, write

MOST_PHASES = 12
MOST_STRETCHES = 60  # days off that are named one by one; more is a calendar of its own
FARTHEST_FROM_VISIT = 60  # days; further away nobody thinks of that visit
LONGEST = 1000  # of the periods that a phase lasts
HIGHEST_CAP = 100  # check-ins in a week
ONE_DAY = timedelta(days=1)
_WHOLE_WEEK = tuple((day, 0) for day in range(7))
_SAID_POSITIONS = frozenset({1, 2, 3, 4, 5, -1, -2})  # those that have a word


class NotAProgramme(NotACadence):
    """Phases that cannot stand together; the message says which and why in one sentence."""


class Span(StrEnum):
    """What the length of a phase is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lasting:
    """How long a phase lasts, from its first day on."""

    number: int
    span: Span

    def __post_init__(self) -> None:
        """Refuse a length that is none."""
        if not 1 <= self.number <= LONGEST:
            raise NotAProgramme(f"a phase lasts 1 to {LONGEST} days, weeks or months")

    def after(self, first: date) -> date:
        """The first day on which it is over; a month from 31 January is over on the last day of February."""
        match self.span:
            case Span.DAY:
                return first + timedelta(days=self.number)
            case Span.WEEK:
                return first + timedelta(weeks=self.number)
            case Span.MONTH:
                return first + relativedelta(months=self.number)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Stretch:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse days in the wrong order."""
        if self.last < self.first:
            raise NotAProgramme(f"{self.last} comes before {self.first}")

    def __contains__(self, day: date) -> bool:
        """Whether that day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """One rhythm for a while: days of any of the rules, and days around visits.

    ``rules`` are RRULE values counted from the first day of the phase; ``visits`` days after (positive) or before
    (negative) each visit; without ``at`` the patient's own hour counts. ``until`` is the last day; a phase without
    ``lasts`` and ``until`` goes on for good. Rules are kept in the one form that can be said; raises NotACadence.
    """

    rules: tuple[str, ...] = ()
    visits: tuple[int, ...] = ()
    at: tuple[time, ...] = ()
    lasts: Lasting | None = None
    starts_on: date | None = None  # None: where the one before ends, or the first day of the patient
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what never asks anything, and what ends twice."""
        if not self.rules and not self.visits:
            raise NotAProgramme("a phase says on which days to ask")
        if len(self.rules) > MOST_RULES:
            raise NotAProgramme(f"a phase has at most {MOST_RULES} rules")
        if self.at:
            check_times(self.at)
        if self.lasts is not None and self.until is not None:
            raise NotAProgramme("a phase ends once: give its length or its last day, not both")
        if self.starts_on and self.until and self.until < self.starts_on:
            raise NotAProgramme(f"a phase cannot end on {self.until}, before it begins on {self.starts_on}")
        if any(not 1 <= abs(offset) <= FARTHEST_FROM_VISIT for offset in self.visits):
            raise NotAProgramme(f"a day around a visit lies 1 to {FARTHEST_FROM_VISIT} days from it")
        object.__setattr__(self, "rules", tuple(dict.fromkeys(sayable(rule) for rule in self.rules)))
        object.__setattr__(self, "visits", tuple(dict.fromkeys(self.visits)))
        if self.starts_on is not None:
            _refuse_an_empty_one(self, self.starts_on)

    def end(self, first: date) -> date | None:
        """The first day after a phase that began on ``first``; None when it goes on for good."""
        if self.lasts is not None:
            return self.lasts.after(first)
        return None if self.until is None else max(first, self.until + ONE_DAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Programme:
    """Phases in their order, and what holds in all of them. Raises NotAProgramme for what cannot stand together."""

    phases: tuple[Phase, ...]
    away_from_visits: int | None = None  # days before and after each visit on which nothing is asked
    not_on: tuple[Stretch, ...] = ()
    most_a_day: int | None = None  # None: as many as the phase has times
    most_a_week: int | None = None  # from Monday to Sunday
    after_flag: tuple[str, ...] = ()  # rules that are added while a flag of the patient is not resolved

    def __post_init__(self) -> None:
        """Refuse phases that overlap or are never reached, and rhythms that every visit would swallow."""
        if not 1 <= len(self.phases) <= MOST_PHASES:
            raise NotAProgramme(f"a programme has 1 to {MOST_PHASES} phases")
        if len(self.not_on) > MOST_STRETCHES:
            raise NotAProgramme(f"at most {MOST_STRETCHES} days or stretches can be left out")
        for number, phase in enumerate(self.phases[:-1], start=1):
            if phase.lasts is None and phase.until is None:
                raise NotAProgramme(f"phase {number} has no end, so phase {number + 1} would never begin")
        _refuse_overlaps(self.phases)
        _refuse_what_visits_swallow(self)
        for cap, name in ((self.most_a_day, "a day"), (self.most_a_week, "a week")):
            if cap is not None and not 1 <= cap <= HIGHEST_CAP:
                raise NotAProgramme(f"at most 1 to {HIGHEST_CAP} check-ins {name} can be set")
        object.__setattr__(self, "not_on", tuple(sorted(set(self.not_on))))
        object.__setattr__(self, "after_flag", tuple(dict.fromkeys(sayable(rule) for rule in self.after_flag)))

    def laid_out(self, starts_on: date) -> Iterator[tuple[Phase, date, date | None]]:
        """Each phase with its first day and the first day after it, for somebody counted from that day.

        Where a phase has a day of its own to begin on and the one before is not over, it waits for it to be over.
        """
        first = starts_on
        for phase in self.phases:
            first = max(first, phase.starts_on) if phase.starts_on else first
            end = phase.end(first)
            yield phase, first, end
            if end is None:
                return
            first = end

    @property
    def needs_visits(self) -> bool:
        """Whether its days depend on the patient's visits."""
        return self.away_from_visits is not None or any(phase.visits for phase in self.phases)


def sayable(rule: str) -> str:
    """The rule in the one form that can be said and read back; other forms of the same days become it."""
    return write(_plain(read(rule)))


def _plain(rule: Rule) -> Rule:
    if not rule.by_week and not (rule.frequency is Frequency.WEEKLY and rule.interval > 1):
        rule = replace(rule, week_start=0)  # it makes no difference then
    every_week = rule.frequency is Frequency.WEEKLY and rule.interval == 1
    if every_week and rule.by_day == _WHOLE_WEEK and not rule.by_position:
        return replace(rule, frequency=Frequency.DAILY, by_day=())
    counted = len(rule.by_day) == 1 and rule.by_position and set(rule.by_position) <= _SAID_POSITIONS
    if rule.frequency is Frequency.MONTHLY and counted and not rule.by_day[0][1] and not rule.by_month_day:
        day = rule.by_day[0][0]
        return replace(rule, by_day=tuple(sorted((day, nth) for nth in rule.by_position)), by_position=())
    return rule


def _refuse_overlaps(phases: tuple[Phase, ...]) -> None:
    end: date | None = None
    for number, (before, after) in enumerate(pairwise(phases), start=1):
        begins = max(before.starts_on or date.min, end or date.min)
        known = before.starts_on is not None or end is not None
        end = before.end(begins) if known or before.until is not None else None
        if after.starts_on is not None and end is not None and after.starts_on < end:
            last = end - ONE_DAY
            raise NotAProgramme(
                f"phase {number + 1} begins on {after.starts_on}, but phase {number} lasts until {last}"
            )
        if after.until is not None and end is not None and after.until < end:
            raise NotAProgramme(f"phase {number + 1} ends on {after.until}, before it could begin on {end}")


def _refuse_what_visits_swallow(programme: Programme) -> None:
    away = programme.away_from_visits
    if away is None:
        return
    if not 1 <= away <= FARTHEST_FROM_VISIT:
        raise NotAProgramme(f"days kept free around a visit are 1 to {FARTHEST_FROM_VISIT}")
    for phase in programme.phases:
        swallowed = [offset for offset in phase.visits if abs(offset) <= away]
        if swallowed:
            raise NotAProgramme(f"{abs(swallowed[0])} days from a visit is never asked: {away} days around it are free")


def _refuse_an_empty_one(phase: Phase, first: date) -> None:
    end = phase.end(first)
    if phase.visits or end is None:
        return
    found = (next(days(read(rule), starts_on=first, not_before=first), None) for rule in phase.rules)
    if not any(day is not None and day < end for day in found):
        raise NotAProgramme(f"from {first} until {end - ONE_DAY} none of its rules falls on a day")
