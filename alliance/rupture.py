"""Signs of a possible rupture of the working alliance, judged at a patient's newest delivered check-in.

A first, simple detector: a floor, a drop below the patient's own usual, a silence longer than the patient's
own habit explains. Its markers say *possible*: a reason to ask, never a diagnosis. Missing is not low, and
silence is never taken for "fine".

The vocabulary of withdrawal (moving away) and confrontation (moving against) is that of Safran and Muran
("Negotiating the Therapeutic Alliance", 2000) and of the Rupture Resolution Rating System, 3RS (Eubanks,
Muran and Safran 2015), by which trained observers hear it in sessions. We only have numbers and whether words
came with them, so the kind is a first approximation: who falls silent has moved away; a fall that came with a
written remark is taken as said openly, so confrontation; a fall without a word as withdrawal. It can be wrong
both ways: the remark may be a polite excuse, the bare low rating a protest. Reading the words decides that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from math import log

from alliance.baseline import DEFAULT_PRIOR, Baseline, Prior, Usual, check_fraction
from alliance.items import Domain

FLOOR = 0.5  # of the range: a fixed bar any higher would flag most patients at their first answer
FLOOR_RESTS = timedelta(weeks=4)  # said once in that time, or it becomes wallpaper
DROP = -2.5  # predictive SDs; the drop is half as rare again as at -3.0, and no later rule here catches a drift
TOO_UNLIKELY = 0.01  # how rare a run of unanswered check-ins must be under the patient's own habit
LEAST_UNANSWERED = 3  # in a row; fewer is an ordinary busy week, even for somebody who always replies


class RuptureKind(StrEnum):
    """How a rupture shows (Safran and Muran): moving away, or moving against."""

    WITHDRAWAL = "withdrawal"
    CONFRONTATION = "confrontation"


class Signal(StrEnum):
    """What was noticed."""

    FLOOR = "floor"
    DROP = "drop"
    SILENCE = "silence"


# the version goes up with every change of what a rule flags, so that an old flag can be explained
_RULES = {Signal.FLOOR: "floor/1", Signal.DROP: "drop/1", Signal.SILENCE: "silence/1"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One *delivered* check-in: fractions 0 to 1 by domain, missing items absent, reverse scoring done.

    Undeliverable, uncertain and cancelled check-ins and those the system itself missed are no observations.
    Raises ValueError for a moment without zone, a rating outside 0 to 1, and an answer without a reply.
    """

    at: datetime
    ratings: Mapping[Domain, float]
    replied: bool
    wrote: bool = False  # a written remark of more than a word or two came with it

    def __post_init__(self) -> None:
        """Refuse what would be judged wrongly instead of failing."""
        if self.at.tzinfo is None:
            raise ValueError("an observation's moment needs its offset from UTC")
        if not self.replied and (self.ratings or self.wrote):
            raise ValueError("an unanswered check-in has neither ratings nor words")
        for rating in self.ratings.values():
            check_fraction(rating)


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A sign of a possible rupture with its evidence; `strength` is .5 at the rule's limit, 1 at twice it."""

    kind: RuptureKind
    domain: Domain | None  # None for silence
    signal: Signal
    strength: float
    since: datetime
    rating: float | None  # the newest, a fraction
    usual: Usual | None  # as it was before the newest; None until enough answers are known
    unanswered: int  # check-ins in a row up to now
    rule: str  # name and version


def markers(history: Sequence[Observation], *, prior: Prior = DEFAULT_PRIOR) -> tuple[Marker, ...]:
    """What the newest delivered check-in says, strongest first; empty for nothing to say or no history.

    `history` holds every delivered check-in, oldest first (else ValueError). Three rules:

    1. floor, per domain: at or below half the range, from the very first answer on, unless another answer was
       there within the four weeks before, or the patient's own usual is known and reaches down there. Real
       ratings support a fixed floor beside a personal baseline. What is a drop as well is told as a drop.
    2. drop, per domain: at least 3 predictive standard deviations below the patient's own usual, once four
       answers are known (Crits-Christoph et al. 2011). No spread is taken to be smaller than one answer is
       imprecise, so that is never less than a point on a scale of seven.
    3. silence: three or more unanswered in a row that the patient's own reply rate makes rarer than 1 in 100.
       It is there from the check-in that reaches this until the next reply.
    """
    if any(later.at < earlier.at for earlier, later in pairwise(history)):
        raise ValueError("a history is given oldest first")
    if not history:
        return ()
    found = [_silence(history, prior)]
    for domain in Domain:
        if domain in history[-1].ratings:
            newest = _newest(history, domain, prior)
            found.append(_drop(newest) or _floor(history, newest))
    return tuple(sorted(filter(None, found), key=lambda marker: -marker.strength))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Newest:
    """The newest answer in one domain, against the baseline as it was before."""

    at: datetime
    domain: Domain
    rating: float
    wrote: bool
    before: Baseline
    dropped_since: datetime | None  # the first of the answers in a row, up to this one, that are drops

    def marker(self, signal: Signal, *, strength: float, since: datetime) -> Marker:
        return Marker(
            kind=RuptureKind.CONFRONTATION if self.wrote else RuptureKind.WITHDRAWAL,
            domain=self.domain,
            signal=signal,
            strength=min(1.0, strength),
            since=since,
            rating=self.rating,
            usual=self.before.usual if self.before.is_known else None,
            unanswered=0,
            rule=_RULES[signal],
        )


def _newest(history: Sequence[Observation], domain: Domain, prior: Prior) -> _Newest:
    newest = history[-1]
    before = Baseline(prior=prior)
    dropped_since: datetime | None = None
    for seen in history[:-1]:
        if domain in seen.ratings:
            rating = seen.ratings[domain]
            dropped_since = (dropped_since or seen.at) if _is_drop(rating, before) else None
            before = before.after(rating)
    rating = newest.ratings[domain]
    return _Newest(
        at=newest.at,
        domain=domain,
        rating=rating,
        wrote=newest.wrote,
        before=before,
        dropped_since=(dropped_since or newest.at) if _is_drop(rating, before) else None,
    )


def _is_drop(rating: float, before: Baseline) -> bool:
    return before.is_known and before.z(rating) <= DROP


def _drop(newest: _Newest) -> Marker | None:
    if newest.dropped_since is None:
        return None
    strength = newest.before.z(newest.rating) / DROP / 2
    return newest.marker(Signal.DROP, strength=strength, since=newest.dropped_since)


def _floor(history: Sequence[Observation], newest: _Newest) -> Marker | None:
    is_usual = newest.before.is_known and newest.rating >= newest.before.usual.low
    if newest.rating > FLOOR or is_usual:
        return None
    was_there = (
        newest.at - earlier.at < FLOOR_RESTS and earlier.ratings.get(newest.domain, 1.0) <= FLOOR
        for earlier in history[:-1]
    )
    if any(was_there):
        return None
    return newest.marker(Signal.FLOOR, strength=(1 - newest.rating) / (1 - FLOOR) / 2, since=newest.at)


def _silence(history: Sequence[Observation], prior: Prior) -> Marker | None:
    run = list(takewhile(lambda seen: not seen.replied, reversed(history)))
    if len(run) < LEAST_UNANSWERED:
        return None
    # the run itself is left out, or a long silence would come to look like a habit of silence
    earlier = history[: len(history) - len(run)]
    replies = prior.reply_weight * prior.reply_rate + sum(seen.replied for seen in earlier)
    rate = replies / (prior.reply_weight + len(earlier))
    rarity = len(run) * log(1 - rate) / log(TOO_UNLIKELY)
    if rarity < 1:
        return None
    return Marker(
        kind=RuptureKind.WITHDRAWAL,
        domain=None,
        signal=Signal.SILENCE,
        strength=min(1.0, rarity / 2),
        since=run[-1].at,
        rating=None,
        usual=None,
        unanswered=len(run),
        rule=_RULES[Signal.SILENCE],
    )
