"""The product's own detector on simulated patients: the same code that reads a real patient's check-ins."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isnan

import numpy as np

from alliance.course import Course
from alliance.evidence import weigh
from alliance.items import Domain
from alliance.observation import Observation
from alliance.rupture import Signal, deep_floor, signs
from benchmarks.detection.simulation import PROMPTS, Array, Ward

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
HALF_A_WEEK = timedelta(days=3, hours=12)
NOTHING = -1e9  # no check-in, or nothing to say
ALWAYS = 1e6  # the floor is an alarm whatever the limit
SLICE = 250  # patients to a piece of work


def scores_of_ours(ward: Ward, *, lengths: bool = True) -> Array:
    """The evidence at each prompt; without lengths as in a file of ratings, where nobody knows what was written."""
    places = [*range(0, len(ward.replied), SLICE), len(ward.replied)]
    pieces = [(ward, range(first, last), lengths) for first, last in pairwise(places)]
    with ProcessPoolExecutor(max_workers=len(os.sched_getaffinity(0))) as workers:
        return np.concatenate(list(workers.map(_some, *zip(*pieces, strict=True))))


def _some(ward: Ward, patients: Sequence[int], lengths: bool) -> Array:
    scores = np.full((len(patients), PROMPTS), NOTHING)
    for place, patient in enumerate(patients):
        course = Course()
        for prompt, seen in enumerate(observations(ward, patient, lengths=lengths)):
            if seen is not None:
                course = course.after(seen)
                total = weigh(course, points=ward.setting.points).total
                scores[place, prompt] = ALWAYS if deep_floor(course) else max(total, NOTHING)
    return scores


def observations(ward: Ward, patient: int, *, lengths: bool = True) -> list[Observation | None]:
    """One patient's prompts as the product sees them; None for one that never left us."""
    ratings, words = ward.ratings[patient].tolist(), ward.log_words[patient].tolist()
    replied, delivered = ward.replied[patient].tolist(), ward.delivered[patient].tolist()
    return [
        Observation(
            at=FIRST + prompt * HALF_A_WEEK,
            ratings={domain: rating for domain, rating in zip(Domain, given, strict=True) if not isnan(rating)},
            replied=replied[prompt],
            words=max(1, round(np.exp(words[prompt]))) if lengths and replied[prompt] else None,
        )
        if delivered[prompt]
        else None
        for prompt, given in enumerate(ratings)
    ]


def quiet_floor_lines(ward: Ward) -> float:
    """Floor lines outside the budget, per patient: told in the digest, but not as an alarm."""
    number = 0
    for patient in range(len(ward.replied)):
        course = Course()
        for seen in observations(ward, patient):
            if seen is not None:
                course = course.after(seen)
                # several domains at the floor at once are one line
                number += any(one.signal is Signal.FLOOR and one.is_quiet for one in signs(course))
    return number / len(ward.replied)
