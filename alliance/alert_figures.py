"""How alerts went, in figures: how long things took, and how often each rule was right."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from alliance.alerts import AlertResolution


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Median, ninth decile and longest of some durations, by nearest rank: each is one that was measured."""

    count: int
    p50: timedelta
    p90: timedelta
    longest: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What raised one alert, and how it was closed; None while it is open."""

    rule: str
    rules_version: str
    resolution: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Precision:
    """How often one rule of one version was right, as far as people have said."""

    rule: str
    rules_version: str
    held: int  # closed with contact made
    false: int  # closed as not a crisis
    unsettled: int  # open, or followed by a newer alert of the same person

    @property
    def share(self) -> float | None:
        """Of those that people have judged the share that held, between 0 and 1; None before the first."""
        judged = self.held + self.false
        return self.held / judged if judged else None


def spread(durations: Sequence[timedelta]) -> Spread | None:
    """The spread of these durations; None without any."""
    if not durations:
        return None
    ordered = sorted(durations)
    return Spread(count=len(ordered), p50=_ranked(ordered, 0.5), p90=_ranked(ordered, 0.9), longest=ordered[-1])


def precision_by_rule(verdicts: Iterable[Verdict]) -> tuple[Precision, ...]:
    """How often each rule was right, the one with most false alarms first: that is the one to look at."""
    held, false, unsettled = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for verdict in verdicts:
        match verdict.resolution:
            case AlertResolution.CONTACT_MADE:
                count = held
            case AlertResolution.NOT_A_CRISIS:
                count = false
            case _:
                count = unsettled
        count[verdict.rule, verdict.rules_version] += 1
    rules = sorted({*held, *false, *unsettled}, key=lambda rule: (-false[rule], rule))
    return tuple(
        Precision(rule=rule[0], rules_version=rule[1], held=held[rule], false=false[rule], unsettled=unsettled[rule])
        for rule in rules
    )


def _ranked(ordered: Sequence[timedelta], share: float) -> timedelta:
    return ordered[math.ceil(share * len(ordered)) - 1]
