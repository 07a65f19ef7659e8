"""A concern put into words while ratings say nothing: a complaint, or an apology that is one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alliance.baseline import Usual
from alliance.evidence import spoken
from alliance.heard import Heard, kind_said, loudest
from alliance.kind import RuptureKind
from alliance.marker import FALLS, RULES, Marker, Signal

SURE = 3.0  # above the limit, twenty times as likely again: the most that is said


def strength_of(evidence: float, limit: float) -> float:
    """How sure, from .5 at the limit to 1."""
    return min(1.0, 0.5 + 0.5 * (evidence - limit) / SURE)


def voiced(
    heard: Sequence[Heard],
    *,
    at: datetime,
    limit: float,
    total: float | None = None,
    rating: float | None = None,
    usual: Usual | None = None,
) -> Marker | None:
    """The concern that some words voice, if all there is to say of that moment reaches the limit; else None.

    `total` is the evidence of everything together, if there is more than these words.
    """
    most = loudest(heard)
    if most is None:
        return None
    evidence = spoken(heard) if total is None else total
    if evidence < limit:
        return None
    return Marker(
        kind=kind_said(heard, most.domain) or most.kind,
        domain=most.domain,
        signal=Signal.VOICED,
        strength=max(0.5, strength_of(evidence, limit)),
        since=at,
        rating=rating,
        usual=usual,
        unanswered=0,
        rule=RULES[Signal.VOICED],
        evidence=evidence,
        because={"words": most.evidence},
        heard=tuple(heard),
    )


def with_words(marker: Marker, heard: Sequence[Heard]) -> Marker:
    """The same sign with the words that bear on it: all of them on a fall, on fewer replies those that withdraw."""
    if marker.signal in FALLS or marker.signal is Signal.DISAGREEMENT:
        return replace(marker, heard=tuple(heard))
    return replace(marker, heard=tuple(each for each in heard if each.kind is RuptureKind.WITHDRAWAL))
