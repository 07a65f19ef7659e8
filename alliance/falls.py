"""Have the ratings fallen? How much likelier they are under a fall that began at some check-in than as usual.

All three domains are weighed together. A person's answers swing together (one bad day lowers all) and apart, so
they are split into their mean and what each domain departs from it: a fall of one domain alone shows in the
second, which swings less. How widely this person swings is not known at first: every plausible width is weighed
by how well it fits (the clinic's figure before the first answers, their own answers afterwards). The depth of a
fall is a normal distribution in the person's own standard deviations, and integrated out.

It is the window-limited likelihood ratio of sequential analysis (Lai, J. R. Statist. Soc. B 57, 1995), with a
conjugate normal prior for the usual level; answers near each other resemble each other, so a run of n of them
counts as fewer (the variance of an AR(1) mean); a scale of few points adds its rounding error to every width.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from operator import add
from typing import NamedTuple

from alliance.baseline import DEFAULT_PRIOR, LEAST_ANSWERS, Baseline, Prior
from alliance.items import Domain

DEPTH, DEPTH_SPREAD = 2.4, 0.8  # standard deviations; falls of 1.5 to 3 are what matters and can be seen
HINT = 0.5  # standard deviations: what ratings may show while somebody withdraws
WIDTHS = (0.5, 0.8, 1.25, 2.0, 3.1)  # of the clinic's usual swing; a person's lies between with near certainty
WIDTHS_SPREAD = 0.6  # log-SD: people differ by .35, clinics and instruments by as much again
EVERYWHERE, IN_ONE = 0.5, 1 / 6  # half of the falls are everywhere, the others in one of three domains
DOMAINS = tuple(Domain)


class Sums(NamedTuple):
    """Answers added up, all that a usual needs: how many, each domain, and the squares of what they do."""

    answers: float = 0.0
    goal: float = 0.0
    task: float = 0.0
    bond: float = 0.0
    together: float = 0.0  # squares of the mean of the three
    apart: float = 0.0  # squares of the departures from it
    freedom: float = 0.0  # departures that are free to vary: two for three ratings, none for one

    def plus(self, other: "Sums") -> "Sums":
        """Both together."""
        return Sums(*map(add, self, other))

    def faded(self, share: float) -> "Sums":
        """The same usual, known less well."""
        return Sums(*(mine * share for mine in self))

    @property
    def mean_sum(self) -> float:
        """The sum of the means of the three."""
        return (self.goal + self.task + self.bond) / 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Fall:
    """Log likelihood ratios of a fall since one check-in, in each domain alone and everywhere."""

    place: int  # of the check-in, counted from the oldest of the recent ones
    everywhere: float
    alone: tuple[float, float, float]  # in the order of Domain
    hint: float  # of a slight fall everywhere


def one_answer(ratings: Mapping[Domain, float], usuals: Mapping[Domain, Baseline]) -> Sums:
    """A check-in's ratings (at least one) as sums of one; what was not rated is what the others make expect.

    So it says nothing of its own: the completed answer is as likely as the ratings that were given.
    """
    goal, task, bond = map(ratings.get, DOMAINS)
    if goal is None or task is None or bond is None:
        goal, task, bond = _completed(ratings, usuals)
    mean = (goal + task + bond) / 3
    apart = (goal - mean) ** 2 + (task - mean) ** 2 + (bond - mean) ** 2
    return Sums(1.0, goal, task, bond, mean * mean, apart, len(ratings) - 1.0)


def _completed(ratings: Mapping[Domain, float], usuals: Mapping[Domain, Baseline]) -> tuple[float, float, float]:
    shared = DEFAULT_PRIOR.shared
    off = sum(rating - usuals[domain].mean for domain, rating in ratings.items())
    shift = shared * off / (1 + (len(ratings) - 1) * shared)
    goal, task, bond = (ratings.get(domain, usuals[domain].mean + shift) for domain in DOMAINS)
    return goal, task, bond


def falls(before: Sums, recent: Sequence[Sums | None], *, prior: Prior, points: int) -> list[Fall]:
    """One Fall for each answered one of the recent check-ins, oldest first, once four answers lie before it."""
    earlier: list[tuple[int, Sums]] = []
    total = before
    for place, answer in enumerate(recent):
        if answer is not None:
            earlier.append((place, total))
            total = total.plus(answer)
    widths = _widths(prior, points)
    return [
        _fall(place, known, total, widths, prior) for place, known in earlier if known.answers >= LEAST_ANSWERS - _FADED
    ]


_FADED = 0.5  # answers; old ones count a little less than one each


class _Width(NamedTuple):
    """One width a person's swings may have, as variances of their mean and of departures from it."""

    swing: float
    together: float
    apart: float
    log_together: float
    log_apart: float
    prior_together: float  # what the clinic's usual is worth, in answers
    prior_apart: float
    log_weight: float


@lru_cache(maxsize=64)
def _widths(prior: Prior, points: int) -> tuple[_Width, ...]:
    rounding = 1 / (12 * (points - 1) ** 2) if points > 1 else 0.0
    between = prior.between_spread**2
    found: list[_Width] = []
    for width in WIDTHS:
        swing = width * prior.within_spread
        together = swing**2 * (1 + 2 * prior.shared) / 3 + rounding / 3
        apart = swing**2 * (1 - prior.shared) + rounding
        found.append(
            _Width(
                swing,
                together,
                apart,
                log(together),
                log(apart),
                together / (between * (1 + 2 * prior.shared) / 3),
                apart / (between * (1 - prior.shared)),
                -0.5 * (log(width) / WIDTHS_SPREAD) ** 2,
            )
        )
    return tuple(found)


def _fall(place: int, before: Sums, total: Sums, widths: Sequence[_Width], prior: Prior) -> Fall:
    """The likelihood ratios of a fall between two sums, every width of this person's swings weighed by its fit."""
    window = _window(before, total)
    number, known = window.number, window.known
    runs, runs_known = _crowding(number, prior.lingers), _crowding(known, prior.lingers)
    fits: list[float] = []
    ratios: list[tuple[float, float, float, float, float]] = []
    for width in widths:
        share, share_apart = 1 / (width.prior_together + known), 1 / (width.prior_apart + known)
        off = window.since - number * (width.prior_together * prior.mean + window.usual) * share
        part = number * share_apart
        goal, task, bond = (
            window.goal_since - part * window.goal,
            window.task_since - part * window.task,
            window.bond_since - part * window.bond,
        )
        spread = number * (runs + number * runs_known * share) * width.together
        spread_apart = number * (runs + number * runs_known * share_apart) * width.apart
        fits.append(
            width.log_weight
            - 0.5 * (known - 1 + number) * width.log_together
            - 0.5 * window.freedom * width.log_apart
            - 0.5 * (window.scatter / width.together + off * off / spread)
            - 0.5 * (window.scatter_apart / width.apart + (goal * goal + task * task + bond * bond) / spread_apart)
        )
        reach = number * width.swing
        slope, curve, slope_apart = -reach * off / spread, reach * reach / spread, reach / spread_apart
        curve_alone = curve / 9 + reach * slope_apart * 2 / 3
        ratios.append(
            (
                _any_depth(slope, curve),
                _any_depth(slope / 3 - goal * slope_apart, curve_alone),
                _any_depth(slope / 3 - task * slope_apart, curve_alone),
                _any_depth(slope / 3 - bond * slope_apart, curve_alone),
                slope * HINT - curve * HINT * HINT / 2,
            )
        )
    everywhere, goal, task, bond, hint = _averaged(ratios, fits)
    return Fall(place=place, everywhere=everywhere, alone=(goal, task, bond), hint=hint)


class _Window(NamedTuple):
    """What lies between two sums, and what was known before: levels as sums, departures from them, scatter."""

    number: float
    known: float
    usual: float
    since: float
    goal: float
    task: float
    bond: float
    goal_since: float
    task_since: float
    bond_since: float
    scatter: float
    scatter_apart: float
    freedom: float


def _window(before: Sums, total: Sums) -> _Window:
    known, number = before.answers, total.answers - before.answers
    usual = before.mean_sum
    since = total.mean_sum - usual
    goal, task, bond = before.goal - usual, before.task - usual, before.bond - usual
    goal_since = total.goal - before.goal - since
    task_since = total.task - before.task - since
    bond_since = total.bond - before.bond - since
    # sums of squares about the means of both parts; rounding may leave a hair below nothing
    scatter = max(0.0, before.together - usual * usual / known)
    scatter += max(0.0, total.together - before.together - since * since / number)
    apart = max(0.0, before.apart - (goal * goal + task * task + bond * bond) / known)
    squares = goal_since * goal_since + task_since * task_since + bond_since * bond_since
    apart += max(0.0, total.apart - before.apart - squares / number)
    freedom = max(before.freedom - 2, 0.0) + total.freedom - before.freedom
    return _Window(
        number, known, usual, since, goal, task, bond, goal_since, task_since, bond_since, scatter, apart, freedom
    )


def _averaged(ratios: Sequence[tuple[float, ...]], fits: Sequence[float]) -> list[float]:
    """Logs of each ratio's average over the widths, each width weighed by how well it fits without a fall."""
    best = max(fits)
    weights = [exp(fit - best) for fit in fits]
    whole = log(sum(weights))
    averages: list[float] = []
    for column in zip(*ratios, strict=True):
        highest = max(column)
        averages.append(
            highest - whole + log(sum(w * exp(x - highest) for w, x in zip(weights, column, strict=True)) + _TINY)
        )
    return averages


_TINY = 1e-300  # a width that explains a fall may fit so badly that its weight is nothing


def _any_depth(slope: float, curve: float) -> float:
    """Log of exp(slope * d - curve * d * d / 2) averaged over the depths d, which are normal."""
    stretched = 1 + curve * _WIDE
    return (slope * DEPTH - curve * _HALF_SQUARE + _WIDE * slope * slope / 2) / stretched - 0.5 * log(stretched)


_WIDE, _HALF_SQUARE = DEPTH_SPREAD**2, DEPTH**2 / 2


def _crowding(number: float, lingers: float) -> float:
    """How much larger the variance of the mean of so many answers is than if each were drawn afresh."""
    if number <= 1 or lingers <= 0:
        return 1.0
    rest = (1 - lingers**number) / (number * (1 - lingers))
    return 1 + 2 * lingers / (1 - lingers) * (1 - rest)


def log_sum(logs: Sequence[float]) -> float:
    """Log of the sum of what these are the logs of; minus infinity for nothing."""
    highest = max(logs, default=-float("inf"))
    if highest == -float("inf"):
        return highest
    return highest + log(sum(exp(each - highest) for each in logs))
