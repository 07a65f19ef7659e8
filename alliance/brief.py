"""What a clinician should know of one patient before a visit, read in half a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from alliance.digest import Explained, FlagLine

SHOWN_RATINGS = 4  # of each domain, the latest
SHOWN_CHECKINS = 8  # over which replies are counted
MOST_FLAGS = 3  # on the brief itself; the digest has all of them
MOST_EXPLAINED = 2


class Level(StrEnum):
    """How the latest answers lie beside what is usual for this person."""

    LOWER = "lower"
    USUAL = "usual"
    HIGHER = "higher"
    UNKNOWN = "unknown"  # too few answers to know what is usual


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """One domain: the latest ratings on the instrument's own scale, the usual range, and the clinician's own view."""

    domain: str  # a Domain
    latest: tuple[float, ...]  # oldest first
    usual_low: float | None
    usual_high: float | None
    highest: int
    own: int | None  # the reader's
    own_on: date | None

    @property
    def level(self) -> Level:
        """Where the newest answer lies."""
        if not self.latest or self.usual_low is None or self.usual_high is None:
            return Level.UNKNOWN
        if self.latest[-1] < self.usual_low:
            return Level.LOWER
        return Level.HIGHER if self.latest[-1] > self.usual_high else Level.USUAL


@dataclass(frozen=True, kw_only=True, slots=True)
class LastAgreement:
    """Where the latest version stands, and since when."""

    state: str  # an AgreementState
    version: int
    sent_on: date
    answered_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """One patient before a visit: code name and numbers, no word of theirs."""

    patient_id: int
    code_name: str
    clinician: str
    zone: str  # the clinician's
    on: date
    starts_at: datetime | None  # None: asked for without a visit
    asked: int
    answered: int
    trends: tuple[Trend, ...]
    flags: tuple[FlagLine, ...]
    explained: tuple[Explained, ...]  # oldest first
    waiting_since: date | None
    wants_call: bool  # that is what is waited for; otherwise that somebody looks at a flag
    agreement: LastAgreement | None
    is_asked_now: bool  # takes part, with no break


def waits_since(calls: Sequence[date], unseen: Sequence[date]) -> tuple[date | None, bool]:
    """Since which day somebody waits, and whether for a call: days of wishes for one, and of flags nobody looked at."""
    since = min((*calls, *unseen), default=None)
    return since, bool(calls)
