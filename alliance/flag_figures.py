"""How often the rules for flags were right, by the clinicians' own verdicts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alliance.flags import Resolution


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagJudged:
    """One flag: which rule raised it, how it ended, whether somebody acted on it, and why it was none, if told."""

    rule: str
    resolution: str | None
    was_acted_on: bool
    why_not: str | None  # a Why


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagPrecision:
    """How often one rule was right, as far as clinicians have said."""

    rule: str
    held: int  # somebody acted on it, and nobody called it none
    not_a_rupture: int
    unjudged: int  # nobody has looked, or it passed before anybody did
    why_not: Mapping[str, int]  # how often each reason was given

    @property
    def share(self) -> float | None:
        """Of those that clinicians have judged the share that held, 0 to 1; None before the first."""
        judged = self.held + self.not_a_rupture
        return self.held / judged if judged else None


def flag_precision(flags: Iterable[FlagJudged]) -> tuple[FlagPrecision, ...]:
    """How often each rule was right, the one that was wrong most often first: that is the one to look at."""
    by_rule: dict[str, list[FlagJudged]] = {}
    for flag in flags:
        by_rule.setdefault(flag.rule, []).append(flag)
    found = [_precision(rule, judged) for rule, judged in by_rule.items()]
    return tuple(sorted(found, key=lambda rule: (-rule.not_a_rupture, rule.rule)))


def _precision(rule: str, flags: list[FlagJudged]) -> FlagPrecision:
    none = [flag for flag in flags if flag.resolution == Resolution.NOT_A_RUPTURE]
    held = sum(1 for flag in flags if flag.was_acted_on and flag.resolution != Resolution.NOT_A_RUPTURE)
    return FlagPrecision(
        rule=rule,
        held=held,
        not_a_rupture=len(none),
        unjudged=len(flags) - len(none) - held,
        why_not=dict(sorted(Counter(flag.why_not for flag in none if flag.why_not).items())),
    )
