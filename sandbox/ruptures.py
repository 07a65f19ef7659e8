"""Ruptures planted into the lives of simulated patients: when, in which domains, and how they show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DOMAINS = 3  # questions of a check-in, in the order in which they are asked


class Kind(StrEnum):
    """How a planted rupture shows."""

    SHARP_DROP = "sharp_drop"
    SUSTAINED_STEP = "sustained_step"
    SILENCE = "silence"
    COMPLAINT = "complaint"
    ONLY_WORDS = "only_words"  # a complaint in writing while the numbers stay polite
    APPEASEMENT = "appeasement"  # everything is agreed to, and each number is a little lower


_LASTS = {
    Kind.SHARP_DROP: timedelta(weeks=1),
    Kind.SUSTAINED_STEP: timedelta(weeks=3),
    Kind.SILENCE: timedelta(weeks=3),
    Kind.COMPLAINT: timedelta(weeks=2),
    Kind.ONLY_WORDS: timedelta(weeks=2),
    Kind.APPEASEMENT: timedelta(weeks=4),
}
# in the patient's own standard deviations from answer to answer
_DEPTH = {
    Kind.SHARP_DROP: 3.0,
    Kind.SUSTAINED_STEP: 2.0,
    Kind.SILENCE: 0.0,
    Kind.COMPLAINT: 3.0,
    Kind.ONLY_WORDS: 0.0,
    Kind.APPEASEMENT: 0.5,
}
_COMPLAINING = frozenset({Kind.COMPLAINT, Kind.ONLY_WORDS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Rupture:
    """One planted rupture; domains are numbered from 0 in the order in which they are asked."""

    kind: Kind
    starts_at: datetime
    domains: frozenset[int]

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + _LASTS[self.kind]

    def is_on(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at

    def depth(self, domain: int, moment: datetime) -> float:
        """How far below the usual the answer lies at that moment, in standard deviations of this person."""
        return _DEPTH[self.kind] if self.is_on(moment) and domain in self.domains else 0.0

    def is_silent(self, moment: datetime) -> bool:
        return self.kind is Kind.SILENCE and self.is_on(moment)

    def complains(self, moment: datetime) -> bool:
        return self.kind in _COMPLAINING and self.is_on(moment)

    def appeases(self, moment: datetime) -> bool:
        return self.kind is Kind.APPEASEMENT and self.is_on(moment)


def planted(kind: Kind, *, starts_at: datetime, single: int) -> Rupture:
    """Return a rupture of that kind; `single` is the domain of those that hit only one."""
    hit = {
        Kind.SHARP_DROP: frozenset({single}),
        Kind.SUSTAINED_STEP: frozenset(range(DOMAINS)),
        Kind.SILENCE: frozenset[int](),
        Kind.COMPLAINT: frozenset({1, 2}),
        Kind.ONLY_WORDS: frozenset[int](),
        Kind.APPEASEMENT: frozenset(range(DOMAINS)),
    }
    return Rupture(kind=kind, starts_at=starts_at, domains=hit[kind])
