"""From scores to alarms: one refractory time, one false-alarm budget, one way to count for every method."""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from dataclasses import dataclass

import numpy as np

from benchmarks.detection.simulation import LOOKED_AFTER, Array, Flags, Ward

REFRACTORY = 4  # prompts after an alarm in which no other is raised
BUDGETS = (0.15, 0.30)  # false alarms per patient in twelve weeks
PREVALENCE = 0.25  # of patients have a rupture in that time
_HALVINGS = 40


def raised(scores: Array, limit: float) -> Flags:
    """Where an alarm is raised: the score (patients, prompts) reaches the limit and no alarm was raised just before."""
    alarms = np.zeros(scores.shape, dtype=bool)
    rests = np.zeros(len(scores), dtype=np.int64)
    for prompt in range(scores.shape[1]):
        now = (scores[:, prompt] >= limit) & (rests == 0)
        alarms[:, prompt] = now
        rests = np.where(now, REFRACTORY, np.maximum(rests - 1, 0))
    return alarms


def false_alarms(scores: Array, limit: float) -> float:
    """Alarms per patient, for patients to whom nothing happens."""
    return float(raised(scores, limit).sum(axis=1).mean())


def limit_for(budget: float, scores: Array) -> float:
    """The lowest limit that keeps false alarms within the budget (alarms per patient), by bisection."""
    finite = scores[np.isfinite(scores)]
    low, high = float(finite.min()) - 1.0, float(finite.max()) + 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if false_alarms(scores, middle) > budget else (low, middle)
    return high


@dataclass(frozen=True, kw_only=True, slots=True)
class Noticed:
    """How many were noticed, as a share, and how many prompts after the onset, as a median of those noticed."""

    sensitivity: float
    delay: float


def noticed(scores: Array, limit: float, ward: Ward) -> Noticed:
    """An alarm counts inside the shape and within two prompts after it."""
    since = np.arange(scores.shape[1])[None, :] - ward.onset[:, None]
    counts = raised(scores, limit) & (since >= 0) & (since < ward.length + LOOKED_AFTER)
    found = counts.any(axis=1)
    first = counts.argmax(axis=1) - ward.onset
    return Noticed(
        sensitivity=float(found.mean()), delay=float(np.median(first[found])) if found.any() else float("nan")
    )


def expected_ppv(sensitivity: float, false: float) -> float:
    """The share of flags that mean something, were a quarter of the patients to have a rupture."""
    true = PREVALENCE * sensitivity
    return true / (true + false) if true + false else 0.0
