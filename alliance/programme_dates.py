"""When a programme asks one patient next: the same answer for whoever sends and for whoever looks ahead."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from heapq import heappop, heappush, merge
from itertools import chain, groupby, islice, takewhile

from alliance.cadence import MOST_DUES, Due, Held, is_over
from alliance.local_time import QuietHours, instant, local_day
from alliance.own_hours import out_of_all
from alliance.programme import ONE_DAY, Phase, Programme, Stretch
from alliance.recurrence import days, first_day
from alliance.rule_text import read

SECOND = timedelta(seconds=1)
# how long after its own day a slot can come: the date line, a skipped night, quiet hours and the spread together
REACH_BACK = timedelta(days=3)
# check-ins in a row that may all be held before nothing more is expected: a year of every hour that may be set
MOST_HELD = 12 * 366


def always_open(_day: date) -> Held | None:
    """Nothing is held on any day."""
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitDay:
    """A visit that was not called off: its day on the patient's clock, and whether it is still to be logged."""

    day: date
    is_planned: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What holds for one patient, whatever the programme says."""

    zone: str
    starts_on: date  # the day from which the first phase counts
    at: tuple[time, ...]  # the hours this patient prefers
    keeps_own_time: bool = False  # their own hour goes before one that a phase names
    not_on: tuple[Stretch, ...] = ()
    most_a_day: int | None = None
    most_a_week: int | None = None
    own_quiet: QuietHours | None = None
    clinic_quiet: QuietHours | None = None  # holds hours that a phase names, not the one a patient has chosen
    visits: tuple[VisitDay, ...] = ()
    flagged_on: date | None = None  # since when a flag is not resolved
    asked: Mapping[date, int] = field(default_factory=dict[date, int])  # this week so far, by day
    why_held: Callable[[date], Held | None] = always_open
    offset: timedelta = timedelta(0)  # this patient's place in the spread


def next_due(programme: Programme, around: Circumstances, *, after: datetime) -> Due | None:
    """The first check-in strictly after that moment, held or not; None when there is none."""
    return next(_dues(programme, around, after=after), None)


def dues_between(programme: Programme, around: Circumstances, *, after: datetime, until: datetime) -> list[Due]:
    """The check-ins with after < due <= until, ascending; at most the first 1,000."""
    dues = takewhile(lambda due: due.due_at <= until, _dues(programme, around, after=after))
    return list(islice(dues, MOST_DUES))


def upcoming(programme: Programme, around: Circumstances, *, after: datetime, count: int) -> tuple[Due, ...]:
    """What falls due after that moment until ``count`` of it are asked; what is held on the way is among them."""
    found: list[Due] = []
    wanted = min(count, MOST_DUES)
    held_in_a_row = 0
    for due in _dues(programme, around, after=after):
        if wanted == 0 or held_in_a_row == MOST_HELD:
            break
        found.append(due)
        wanted, held_in_a_row = (wanted, held_in_a_row + 1) if due.held else (wanted - 1, 0)
    return tuple(found)


def due_of(programme: Programme, around: Circumstances, *, on: date, slot: str) -> Due | None:
    """The check-in of that key, wherever its moment lies; None when the programme has no such one."""
    after = instant(on, time.min, around.zone) - SECOND
    near = takewhile(lambda due: due.local_date <= on, _dues(programme, around, after=after))
    return next((due for due in near if (due.local_date, due.slot) == (on, slot)), None)


def why_held(programme: Programme, around: Circumstances, on: date, *, times: int) -> Held | None:
    """Why nothing more is asked on that local day, given what was asked; ``times`` are those of its phase."""
    reason = around.why_held(on)
    if reason is not None:
        return reason
    a_day = _least(around.most_a_day, programme.most_a_day)
    if around.asked.get(on, 0) >= (max(1, times) if a_day is None else a_day):
        return Held.ENOUGH_TODAY
    a_week = _least(around.most_a_week, programme.most_a_week)
    monday = on - ONE_DAY * on.weekday()
    if a_week is not None and sum(around.asked.get(monday + ONE_DAY * day, 0) for day in range(7)) >= a_week:
        return Held.ENOUGH_THIS_WEEK
    return None


def times_on(programme: Programme, around: Circumstances, on: date) -> int:
    """How many times of day the phase of that day has."""
    for phase, first, end in programme.laid_out(around.starts_on):
        if first <= on and (end is None or on < end):
            return len(_times(phase, around))
    return 1


def _least(*caps: int | None) -> int | None:
    return min((cap for cap in caps if cap is not None), default=None)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class _Slot:
    """A nominal time on a day, before quiet hours and the spread; ``times`` is how many its phase has."""

    day: date
    at: time
    is_own: bool
    times: int


def _dues(programme: Programme, around: Circumstances, *, after: datetime) -> Iterator[Due]:
    if after.tzinfo is None:
        raise ValueError("a moment needs its offset from UTC")
    search_from = local_day(after, around.zone) - REACH_BACK
    asked = dict(around.asked)
    counted = replace(around, asked=asked)
    for due_at, together in groupby(
        _in_order(_slots(programme, around, search_from), around), key=lambda found: found[0]
    ):
        if due_at <= after:
            continue
        slot = min(found[1] for found in together)
        held = why_held(programme, counted, slot.day, times=slot.times)
        if held is None:
            asked[slot.day] = asked.get(slot.day, 0) + 1
        yield Due(local_date=slot.day, slot=f"{slot.at:%H:%M}", due_at=due_at, held=held)


def _in_order(slots: Iterable[_Slot], around: Circumstances) -> Iterator[tuple[datetime, _Slot]]:
    """The moments of the slots, ascending: quiet hours move some past others."""
    waiting: list[tuple[datetime, _Slot]] = []
    for slot in slots:
        nominal = instant(slot.day, slot.at, around.zone)
        while waiting and waiting[0][0] < nominal:  # nothing that follows can come before it
            yield heappop(waiting)
        heappush(waiting, (_moment(slot, nominal, around), slot))
    while waiting:
        yield heappop(waiting)


def _moment(slot: _Slot, nominal: datetime, around: Circumstances) -> datetime:
    """When it is asked: out of the hours that hold it, and in this patient's place among those of that hour."""
    own = (around.own_quiet,) if around.own_quiet else ()
    clinic = (around.clinic_quiet,) if around.clinic_quiet and not slot.is_own else ()
    quiet = own + clinic
    moment = out_of_all(nominal, around.zone, quiet) if quiet else nominal
    return _spread(moment, around, quiet) if around.offset else moment


def _spread(moment: datetime, around: Circumstances, quiet: tuple[QuietHours, ...]) -> datetime:
    """Later by this patient's offset, but never into the next quiet hours: then just before them."""
    reached = moment + around.offset
    day = local_day(moment, around.zone)
    for each in quiet:
        begins = (instant(on, each.start, around.zone) for on in (day, day + ONE_DAY))
        reached = min([reached, *(start - SECOND for start in begins if moment < start <= reached)])
    return max(moment, reached)


def _slots(programme: Programme, around: Circumstances, search_from: date) -> Iterator[_Slot]:
    """The slots of all phases, ascending, each once; rhythms that two rules share come up once."""
    found = chain.from_iterable(
        merge(*_rhythms(programme, phase, around, first=first, end=end, search_from=search_from))
        for phase, first, end in programme.laid_out(around.starts_on)
        if end is None or end > search_from
    )
    left_out = (*programme.not_on, *around.not_on)
    for slot, _ in groupby(found):
        if not any(slot.day in stretch for stretch in left_out) and not _near_visit(programme, around, slot.day):
            yield slot


def _near_visit(programme: Programme, around: Circumstances, day: date) -> bool:
    away = programme.away_from_visits
    return away is not None and any(abs((day - visit.day).days) <= away for visit in around.visits)


def _rhythms(
    programme: Programme, phase: Phase, around: Circumstances, *, first: date, end: date | None, search_from: date
) -> Iterator[Iterator[_Slot]]:
    last = end - ONE_DAY if end else date.max
    for rule in phase.rules:
        if fires(rule, first):
            found = days(read(rule), starts_on=first, not_before=search_from)
            yield _slots_on(found, phase, around, last=last, rule=rule)
    if phase.visits:
        found = (day for day in _visit_days(phase, around) if day >= max(first, search_from))
        yield _slots_on(found, phase, around, last=last)
    if around.flagged_on is None:
        return
    since = max(first, around.flagged_on)
    for rule in programme.after_flag:
        if fires(rule, since):
            found = days(read(rule), starts_on=since, not_before=search_from)
            yield _slots_on(found, phase, around, last=last, rule=rule)


def _slots_on(
    found: Iterable[date], phase: Phase, around: Circumstances, *, last: date, rule: str | None = None
) -> Iterator[_Slot]:
    times, is_own = _times(phase, around), not phase.at or around.keeps_own_time
    for day in takewhile(lambda day: day <= last, found):
        for at in times:
            if rule is None or not is_over(read(rule), day, at, around.zone):
                yield _Slot(day=day, at=at, is_own=is_own, times=len(times))


def _times(phase: Phase, around: Circumstances) -> tuple[time, ...]:
    return around.at if around.keeps_own_time and around.at else phase.at or around.at


def _visit_days(phase: Phase, around: Circumstances) -> list[date]:
    """After every visit that was not called off, and before those that are still to be logged."""
    return sorted(
        {
            visit.day + ONE_DAY * offset
            for visit in around.visits
            for offset in phase.visits
            if offset > 0 or visit.is_planned
        }
    )


@lru_cache(maxsize=4096)  # a clinic has a handful of rules, and as many first days as patients
def fires(rule: str, starts_on: date) -> bool:
    """Whether the rule, counted from that day, ever falls on one; without an interval it always does."""
    return read(rule).interval == 1 or first_day(read(rule), starts_on=starts_on) is not None
