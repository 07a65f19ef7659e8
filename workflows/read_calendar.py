"""A calendar file is taken apart: its events, and those that nobody can use, each with its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, cast
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar.cal.component import Component
from icalendar.prop.broken import vBroken

from alliance.cadence import NotACadence
from alliance.calendar_events import Event, Matching, Start
from alliance.recurrence import Rule
from alliance.rule_text import read

LARGEST_CALENDAR = 5 * 1024 * 1024  # bytes; some ten thousand events
MOST_EVENTS = 20_000
WHOLE = frozenset({"", "PUBLISH"})  # METHODs of a calendar that holds everything there is


class BrokenCalendar(ValueError):
    """A file that is no calendar we can read; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unusable:
    """An event that cannot be used, with the line on which it begins and the reason in one sentence."""

    line: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Feed:
    """What a calendar holds; one that is whole lacks an event only where there is none any more."""

    events: tuple[Event, ...]
    unusable: tuple[Unusable, ...]
    is_whole: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How a calendar is read: where ids stand, the clock where no zone is named, and the hour of whole days."""

    matching: Matching
    zone: str
    all_day_at: time | None = None


class _Unreadable(ValueError):
    """An event that cannot be used; the message says why."""


def read_calendar(raw: bytes, reading: Reading) -> Feed:
    """Read an iCalendar file; raises BrokenCalendar where the file as a whole cannot be used."""
    if len(raw) > LARGEST_CALENDAR:
        raise BrokenCalendar(f"The file is larger than {LARGEST_CALENDAR // 1024**2} MB; a calendar of visits is not.")
    lines = [n for n, line in enumerate(raw.splitlines(), start=1) if line.strip().upper() == b"BEGIN:VEVENT"]
    if len(lines) > MOST_EVENTS:
        raise BrokenCalendar(f"Line {lines[MOST_EVENTS]}: a calendar has {MOST_EVENTS} events at most.")
    try:
        parsed = Calendar.from_ical(raw)
        found = parsed.walk("VEVENT")  # pyright: ignore[reportUnknownMemberType]  # its second parameter is untyped
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what the library raises is not written down
        raise BrokenCalendar(f"This is no iCalendar file: {error}.") from None
    if parsed.name != "VCALENDAR" or len(found) != len(lines):
        raise BrokenCalendar("This is no iCalendar file, or a part of one: an event in it has no end.")
    method = str(_values(parsed, "METHOD")[0]).upper() if _values(parsed, "METHOD") else ""
    events: list[Event] = []
    unusable: list[Unusable] = []
    for line, component in zip(lines, found, strict=True):
        try:
            events.append(_event(component, line, reading, is_cancelled=method == "CANCEL"))
        except (_Unreadable, NotACadence) as error:
            unusable.append(Unusable(line=line, why=f"{error}".removesuffix(".") + "."))
    return Feed(events=tuple(events), unusable=tuple(unusable), is_whole=method in WHOLE)


def _event(component: Component, line: int, reading: Reading, *, is_cancelled: bool) -> Event:
    uid = _text(component, "UID")
    if not uid:
        raise _Unreadable("it has no UID, and nobody could tell whether it is the same one the next time")
    start = _start(component, "DTSTART", reading)
    if start is None:
        raise _Unreadable("it has no DTSTART")
    original = _start(component, "RECURRENCE-ID", reading, like=start)
    if original is not None and "RANGE" in _parameters(component, "RECURRENCE-ID"):
        raise _Unreadable("RANGE is not understood: write each changed visit, or a series of its own")
    also, not_at, not_on = _exceptions(component, reading, start)
    stamp = _start(component, "DTSTAMP", reading)
    return Event(
        line=line,
        uid=uid,
        clinic_id=reading.matching.clinic_id(_texts(component, reading.matching.property)),
        starts=start,
        sequence=_whole(_text(component, "SEQUENCE")),
        stamped_at=stamp.moment if stamp else None,
        is_cancelled=is_cancelled or _text(component, "STATUS").upper() == "CANCELLED",
        instead_of=original.moment if original else None,
        rule=_rule(component),
        also_at=tuple(also),
        not_at=frozenset(not_at),
        not_on=frozenset(not_on),
    )


def _rule(component: Component) -> Rule | None:
    rules = _values(component, "RRULE")
    if len(rules) > 1:
        raise _Unreadable("it has more than one RRULE")
    return read(rules[0].to_ical().decode()) if rules else None


def _exceptions(
    component: Component, reading: Reading, start: Start
) -> tuple[list[datetime], list[datetime], list[date]]:
    """RDATE and EXDATE: further moments, and moments and days left out."""
    also = [_as_start(one, reading, like=start).moment for one in _dates(component, "RDATE")]
    not_at: list[datetime] = []
    not_on: list[date] = []
    for one in _dates(component, "EXDATE"):
        if isinstance(one, datetime):
            not_at.append(_as_start(one, reading, like=start).moment)
        elif isinstance(one, date):
            not_on.append(one)
    return also, not_at, not_on


def _dates(component: Component, name: str) -> Iterator[object]:
    for several in _values(component, name):
        for one in several.dts:
            yield one.dt


def _start(component: Component, name: str, reading: Reading, *, like: Start | None = None) -> Start | None:
    values = _values(component, name)
    if not values:
        return None
    written = values[0].dt
    zone = _parameters(component, name).get("TZID")
    if isinstance(written, datetime) and written.tzinfo is None and zone:
        raise _Unreadable(f"{name}: there is no time zone called {zone}, and the file does not say what it means")
    return _as_start(written, reading, like=like)


def _as_start(written: object, reading: Reading, *, like: Start | None) -> Start:
    """A date or a moment as the calendar wrote it; a day alone is a visit only where the clinic says at what hour."""
    clock: tzinfo = ZoneInfo(reading.zone)
    if isinstance(written, datetime):
        return Start(wall=written.replace(tzinfo=None, fold=0), zone=written.tzinfo or clock)
    if isinstance(written, date):
        at = like.wall.time() if like else reading.all_day_at
        if at is None:
            raise _Unreadable("it lasts whole days, and a visit has an hour; --all-day-at names one")
        return Start(wall=datetime.combine(written, at), zone=like.zone if like else clock)
    raise _Unreadable("there is a stretch of time where a moment is needed")


def _values(component: Component, name: str) -> list[Any]:  # Any: the library's values share no type that has dt or dts
    found = component.get(name)
    values = cast("list[Any]", found if isinstance(found, list) else [] if found is None else [found])
    for value in values:
        if isinstance(value, vBroken):
            raise _Unreadable(f"{name} cannot be read")
    return values


def _parameters(component: Component, name: str) -> dict[str, str]:
    values = _values(component, name)
    return {key.upper(): str(value) for key, value in values[0].params.items()} if values else {}


def _texts(component: Component, name: str) -> list[str]:
    """The text of a property, each time it is there; of categories each one."""
    return [str(part) for value in _values(component, name) for part in getattr(value, "cats", (value,))]


def _text(component: Component, name: str) -> str:
    return next((text.strip() for text in _texts(component, name)), "")


def _whole(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() else 0


__all__ = ["LARGEST_CALENDAR", "BrokenCalendar", "Feed", "Reading", "Unusable", "read_calendar"]
