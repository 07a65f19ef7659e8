"""Has a patient's way of replying changed? Likelihood ratios of silence and of withdrawal against the own habit.

Each is closed-form: what is known of a habit is a Beta distribution for shares and a normal one for lengths,
both starting at the clinic's prior, and the unknown rate is integrated out. Shorter replies, a skipped question
about the relationship and appeasing words are what observers of sessions code as withdrawal (3RS: Eubanks, Muran
and Safran 2015); in text counselling, clients who did not want to go on wrote less than others.
"""

from math import lgamma, log
from operator import add, sub
from typing import NamedTuple

from alliance.baseline import Prior

THINNED = 0.35  # of the usual reply rate, while somebody withdraws
SHORTENED = -0.69  # log words: half as many
SKIPPED_MORE = 0.3  # share of otherwise complete check-ins
APPEASING_MORE = 0.25  # share of written replies
USUALLY_SKIPPED, SKIPPED_WEIGHT = 0.05, 8.0  # share, and what it is worth in check-ins
USUALLY_APPEASING, APPEASING_WEIGHT = 0.10, 8.0
USUAL_LENGTH, LENGTH_BETWEEN, LENGTH_WITHIN = 2.3, 0.7, 0.6  # log words, and standard deviations of them
LENGTH_WEIGHT = 6.0  # replies the clinic's spread is worth
LEAST_UNANSWERED = 3  # fewer are an ordinary busy week, even for somebody who always replies
LEAST_WRITTEN = 4  # replies before their length is compared


class Habits(NamedTuple):
    """A patient's replies added up."""

    replied: float = 0.0
    missed: float = 0.0
    rated: float = 0.0
    skipped: float = 0.0  # the bond item alone
    written: float = 0.0
    words: float = 0.0  # sum of the log of their number
    words_squared: float = 0.0
    read: float = 0.0  # replies that rules for language have read
    appeasing: float = 0.0

    def plus(self, other: "Habits") -> "Habits":
        """Both together."""
        return Habits(*map(add, self, other))

    def minus(self, other: "Habits") -> "Habits":
        """What is left without the other."""
        return Habits(*map(sub, self, other))

    def faded(self, share: float) -> "Habits":
        """The same habit, known less well."""
        return Habits(*(mine * share for mine in self))


def silence(before: Habits, missed: int, prior: Prior, *, beginnings: int) -> list[float]:
    """For a silence that began with the latest one, two, … of the misses in a row: its log likelihood ratio.

    `before` holds what came before those misses; whoever is silent never replies. So many beginnings are looked at
    at most, the very first miss always: a silence does not pass by lasting.
    """
    low = prior.reply_weight * (1 - prior.reply_rate) + before.missed
    total = prior.reply_weight + before.replied + before.missed

    def chance(misses: int) -> float:
        """Log of the chance of so many misses in a row, up to a constant."""
        return lgamma(low + misses) - lgamma(total + misses)

    began = [*range(1, min(missed, beginnings)), missed]
    return [chance(missed - misses) - chance(missed) for misses in began]


def withdrawal(before: Habits, since: Habits, prior: Prior) -> dict[str, float]:
    """Log likelihood ratios of withdrawal since some check-in, by what shows it."""
    return {
        "replies": _thinned(before, since, prior),
        "length": _shortened(before, since),
        "bond": _risen(
            before.skipped, before.rated, since.skipped, since.rated, USUALLY_SKIPPED, SKIPPED_WEIGHT, SKIPPED_MORE
        ),
        "words": _risen(
            before.appeasing,
            before.read,
            since.appeasing,
            since.read,
            USUALLY_APPEASING,
            APPEASING_WEIGHT,
            APPEASING_MORE,
        ),
    }


def _thinned(before: Habits, since: Habits, prior: Prior) -> float:
    """A reply comes THINNED times as often as usual: Beta-binomial, the chance of a miss expanded."""
    high = prior.reply_weight * prior.reply_rate + before.replied + since.replied
    low = prior.reply_weight * (1 - prior.reply_rate) + before.missed + since.missed
    missed = round(since.missed)
    term = total = 1.0
    for nth in range(missed):
        # misses that would have been replies: nth + 1 of them instead of nth
        term *= (missed - nth) / (nth + 1) * (1 - THINNED) * (high + nth) / (low - 1 - nth)
        total += term
    ratio = since.replied * log(THINNED) + log(total)
    return ratio if missed >= LEAST_UNANSWERED else min(0.0, ratio)


def _shortened(before: Habits, since: Habits) -> float:
    if before.written < LEAST_WRITTEN or not since.written:
        return 0.0
    scatter = max(0.0, before.words_squared - before.words**2 / before.written)
    variance = (LENGTH_WEIGHT * LENGTH_WITHIN**2 + scatter) / (LENGTH_WEIGHT + before.written - 1)
    weight = variance / LENGTH_BETWEEN**2
    usual = (weight * USUAL_LENGTH + before.words) / (weight + before.written)
    off = since.words - since.written * usual
    spread = since.written * (1 + since.written / (weight + before.written)) * variance
    fall = since.written * SHORTENED
    return (2 * off * fall - fall * fall) / (2 * spread)


def _risen(
    before: float, of_before: float, since: float, of_since: float, usual: float, weight: float, more: float
) -> float:
    """A share has risen by so much of what was left to rise."""
    if not of_since:
        return 0.0
    rate = (weight * usual + before) / (weight + of_before)
    risen = rate + (1 - rate) * more
    return since * log(risen / rate) + (of_since - since) * log((1 - risen) / (1 - rate))
