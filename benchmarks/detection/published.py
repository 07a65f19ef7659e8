"""The published rules, side by side: each gives a score that is the higher, the more there is to notice.

Each looks at one domain at a time and takes the worst of the three. Before a patient's fourth answer those that
need a usual say nothing. They are given what they need (a prior, a spread) as generously as ours.
"""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Callable

import numpy as np

from benchmarks.detection.simulation import BETWEEN_SPREAD, DOMAINS, MEAN, PROMPTS, Array, Ward

LEAST_ANSWERS = 4
SPREAD = 0.12  # of the range; what a clinic expects of somebody it does not know
SPREAD_WEIGHT = 4.0  # answers
LAMBDA = 0.3  # EWMA
SLACK = 0.5  # CUSUM, in standard deviations
HAZARD = 1 / 24  # Bayesian online change point: one change in twelve weeks
MOVING_RANGE = 1.128  # Shewhart I-MR: the mean moving range of normal numbers, in standard deviations
HELD_BACK = -2.0
NOTHING = -1e9

Rule = Callable[[Array], Array]  # one domain's ratings (patients, prompts; NaN missing) to scores


def fixed_cut_off(ratings: Array) -> Array:
    """The lower the rating, the higher the score; the limit is the same for everybody."""
    return np.where(np.isnan(ratings), NOTHING, -ratings)


def last_change(ratings: Array) -> Array:
    """How far a rating fell below the one before (after Strauss), in the patient's own standard deviations."""
    scores, last = np.full(ratings.shape, NOTHING), np.full(len(ratings), np.nan)
    learnt = _Learnt(len(ratings))
    for prompt, rating in enumerate(ratings.T):
        fall = (last - rating) / learnt.spread()
        scores[:, prompt] = np.where(np.isnan(fall) | (learnt.count < LEAST_ANSWERS), NOTHING, fall)
        learnt.take(rating, ~np.isnan(rating))
        last = np.where(np.isnan(rating), last, rating)
    return scores


def shewhart(ratings: Array) -> Array:
    """Individuals chart: distance below the patient's mean in units of the mean moving range (Shewhart I-MR)."""
    scores, last = np.full(ratings.shape, NOTHING), np.full(len(ratings), np.nan)
    learnt, ranges, number = _Learnt(len(ratings)), np.zeros(len(ratings)), np.zeros(len(ratings))
    for prompt, rating in enumerate(ratings.T):
        # a few ranges are no spread yet: pooled with what is expected, as for all rules here
        spread = (SPREAD_WEIGHT * SPREAD + ranges / MOVING_RANGE) / (SPREAD_WEIGHT + number)
        below = (learnt.mean - rating) / spread
        scores[:, prompt] = np.where(np.isnan(below) | (learnt.count < LEAST_ANSWERS), NOTHING, below)
        moved = np.abs(rating - last)
        ranges, number = ranges + np.nan_to_num(moved), number + ~np.isnan(moved)
        learnt.take(rating, ~np.isnan(rating))
        last = np.where(np.isnan(rating), last, rating)
    return scores


def ewma(ratings: Array) -> Array:
    """An exponentially weighted mean of the distance from the patient's first answers (Roberts; Schat 2021)."""
    return _charted(ratings, lambda level, z: (1 - LAMBDA) * level + LAMBDA * z, lambda level: -level)


def cusum(ratings: Array) -> Array:
    """A cumulative sum of falls beyond half a standard deviation (Page 1954)."""
    return _charted(ratings, lambda level, z: np.maximum(0, level - z - SLACK), lambda level: level)


def shrunken_z(ratings: Array) -> Array:
    """The predictive z of a new answer, its mean and spread shrunk to the prior; low readings do not teach."""
    scores, learnt = np.full(ratings.shape, NOTHING), _Learnt(len(ratings))
    for prompt, rating in enumerate(ratings.T):
        z = (rating - learnt.shrunk_mean()) / learnt.predictive_spread()
        scores[:, prompt] = np.where(np.isnan(z) | (learnt.count < LEAST_ANSWERS), NOTHING, -z)
        learnt.take(rating, ~np.isnan(rating) & (z > HELD_BACK))
    return scores


def change_point(ratings: Array) -> Array:
    """Bayesian online change point (Adams and MacKay 2007): log odds of a recent change to something lower."""
    patients = len(ratings)
    scores = np.full(ratings.shape, NOTHING)
    logs = np.full((patients, PROMPTS + 1), -np.inf)  # log weight of each run length, newest run first
    logs[:, 0] = 0.0
    sums, counts = np.zeros((patients, PROMPTS + 1)), np.zeros((patients, PROMPTS + 1))
    answers = np.zeros(patients)
    for prompt, rating in enumerate(ratings.T):
        given = ~np.isnan(rating)
        within = SPREAD**2
        variance = 1 / (1 / BETWEEN_SPREAD**2 + counts / within)
        mean = variance * (MEAN / BETWEEN_SPREAD**2 + sums / within)
        fits = -0.5 * (np.nan_to_num(rating)[:, None] - mean) ** 2 / (variance + within)
        fits -= 0.5 * np.log(variance + within)
        grown = logs + np.where(given[:, None], fits, 0.0) + np.log(1 - HAZARD)
        # a new run begins with this answer
        begun = np.logaddexp.reduce(logs + np.log(HAZARD), axis=1)
        begun += np.where(given, -0.5 * (np.nan_to_num(rating) - MEAN) ** 2 / (BETWEEN_SPREAD**2 + within), 0.0)
        begun -= np.where(given, 0.5 * np.log(BETWEEN_SPREAD**2 + within), 0.0)
        logs = np.concatenate([begun[:, None], grown[:, :-1]], axis=1)
        sums = np.concatenate([np.zeros((patients, 1)), sums[:, :-1]], axis=1) + np.nan_to_num(rating)[:, None]
        counts = np.concatenate([np.zeros((patients, 1)), counts[:, :-1]], axis=1) + given[:, None]
        logs -= np.logaddexp.reduce(logs, axis=1)[:, None]
        answers += given
        scores[:, prompt] = np.where(
            given & (answers > LEAST_ANSWERS), _lower_since(logs, sums, counts, prompt), NOTHING
        )
    return scores


def _lower_since(logs: Array, sums: Array, counts: Array, prompt: int) -> Array:
    """Log odds that a run of at most eight prompts goes on whose mean is lower than everything before it."""
    total, number = sums[:, prompt : prompt + 1], counts[:, prompt : prompt + 1]
    earlier = (total - sums) / np.maximum(number - counts, 1)
    lower = (sums / np.maximum(counts, 1) < earlier) & (number > counts)
    recent = np.arange(logs.shape[1])[None, :] < min(8, prompt)
    weight = np.where(lower & recent, np.exp(logs), 0.0).sum(axis=1)
    return np.log(weight + 1e-12) - np.log1p(-np.minimum(weight, 1 - 1e-12))


def _charted(ratings: Array, move: Callable[[Array, Array], Array], tell: Callable[[Array], Array]) -> Array:
    """A chart against the first answers: the baseline stands still once four answers are in."""
    scores, level = np.full(ratings.shape, NOTHING), np.zeros(len(ratings))
    learnt = _Learnt(len(ratings))
    for prompt, rating in enumerate(ratings.T):
        given, ready = ~np.isnan(rating), learnt.count >= LEAST_ANSWERS
        z = (rating - learnt.shrunk_mean()) / learnt.spread()
        level = np.where(given & ready, move(level, np.nan_to_num(z)), level)
        scores[:, prompt] = np.where(given & ready, tell(level), NOTHING)
        # low readings do not teach, all others go on to: a baseline of four answers alone is too rough
        learnt.take(rating, given & (~ready | (z > HELD_BACK)))
    return scores


class _Learnt:
    """Mean and spread of each patient's answers so far, pooled with what is expected."""

    def __init__(self, patients: int) -> None:
        self.count, self.mean, self._squares = np.zeros(patients), np.zeros(patients), np.zeros(patients)

    def take(self, rating: Array, teaches: np.ndarray) -> None:
        new = np.where(teaches, rating, 0.0)
        self.count = self.count + teaches
        step = np.where(teaches, new - self.mean, 0.0)
        self.mean = self.mean + step / np.maximum(self.count, 1)
        self._squares = self._squares + step * np.where(teaches, new - self.mean, 0.0)

    def spread(self) -> Array:
        pooled = SPREAD_WEIGHT * SPREAD**2 + self._squares
        return np.sqrt(pooled / (SPREAD_WEIGHT + np.maximum(self.count - 1, 0)))

    def shrunk_mean(self) -> Array:
        prior, own = 1 / BETWEEN_SPREAD**2, self.count / self.spread() ** 2
        return (prior * MEAN + own * self.mean) / (prior + own)

    def predictive_spread(self) -> Array:
        return np.sqrt(self.spread() ** 2 + 1 / (1 / BETWEEN_SPREAD**2 + self.count / self.spread() ** 2))


RULES: dict[str, Rule] = {
    "fixed cut-off": fixed_cut_off,
    "last change": last_change,
    "Shewhart I-MR": shewhart,
    "EWMA": ewma,
    "CUSUM": cusum,
    "shrunken z": shrunken_z,
    "Bayesian change point": change_point,
}


def scores_of(rule: Rule, ward: Ward) -> Array:
    """The worst of the three domains at each prompt."""
    return np.max([rule(ward.ratings[:, :, domain]) for domain in range(DOMAINS)], axis=0)
