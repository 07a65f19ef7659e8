"""How a team stands on one day, for its lead: counts and ages, code names of staff, and no word of any patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alliance.week import Week


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicianLine:
    """One clinician's flags as numbers; lines stand by code name, so that nobody is ranked."""

    code_name: str
    patients: int
    untouched: int  # flags nobody has looked at
    oldest_days: int | None  # of these, in whole days
    in_hand: int  # looked at, not settled
    back_on: date | None  # of a leave that lasts, if the day is known
    is_away: bool
    reader: str | None  # who reads while she is away
    last_lost: bool  # her last digest never arrived
    is_out_of_reach: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """How long something took: how often it was done, in the middle and at the longest, in minutes."""

    count: int
    middle_minutes: int
    longest_minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamDigest:
    """Everything a lead is told on one date."""

    lead: str
    on: date
    zone: str
    covers_from: datetime
    clinicians: tuple[ClinicianLine, ...]
    flags_raised: int  # in the last four weeks
    looked_at: Times | None
    contact: Times | None
    alerts_raised: int  # since the last team digest
    alerts_open: int  # nobody has them
    alerts_in_hand: int
    taken_on: Times | None  # from raised until somebody had it, of those raised since the last team digest
    without_team: tuple[str, ...]  # code names of patients
    week: Week | None = None


def by_code_name(lines: Sequence[ClinicianLine]) -> tuple[ClinicianLine, ...]:
    """The lines in the order of the alphabet, whatever the numbers say."""
    return tuple(sorted(lines, key=lambda line: line.code_name.casefold()))
