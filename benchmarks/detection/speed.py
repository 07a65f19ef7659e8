"""How long one evaluation of a patient with two years of check-ins takes."""

from time import perf_counter

import numpy as np

from alliance.course import Course, course_of
from alliance.rupture import signs
from benchmarks.detection.ours import HALF_A_WEEK, observations
from benchmarks.detection.simulation import EXPECTED, PROMPTS, Shape, simulate

TWO_YEARS = 208  # check-ins, two a week
PATIENTS, TIMES = 20, 25


def microseconds() -> float:
    """The median over patients of the quickest of several evaluations, as the nightly one does them."""
    return float(np.median([min(_timed(course) for _ in range(TIMES)) for course in courses(PATIENTS)]))


def _timed(course: Course) -> float:
    began = perf_counter()
    signs(course)
    return (perf_counter() - began) * 1e6


def courses(patients: int) -> list[Course]:
    """Patients with two years of check-ins: their twelve weeks again and again."""
    ward = simulate(EXPECTED, Shape.WITHDRAWAL, patients, np.random.default_rng(7))
    found: list[Course] = []
    for patient in range(patients):
        seen = [one for one in observations(ward, patient) if one is not None]
        history = [
            type(one)(
                at=one.at + again * PROMPTS * HALF_A_WEEK,
                ratings=one.ratings,
                replied=one.replied,
                words=one.words,
            )
            for again in range(TWO_YEARS // PROMPTS + 1)
            for one in seen
        ]
        found.append(course_of(history[:TWO_YEARS]))
    return found
