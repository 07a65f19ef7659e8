"""What is told at a fixed bar, whatever is usual: a low rating, and one far below the clinician's own."""

from collections.abc import Iterator
from datetime import timedelta

from alliance.baseline import HELD_BACK_BELOW
from alliance.course import FLOOR, Course
from alliance.heard import kind_said
from alliance.kind import RuptureKind
from alliance.marker import RULES, Marker, Signal, kind_of
from alliance.observation import Observation

FLOOR_RESTS = timedelta(weeks=4)  # said once in that time, or it becomes wallpaper
DEEP_FLOOR = 1 / 6  # of the range, everything asked taken together: no quiet remark any more
FAR_APART = 0.2  # of the range; so far below the clinician lies about one patient in eighteen


def floors(course: Course, newest: Observation) -> Iterator[Marker]:
    """The domains that are low now, were not in the last four weeks, and are not usually."""
    if not newest.ratings or (course.low_at is not None and newest.at - course.low_at < FLOOR_RESTS):
        return
    deep = sum(newest.ratings.values()) / len(newest.ratings) <= DEEP_FLOOR
    for domain, rating in newest.ratings.items():
        before = course.usuals[domain]
        is_usual = before.is_known and before.z(rating) > HELD_BACK_BELOW
        if rating > FLOOR or is_usual:
            continue
        yield Marker(
            kind=kind_of(newest, domain),
            domain=domain,
            signal=Signal.FLOOR,
            strength=min(1.0, (1 - rating) / (1 - FLOOR) / 2),
            since=newest.at,
            rating=rating,
            usual=before.usual if before.is_known else None,
            unanswered=0,
            rule=RULES[Signal.FLOOR],
            is_quiet=not deep,
        )


def deep_floor(course: Course) -> bool:
    """Whether the newest check-in is so low, all together, that the floor is no quiet remark."""
    return course.newest is not None and any(not marker.is_quiet for marker in floors(course, course.newest))


def disagreements(newest: Observation) -> Iterator[Marker]:
    """The domains in which the patient is far below the clinician: information, no alarm."""
    for domain, above in newest.clinician_ratings.items():
        rating = newest.ratings.get(domain)
        if rating is None or above - rating < FAR_APART:
            continue
        yield Marker(
            # a difference that is not spoken about, unless it is
            kind=kind_said(newest.heard, domain) or RuptureKind.WITHDRAWAL,
            domain=domain,
            signal=Signal.DISAGREEMENT,
            strength=min(1.0, (above - rating) / FAR_APART / 2),
            since=newest.at,
            rating=rating,
            usual=None,
            unanswered=0,
            rule=RULES[Signal.DISAGREEMENT],
            clinician_rating=above,
            is_quiet=True,
        )
