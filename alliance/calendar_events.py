"""Events of a calendar (RFC 5545) as they are written, and the moments at which they happen."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from alliance.local_time import instant
from alliance.recurrence import Rule, days

PROPERTY = "X-PATIENT-ID"  # that carries the clinic's own id of a patient, where the clinic names no other
LONGEST_TEXT = 1_000  # characters of a property in which an id is looked for
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matching:
    """Where in an event the clinic's id of a patient stands: a whole property, or a part of one."""

    property: str = PROPERTY
    pattern: re.Pattern[str] | None = None  # its first group is the id, or all of it where it has none

    def clinic_id(self, texts: Iterable[str]) -> str | None:
        """The id in the texts of that property; None for an event that is no patient's."""
        for text in texts:
            if self.pattern is None:
                if text.strip():
                    return text.strip()
                continue
            found = self.pattern.search(text[:LONGEST_TEXT])
            if found and (found[self.pattern.groups and 1] or "").strip():
                return found[self.pattern.groups and 1].strip()
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """When an event starts: what clocks in its zone show then."""

    wall: datetime  # naive
    zone: tzinfo

    @property
    def moment(self) -> datetime:
        """That moment in UTC; skipped and repeated times as everywhere (`alliance.local_time`)."""
        return self.on(self.wall.date())

    def on(self, day: date) -> datetime:
        """The same time of day on another day, in UTC."""
        if isinstance(self.zone, ZoneInfo):
            return instant(day, self.wall.time(), self.zone.key)
        return datetime.combine(day, self.wall.time(), tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One VEVENT: a visit, a series of them, or one of a series that is otherwise than the others."""

    line: int
    uid: str
    clinic_id: str | None
    starts: Start
    sequence: int
    stamped_at: datetime | None
    is_cancelled: bool
    instead_of: datetime | None = None  # UTC: which one of its series it is
    rule: Rule | None = None
    also_at: tuple[datetime, ...] = ()  # UTC
    not_at: frozenset[datetime] = frozenset()  # UTC
    not_on: frozenset[date] = frozenset()  # on the wall

    @property
    def version(self) -> tuple[int, float]:
        """What says which of two texts of one event is the newer one."""
        return self.sequence, self.stamped_at.timestamp() if self.stamped_at else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One visit as a calendar has it. ``place`` says which one of a series it is; a single event moves and keeps it.

    ``place`` is None where a whole series was called off.
    """

    line: int
    uid: str
    place: str | None
    clinic_id: str | None
    starts_at: datetime
    sequence: int
    is_cancelled: bool


def happenings(events: Sequence[Event], *, now: datetime, until: datetime) -> Iterator[Happening]:
    """Every visit of these events up to that moment; of a series those that are still to come.

    Where an event stands there twice, the higher sequence counts, then the later stamp.
    """
    masters: dict[str, Event] = {}
    others: dict[tuple[str, datetime], Event] = {}
    for event in sorted(events, key=lambda one: one.version):
        if event.instead_of is None:
            masters[event.uid] = event
        else:
            others[event.uid, event.instead_of] = event
    for master in masters.values():
        yield from _of_master(master, others, now=now, until=until)
    for (uid, original), event in others.items():
        master = masters.get(uid)
        if master is not None and master.is_cancelled:
            continue
        clinic_id = event.clinic_id or (master.clinic_id if master else None)
        if event.starts.moment <= until:
            yield _happening(event, original.isoformat(), event.starts.moment, clinic_id)


def _of_master(
    event: Event, others: Mapping[tuple[str, datetime], Event], *, now: datetime, until: datetime
) -> Iterator[Happening]:
    first = event.starts.moment
    if event.rule is None and not event.also_at:
        if first <= until:
            yield _happening(event, "", first, event.clinic_id)
        return
    if event.is_cancelled:
        yield _happening(event, None, first, event.clinic_id)
        return
    for moment in sorted({first, *event.also_at, *_by_rule(event, now=now, until=until)}):
        is_left_out = moment in event.not_at or (event.uid, moment) in others
        if now < moment <= until and not is_left_out:
            yield _happening(event, moment.isoformat(), moment, event.clinic_id)


def _by_rule(event: Event, *, now: datetime, until: datetime) -> Iterator[datetime]:
    if event.rule is None:
        return
    for day in days(event.rule, starts_on=event.starts.wall.date(), not_before=now.date() - ONE_DAY):
        moment = event.starts.on(day)
        if moment > until or _is_over(event.rule, moment, event.starts.zone):
            return
        if day not in event.not_on:
            yield moment


def _is_over(rule: Rule, moment: datetime, zone: tzinfo) -> bool:
    if not isinstance(rule.until, datetime):
        return False
    if rule.until.tzinfo is None:
        return moment.astimezone(zone).replace(tzinfo=None) > rule.until
    return moment > rule.until


def _happening(event: Event, place: str | None, moment: datetime, clinic_id: str | None) -> Happening:
    return Happening(
        line=event.line,
        uid=event.uid,
        place=place,
        clinic_id=clinic_id,
        starts_at=moment,
        sequence=event.sequence,
        is_cancelled=event.is_cancelled,
    )
