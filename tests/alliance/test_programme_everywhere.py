"""In every zone there is, over 800 days, a programme asks just when an oracle that knows no rules says it does.

The oracle walks from day to day with predicates in the place of rules, and from quarter to quarter of an hour with its
eyes on the wall in the place of arithmetic: every change of clocks lies on a quarter, and so does every time here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from alliance.cadence import MOST_DUES, Due, Held
from alliance.local_time import QuietHours, known_zone
from alliance.programme_dates import Circumstances, VisitDay, dues_between, next_due
from alliance.programme_reading import read_programme

A_DAY = timedelta(days=1)
A_QUARTER = timedelta(minutes=15)
A_SECOND = timedelta(seconds=1)
BEGINS_ON = date(2025, 1, 6)  # a Monday
ENDS_ON = BEGINS_ON + 800 * A_DAY
NOON = (time(12),)
ZONES = sorted(zone for zone in available_timezones() if known_zone(zone))
CLINIC, OWN = QuietHours(start=time(21), end=time(8)), QuietHours(start=time(22, 30), end=time(7, 30))
VISITS = tuple(BEGINS_ON + days * A_DAY for days in (9, 40, 41, 200, 399, 640))

Falls = Callable[[date, date], bool]  # whether a day is one, in a phase that began on the other


@dataclass(frozen=True, kw_only=True)
class Told:
    """One programme twice: in words for the engine, and as the oracle sees it."""

    words: str
    phases: tuple[tuple[Falls, date | None, tuple[time, ...]], ...]  # days, the first day after them, times (own: none)
    is_left_out: Callable[[date], bool] = lambda _day: False
    most_a_week: int | None = None


def _weekly(*weekdays: int, every: int = 1) -> Falls:
    def falls(day: date, first: date) -> bool:
        monday = first - first.weekday() * A_DAY
        return day.weekday() in weekdays and (day - monday).days // 7 % every == 0

    return falls


def _every(number: int) -> Falls:
    return lambda day, first: (day - first).days % number == 0


def _near_a_visit(day: date) -> bool:
    return any(abs((day - visit).days) <= 1 for visit in VISITS)


TOLD = (
    Told(
        words="weekly on Friday, Saturday and Sunday at 00:00, 02:30 and 23:30",  # when clocks are changed
        phases=((_weekly(4, 5, 6), None, (time(0), time(2, 30), time(23, 30))),),
    ),
    Told(
        words="daily for two weeks, twice a week for two months, then every two weeks on Monday",
        phases=(
            (_every(1), BEGINS_ON + 14 * A_DAY, ()),
            (_weekly(0, 3), date(2025, 3, 20), ()),
            (_weekly(0, every=2), None, ()),
        ),
    ),
    Told(
        words="monthly on the last Friday and monthly on the 31st at 01:15; not on from 20 June 2025 to 2 August 2025",
        phases=(
            (
                lambda day, _: day.day == 31 or (day.weekday() == 4 and (day + 7 * A_DAY).month != day.month),
                None,
                (time(1, 15),),
            ),
        ),
        is_left_out=lambda day: date(2025, 6, 20) <= day <= date(2025, 8, 2),
    ),
    Told(
        words="every three days and two days after each visit at 02:00 and 14:00; never within one day of a visit",
        phases=(
            (
                lambda day, first: _every(3)(day, first) or day - 2 * A_DAY in VISITS,
                None,
                (time(2), time(14)),
            ),
        ),
        is_left_out=_near_a_visit,
    ),
    Told(words="weekdays; at most three a week", phases=((_weekly(0, 1, 2, 3, 4), None, ()),), most_a_week=3),
)
SPREADS = (timedelta(0), timedelta(minutes=7, seconds=13), timedelta(minutes=45))


def _shown(zone: str) -> tuple[object, ...]:
    """What a clock there shows over the 800 days: on most days its offset at midnight says it all."""
    clock = ZoneInfo(zone)
    midnights = [datetime.combine(BEGINS_ON + day * A_DAY, time(0), tzinfo=UTC) for day in range(-4, 806)]
    offsets = [moment.astimezone(clock).utcoffset() for moment in midnights]
    changing = [
        moment for moment, offset, after in zip(midnights, offsets, offsets[1:], strict=False) if offset != after
    ]
    quarters = [
        (moment + A_QUARTER * number).astimezone(clock).utcoffset() for moment in changing for number in range(96)
    ]
    return (*offsets, *quarters)


@pytest.fixture(scope="module")
def clocks() -> list[list[str]]:
    """Every zone there is; those whose clocks show the same all the time stand together."""
    found: dict[tuple[object, ...], list[str]] = {}
    for zone in ZONES:
        found.setdefault(_shown(zone), []).append(zone)
    return list(found.values())


def test_nothing_is_missed_nothing_doubled_and_nothing_comes_in_quiet_hours(clocks: list[list[str]]) -> None:
    for number, (zone, *_) in enumerate(clocks):
        around = _somebody(zone, number)
        for told in (TOLD[0], TOLD[1 + number % (len(TOLD) - 1)]):
            expected = list(_oracle(told, around))

            assert _asked(told, around) == expected, zone
            assert len({(due.local_date, due.slot) for due in expected}) == len(expected)


def test_a_zone_by_any_of_its_names_is_the_same(clocks: list[list[str]]) -> None:
    programme, moment = read_programme(TOLD[0].words), datetime(2026, 3, 27, tzinfo=UTC)

    for number, zones in enumerate(clocks):
        assert len({next_due(programme, _somebody(zone, number), after=moment) for zone in zones}) == 1
    assert sum(map(len, clocks)) == len(ZONES)


def _somebody(zone: str, number: int) -> Circumstances:
    """Somebody there; the number makes hours, quiet hours and the place in the spread differ."""
    return Circumstances(
        zone=zone,
        starts_on=BEGINS_ON,
        at=NOON if number % 2 else (time(22, 45),),
        own_quiet=OWN if number % 3 == 0 else None,
        clinic_quiet=CLINIC,
        visits=tuple(VisitDay(day=day, is_planned=True) for day in VISITS),
        offset=SPREADS[number // 2 % len(SPREADS)],
    )


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Australia/Lord_Howe", "America/Santiago", "Africa/Casablanca"])
def test_asked_one_after_the_other_they_are_the_same_as_all_together(zone: str) -> None:
    around = Circumstances(zone=zone, starts_on=BEGINS_ON, at=NOON, own_quiet=OWN, offset=SPREADS[1])
    programme = read_programme(TOLD[0].words)
    moment = datetime.combine(date(2025, 9, 1), time(0), tzinfo=UTC)
    together = dues_between(programme, around, after=moment, until=moment + 100 * A_DAY)

    one_by_one: list[Due] = []
    while (due := next_due(programme, around, after=moment)) and due.due_at <= together[-1].due_at:
        one_by_one.append(due)
        moment = due.due_at

    assert one_by_one == together


def _asked(told: Told, around: Circumstances) -> list[Due]:
    programme = read_programme(told.words)
    after = datetime.combine(BEGINS_ON - 3 * A_DAY, time(0), tzinfo=UTC)
    until = datetime.combine(ENDS_ON + 3 * A_DAY, time(0), tzinfo=UTC)
    found: list[Due] = []
    while some := dues_between(programme, around, after=after, until=until):
        found += some
        after = some[-1].due_at
        if len(some) < MOST_DUES:
            break
    return [due for due in found if due.local_date < ENDS_ON]


def _oracle(told: Told, around: Circumstances) -> Iterator[Due]:
    wall = _Wall(around.zone)
    per_week: dict[tuple[int, int], int] = {}
    per_day: dict[date, int] = {}
    last: datetime | None = None
    for day, at, is_own, times in _slots(told, around):
        quiet = [hours for hours in (around.own_quiet, None if is_own else around.clinic_quiet) if hours]
        moment = _spread(wall, _welcome(wall, wall.reaches(datetime.combine(day, at)), quiet), quiet, around.offset)
        if moment == last:
            continue  # pushed into one moment, they are one check-in
        last = moment
        week = day.isocalendar()[:2]
        held = None
        if per_day.get(day, 0) >= times:
            held = Held.ENOUGH_TODAY
        elif told.most_a_week is not None and per_week.get(week, 0) >= told.most_a_week:
            held = Held.ENOUGH_THIS_WEEK
        else:
            per_day[day] = per_day.get(day, 0) + 1
            per_week[week] = per_week.get(week, 0) + 1
        yield Due(local_date=day, slot=f"{at:%H:%M}", due_at=moment, held=held)


def _slots(told: Told, around: Circumstances) -> Iterator[tuple[date, time, bool, int]]:
    first = BEGINS_ON
    for falls, end, named in told.phases:
        times = named or around.at
        day = first
        while day < (end or ENDS_ON):
            if falls(day, first) and not told.is_left_out(day):
                yield from ((day, at, not named, len(times)) for at in times)
            day += A_DAY
        first = end or first


class _Wall:
    """A clock on the wall in one zone, which can only be looked at."""

    def __init__(self, zone: str) -> None:
        self._clock = ZoneInfo(zone)
        self._midnights = {
            day: self._offset(datetime.combine(day, time(0), tzinfo=UTC))
            for day in (BEGINS_ON + number * A_DAY for number in range(-4, 806))
        }

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self._clock).utcoffset() or timedelta(0)

    def shows(self, moment: datetime) -> datetime:
        return moment.astimezone(self._clock).replace(tzinfo=None)

    def reaches(self, wanted: datetime) -> datetime:
        """The first moment at which it shows that time or a later one."""
        near = {self._midnights[wanted.date() + number * A_DAY] for number in range(-2, 4)}
        if len(near) == 1:  # no change of clocks for days around
            return (wanted - near.pop()).replace(tzinfo=UTC)
        moment = (wanted - timedelta(hours=15)).replace(tzinfo=UTC)
        while self.shows(moment) < wanted:
            moment += A_QUARTER
        return moment


def _is_quiet(at: time, hours: list[QuietHours]) -> bool:
    return any(
        each.start <= at < each.end if each.start < each.end else at >= each.start or at < each.end for each in hours
    )


def _welcome(wall: _Wall, moment: datetime, quiet: list[QuietHours]) -> datetime:
    while _is_quiet(wall.shows(moment).time(), quiet):
        moment += A_QUARTER
    return moment


def _spread(wall: _Wall, moment: datetime, quiet: list[QuietHours], offset: timedelta) -> datetime:
    quarter = moment + A_QUARTER
    while quarter <= moment + offset:
        if _is_quiet(wall.shows(quarter).time(), quiet):
            return quarter - A_SECOND
        quarter += A_QUARTER
    return moment + offset
