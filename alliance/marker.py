"""A sign of a possible rupture with its evidence: what was noticed, how it shows, and by which rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from alliance.baseline import Usual
from alliance.heard import Heard, kind_said
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.observation import Observation


class Signal(StrEnum):
    """What was noticed."""

    FLOOR = "floor"  # low, whatever is usual
    DROP = "drop"  # suddenly low for this person
    DRIFT = "drift"  # lower for a while, no single answer stands out
    FADING = "fading"  # rarer or shorter replies, the bond item left out, words that sound appeasing
    SILENCE = "silence"
    DISAGREEMENT = "disagreement"  # the clinician rated higher; information, not an alarm
    VOICED = "voiced"  # a concern in words, with ratings as usual
    CONTESTED = "contested"  # the patient said that something about the agreement should change; no rule has guessed


# signals that are one thing: a later one joins the flag of an earlier one
TOGETHER: tuple[tuple[Signal, ...], ...] = (
    (Signal.DROP, Signal.DRIFT),
    (Signal.FADING, Signal.SILENCE),
    (Signal.FLOOR,),
    (Signal.DISAGREEMENT,),
    (Signal.VOICED,),
    (Signal.CONTESTED,),
)
FALLS = (Signal.DROP, Signal.DRIFT, Signal.FLOOR)  # told of a rating; words about it explain them
ONE_THING = (*FALLS, Signal.VOICED)  # whoever is told of a low rating is told what is said about it, in one flag

# the version goes up with every change of what a rule flags, so that an old flag can be explained
RULES: Mapping[Signal, str] = {
    Signal.FLOOR: "floor/3",
    Signal.DROP: "drop/3",
    Signal.DRIFT: "drift/2",
    Signal.FADING: "fading/2",
    Signal.SILENCE: "silence/2",
    Signal.DISAGREEMENT: "disagreement/2",
    Signal.VOICED: "voiced/1",
    Signal.CONTESTED: "contested/1",
}


def _no_reasons() -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A sign of a possible rupture with its evidence; `strength` is .5 at the rule's limit, 1 the most it says."""

    kind: RuptureKind
    domain: Domain | None  # None for what is about replies
    signal: Signal
    strength: float
    since: datetime
    rating: float | None  # the newest, a fraction
    usual: Usual | None  # as it was before the newest; None until enough answers are known
    unanswered: int  # check-ins in a row up to now
    rule: str  # name and version
    evidence: float | None = None  # log likelihood ratio, all channels together; None for a fixed bar
    because: Mapping[str, float] = field(default_factory=_no_reasons)  # log likelihood ratios that speak for it
    replied: tuple[int, int] | None = None  # of so many check-ins since then, for what is about replies
    clinician_rating: float | None = None
    is_quiet: bool = False  # worth a line, outside the budget of false alarms
    heard: tuple[Heard, ...] = ()  # in the words that came with the newest check-in


def kind_of(newest: Observation, domain: Domain | None) -> RuptureKind:
    """What a fall of that domain may be: what the words say; with words that say nothing, or none, the next best guess.

    Whoever wrote something beside a low rating is taken to have said it openly, so confrontation; a fall without a
    word for withdrawal. It can be wrong both ways, which is why the words decide where a rule has heard any.
    """
    unheard = RuptureKind.CONFRONTATION if newest.wrote else RuptureKind.WITHDRAWAL
    return kind_said(newest.heard, domain) or unheard


def in_families(found: Sequence[Marker]) -> Iterator[tuple[Marker, ...]]:
    """The markers of one moment as they are told: those that are one thing together, the first one ahead."""
    for family in TOGETHER:
        markers = tuple(marker for marker in found if marker.signal in family)
        if markers:
            yield markers
