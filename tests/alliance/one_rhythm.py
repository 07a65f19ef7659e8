"""A cadence as a programme of one phase, for somebody without quiet hours or wishes: the rules and nothing else."""

from datetime import datetime

from alliance import programme_dates
from alliance.cadence import Cadence, Due
from alliance.programme import Phase, Programme
from alliance.programme_dates import Circumstances


def next_due(cadence: Cadence, *, zone: str, after: datetime) -> Due | None:
    return programme_dates.next_due(_programme(cadence), _around(cadence, zone), after=after)


def dues_between(cadence: Cadence, *, zone: str, after: datetime, until: datetime) -> list[Due]:
    return programme_dates.dues_between(_programme(cadence), _around(cadence, zone), after=after, until=until)


def upcoming(cadence: Cadence, *, zone: str, after: datetime, count: int) -> list[Due]:
    return list(programme_dates.upcoming(_programme(cadence), _around(cadence, zone), after=after, count=count))


def _programme(cadence: Cadence) -> Programme:
    return Programme(phases=(Phase(rules=cadence.rules, at=cadence.at),))


def _around(cadence: Cadence, zone: str) -> Circumstances:
    return Circumstances(zone=zone, starts_on=cadence.starts_on, at=())
