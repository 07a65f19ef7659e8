"""A patient's own usual: what this person tends to answer, learnt answer by answer from the clinic's prior.

All ratings are fractions of the scale's range, 0 the lowest point and 1 the highest, reverse-scored already.
"""

from dataclasses import dataclass, replace
from math import isfinite, sqrt

LEAST_ANSWERS = 4  # one alliance rating generalises at .77, four at .90 (Crits-Christoph et al. 2011)
LEAST_SPREAD = 0.08  # of the range: one answer's own imprecision, .16 * sqrt(1 - .77) by the same study
PRIOR_SPREAD_WEIGHT = 4.0  # answers; what the prior's spread is worth, as people's differ by a log-SD of .35
HELD_BACK_BELOW = -2.0  # predictive standard deviations: lower answers are news, not yet habit
LOOKED_BACK = 8  # answers over which it is judged whether low ones are exceptions
EXCEPTIONS = 2  # of those; from the third on, low answers belong to what is usual for this person
BAND = 1.28  # standard deviations on either side that hold four of five answers, were they normal


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """What to expect of a patient nobody knows yet: ratings in fractions of the range, replies as a share.

    The defaults are pooled from published ratings and reply rates; a clinic's own figures may replace them.
    """

    mean: float = 0.79
    between_spread: float = 0.16  # standard deviation from patient to patient
    within_spread: float = 0.12  # standard deviation from answer to answer of one patient
    reply_rate: float = 0.72
    reply_weight: float = 6.0  # check-ins the reply rate is worth
    shared: float = 0.7  # correlation of the domains, of usuals as of swings
    lingers: float = 0.2  # correlation with the answer before; published .25, some of it lost in rounding

    def __post_init__(self) -> None:
        """Refuse a prior with which nothing could be computed."""
        if not (0 < self.mean < 1 and 0 < self.reply_rate < 1):
            raise ValueError("a prior's mean and reply rate lie between 0 and 1")
        if min(self.between_spread, self.within_spread, self.reply_weight) <= 0:
            raise ValueError("a prior's spreads and weight are above 0")
        if not (0 <= self.shared < 1 and 0 <= self.lingers < 1):
            raise ValueError("a prior's correlations lie from 0 to below 1")


DEFAULT_PRIOR = Prior()


@dataclass(frozen=True, kw_only=True, slots=True)
class Usual:
    """The patient's own usual, shrunk towards the prior: fractions, and the answers it was learnt from.

    From `low` to `high`, four of five answers are expected.
    """

    mean: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """What has been learnt of one patient in one domain: of constant size, moved on by each answer."""

    prior: Prior = DEFAULT_PRIOR
    seen: int = 0  # answers, held back ones included
    count: int = 0  # answers learnt from
    own_mean: float = 0.0
    own_squares: float = 0.0  # sum of squared distances from own_mean (Welford 1962)
    lately_low: tuple[bool, ...] = ()  # for the latest answers, oldest first

    @property
    def is_known(self) -> bool:
        """Whether enough answers were seen to speak of a usual at all."""
        return self.seen >= LEAST_ANSWERS

    @property
    def spread(self) -> float:
        """Standard deviation from answer to answer: the patient's own, pooled with the prior's."""
        squares = PRIOR_SPREAD_WEIGHT * self.prior.within_spread**2 + self.own_squares
        pooled = squares / (PRIOR_SPREAD_WEIGHT + max(self.count - 1, 0))
        return max(LEAST_SPREAD, sqrt(pooled))

    @property
    def mean(self) -> float:
        """The patient's mean, shrunk towards the prior's by the usual normal-normal weights."""
        known, own = self._weights()
        return (known * self.prior.mean + own * self.own_mean) / (known + own)

    @property
    def predictive_spread(self) -> float:
        """Standard deviation of the next answer: the spread, and what the mean may be off."""
        return sqrt(self.spread**2 + 1 / sum(self._weights()))

    @property
    def usual(self) -> Usual:
        """The same for people to read."""
        reach = BAND * self.predictive_spread
        return Usual(
            mean=self.mean,
            low=max(0.0, self.mean - reach),
            high=min(1.0, self.mean + reach),
            count=self.count,
        )

    def z(self, rating: float) -> float:
        """How far an answer lies from the expected, in predictive standard deviations; negative is low."""
        return (rating - self.mean) / self.predictive_spread

    def after(self, rating: float) -> "Baseline":
        """The baseline once this answer (0 to 1, else ValueError) is in.

        An unusually low answer is held back, so that a bad time does not become the yardstick it is measured
        by. Until there is a usual, and once low answers come too often to be exceptions, they teach like any
        other: somebody who swings has a wide usual, not a broken one.
        """
        check_fraction(rating)
        is_low = self.z(rating) < HELD_BACK_BELOW
        lately_low = (*self.lately_low, is_low)[-LOOKED_BACK:]
        seen = replace(self, seen=self.seen + 1, lately_low=lately_low)
        if self.is_known and is_low and sum(lately_low) <= EXCEPTIONS:
            return seen
        count = self.count + 1
        own_mean = self.own_mean + (rating - self.own_mean) / count
        own_squares = self.own_squares + (rating - self.own_mean) * (rating - own_mean)
        return replace(seen, count=count, own_mean=own_mean, own_squares=own_squares)

    def _weights(self) -> tuple[float, float]:
        """Precision of the prior's mean, and of the patient's own."""
        return 1 / self.prior.between_spread**2, self.count / self.spread**2


def check_fraction(rating: float) -> None:
    """Raise ValueError for a rating that is no fraction of a scale's range."""
    if not (isfinite(rating) and 0 <= rating <= 1):
        raise ValueError(f"a rating is a fraction from 0 to 1, not {rating}")
