"""Signs of a possible rupture of the working alliance, judged at a patient's newest delivered check-in.

Markers say *possible*: a reason to ask, never a diagnosis. Missing is not low, and silence is never taken for
"fine". All channels are weighed together (`alliance.evidence`); what is told is the part that speaks loudest.

The vocabulary of withdrawal (moving away) and confrontation (moving against) is that of Safran and Muran
("Negotiating the Therapeutic Alliance", 2000) and of the Rupture Resolution Rating System, 3RS (Eubanks,
Muran and Safran 2015), by which trained observers hear it in sessions. We only have numbers and whether words
came with them, so the kind is a first approximation: who falls silent has moved away; a fall that came with a
written remark is taken as said openly, so confrontation; a fall without a word as withdrawal. It can be wrong
both ways: the remark may be a polite excuse, the bare low rating a protest. Reading the words decides that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from alliance.baseline import DEFAULT_PRIOR, HELD_BACK_BELOW, Prior, Usual
from alliance.course import FLOOR, Course, course_of
from alliance.evidence import USUAL_POINTS, Began, Evidence, weigh
from alliance.items import Domain
from alliance.observation import Observation

__all__ = ["DEEP_FLOOR", "FLOOR", "LIMIT", "Marker", "Observation", "RuptureKind", "Signal", "markers", "signs"]

LIMIT = 1.34  # of the evidence; what the calibration table says of seven points and the default attention
SURE = 3.0  # above the limit, twenty times as likely again: the most that is said
FLOOR_RESTS = timedelta(weeks=4)  # said once in that time, or it becomes wallpaper
DEEP_FLOOR = 1 / 6  # of the range, everything asked taken together: no quiet remark any more
LEAST_DROP = 1 / 6  # of the range: a point on a scale of seven; less is no sudden drop
ASIDE = -1.0  # predictive standard deviations from which a domain is named beside the one that fell most
FAR_APART = 0.2  # of the range; so far below the clinician lies about one patient in eighteen
SILENCE_FIRST = 1.0  # by how much fading must be likelier to be told where nothing came back at all
TELLS = 0.5  # log likelihood ratio from which a habit is named as a reason


class RuptureKind(StrEnum):
    """How a rupture shows (Safran and Muran): moving away, or moving against."""

    WITHDRAWAL = "withdrawal"
    CONFRONTATION = "confrontation"


class Signal(StrEnum):
    """What was noticed."""

    FLOOR = "floor"  # low, whatever is usual
    DROP = "drop"  # suddenly low for this person
    DRIFT = "drift"  # lower for a while, no single answer stands out
    FADING = "fading"  # rarer or shorter replies, the bond item left out
    SILENCE = "silence"
    DISAGREEMENT = "disagreement"  # the clinician rated higher; information, not an alarm


# signals that are one thing: a later one joins the flag of an earlier one
TOGETHER: tuple[tuple[Signal, ...], ...] = (
    (Signal.DROP, Signal.DRIFT),
    (Signal.FADING, Signal.SILENCE),
    (Signal.FLOOR,),
    (Signal.DISAGREEMENT,),
)

# the version goes up with every change of what a rule flags, so that an old flag can be explained
_RULES = {
    Signal.FLOOR: "floor/2",
    Signal.DROP: "drop/2",
    Signal.DRIFT: "drift/1",
    Signal.FADING: "fading/1",
    Signal.SILENCE: "silence/2",
    Signal.DISAGREEMENT: "disagreement/1",
}


def _no_reasons() -> Mapping[str, float]:
    return {}


@dataclass(frozen=True, kw_only=True, slots=True)
class Marker:
    """A sign of a possible rupture with its evidence; `strength` is .5 at the rule's limit, 1 the most it says."""

    kind: RuptureKind
    domain: Domain | None  # None for what is about replies
    signal: Signal
    strength: float
    since: datetime
    rating: float | None  # the newest, a fraction
    usual: Usual | None  # as it was before the newest; None until enough answers are known
    unanswered: int  # check-ins in a row up to now
    rule: str  # name and version
    evidence: float | None = None  # log likelihood ratio, all channels together; None for a fixed bar
    because: Mapping[str, float] = field(default_factory=_no_reasons)  # log likelihood ratios that speak for it
    replied: tuple[int, int] | None = None  # of so many check-ins since then, for what is about replies
    clinician_rating: float | None = None
    is_quiet: bool = False  # worth a line, outside the budget of false alarms


def markers(
    history: Sequence[Observation],
    *,
    prior: Prior = DEFAULT_PRIOR,
    limit: float = LIMIT,
    points: int = USUAL_POINTS,
) -> tuple[Marker, ...]:
    """What the newest delivered check-in says, strongest first; empty for nothing to say or no history.

    `history` holds every delivered check-in, oldest first (else ValueError). The same as `signs` of the course.
    """
    return signs(course_of(history), prior=prior, limit=limit, points=points)


def signs(
    course: Course, *, prior: Prior = DEFAULT_PRIOR, limit: float = LIMIT, points: int = USUAL_POINTS
) -> tuple[Marker, ...]:
    """What a patient's course says at its newest check-in, strongest first.

    1. drop, drift, fading, silence: when the evidence for any change reaches `limit`, the part that speaks
       loudest is told, and each other part that would reach it alone. Ratings count once four answers are known
       before the change (Crits-Christoph et al. 2011), silence from the third check-in in a row.
    2. floor, per domain: at or below half the range, from the very first answer on, unless another answer had a
       rating there within the four weeks before, or it is no exception for this person, whose usual is known.
       Real ratings support a fixed floor beside a personal baseline. What is a drop as well is told as a drop.
       It is quiet, unless everything asked, taken together, lies in the lowest sixth.
    3. disagreement, per domain: a fifth of the range or more below the clinician's own rating. Quiet as well.
    """
    if course.newest is None:
        return ()
    evidence = weigh(course, prior=prior, points=points)
    found = list(_changes(course, evidence, limit)) if evidence.total >= limit else []
    told = {marker.domain for marker in found}
    found += [marker for marker in _floors(course, course.newest) if marker.domain not in told]
    found += _disagreements(course.newest)
    return tuple(sorted(found, key=lambda marker: -marker.strength))


def in_families(found: Sequence[Marker]) -> Iterator[tuple[Marker, ...]]:
    """The markers of one moment as they are told: those that are one thing together, the first one ahead."""
    for family in TOGETHER:
        markers = tuple(marker for marker in found if marker.signal in family)
        if markers:
            yield markers


def deep_floor(course: Course) -> bool:
    """Whether the newest check-in is so low, all together, that the floor is no quiet remark."""
    return course.newest is not None and any(not marker.is_quiet for marker in _floors(course, course.newest))


def _changes(course: Course, evidence: Evidence, limit: float) -> Iterator[Marker]:
    """The part that speaks loudest has the strength of all, the other one its own; it may be too weak alone."""
    fall, replies = evidence.fall, evidence.replies
    if fall >= min(replies, limit):
        yield from _fallen(course, evidence, _strength(evidence.total if fall >= replies else fall, limit))
    if replies >= min(fall, limit):
        strength = _strength(evidence.total if replies >= fall else replies, limit)
        # whoever has not replied at all for a while is silent, whatever came before
        is_silent = evidence.silence.evidence >= evidence.withdrawal.evidence - SILENCE_FIRST
        yield (_silent if is_silent else _fading)(course, evidence, strength)


def _strength(evidence: float, limit: float) -> float:
    return min(1.0, 0.5 + 0.5 * (evidence - limit) / SURE)


def _fallen(course: Course, evidence: Evidence, strength: float) -> Iterator[Marker]:
    """The domain that fell, or those that fell together; the furthest first and strongest."""
    assert course.newest is not None  # noqa: S101  # there is evidence of it
    ratings, usuals = course.newest.ratings, course.usuals
    began = max(evidence.alone.values(), key=lambda one: one.evidence, default=Began())
    domains = [domain for domain, one in evidence.alone.items() if one is began]
    if evidence.everywhere.evidence >= began.evidence:
        began = evidence.everywhere
        below = sorted(ratings, key=lambda domain: usuals[domain].z(ratings[domain]))
        domains = [d for nth, d in enumerate(below) if nth == 0 or usuals[d].z(ratings[d]) <= ASIDE]
    for nth, domain in enumerate(domains):
        usual, rating = usuals[domain], ratings[domain]
        sudden = usual.z(rating) <= HELD_BACK_BELOW and usual.mean - rating > LEAST_DROP
        signal = Signal.DROP if sudden else Signal.DRIFT
        # the strength is one of all of them, so the furthest is told first by a hair
        yield _marker(
            course.newest,
            domain,
            signal,
            strength=strength * (1 - nth * 1e-6),
            since=began,
            course=course,
            evidence=evidence,
        )


def _marker(
    newest: Observation,
    domain: Domain,
    signal: Signal,
    *,
    strength: float,
    since: Began,
    course: Course,
    evidence: Evidence,
) -> Marker:
    before = course.usuals[domain]
    return Marker(
        kind=RuptureKind.CONFRONTATION if newest.wrote else RuptureKind.WITHDRAWAL,
        domain=domain,
        signal=signal,
        strength=max(0.5, strength),
        since=since.since or newest.at,
        rating=newest.ratings[domain],
        usual=before.usual if before.is_known else None,
        unanswered=0,
        rule=_RULES[signal],
        evidence=evidence.total,
        because={"ratings": evidence.fall},
    )


def _fading(course: Course, evidence: Evidence, strength: float) -> Marker:
    assert course.newest is not None  # noqa: S101  # there is evidence of it
    since = course.steps()[evidence.withdrawal.place :]
    return Marker(
        kind=RuptureKind.WITHDRAWAL,
        domain=None,
        signal=Signal.FADING,
        strength=strength,
        since=evidence.withdrawal.since or course.newest.at,
        rating=None,
        usual=None,
        unanswered=0 if course.newest.replied else course.unanswered + 1,
        rule=_RULES[Signal.FADING],
        evidence=evidence.total,
        because={name: ratio for name, ratio in evidence.withdrawal_by.items() if ratio >= TELLS},
        replied=(sum(1 for step in since if step.habit.replied), len(since)),
    )


def _silent(course: Course, evidence: Evidence, strength: float) -> Marker:
    assert course.newest is not None  # noqa: S101  # there is evidence of it
    return Marker(
        kind=RuptureKind.WITHDRAWAL,
        domain=None,
        signal=Signal.SILENCE,
        strength=strength,
        since=course.silent_since or course.newest.at,
        rating=None,
        usual=None,
        unanswered=course.unanswered + 1,
        rule=_RULES[Signal.SILENCE],
        evidence=evidence.total,
        because={"replies": evidence.silence.evidence},
        replied=(0, course.unanswered + 1),
    )


def _floors(course: Course, newest: Observation) -> Iterator[Marker]:
    if not newest.ratings or (course.low_at is not None and newest.at - course.low_at < FLOOR_RESTS):
        return
    deep = sum(newest.ratings.values()) / len(newest.ratings) <= DEEP_FLOOR
    for domain, rating in newest.ratings.items():
        before = course.usuals[domain]
        is_usual = before.is_known and before.z(rating) > HELD_BACK_BELOW
        if rating > FLOOR or is_usual:
            continue
        yield Marker(
            kind=RuptureKind.CONFRONTATION if newest.wrote else RuptureKind.WITHDRAWAL,
            domain=domain,
            signal=Signal.FLOOR,
            strength=min(1.0, (1 - rating) / (1 - FLOOR) / 2),
            since=newest.at,
            rating=rating,
            usual=before.usual if before.is_known else None,
            unanswered=0,
            rule=_RULES[Signal.FLOOR],
            is_quiet=not deep,
        )


def _disagreements(newest: Observation) -> Iterator[Marker]:
    for domain, above in newest.clinician_ratings.items():
        rating = newest.ratings.get(domain)
        if rating is None or above - rating < FAR_APART:
            continue
        yield Marker(
            kind=RuptureKind.WITHDRAWAL,  # a difference that is not spoken about
            domain=domain,
            signal=Signal.DISAGREEMENT,
            strength=min(1.0, (above - rating) / FAR_APART / 2),
            since=newest.at,
            rating=rating,
            usual=None,
            unanswered=0,
            rule=_RULES[Signal.DISAGREEMENT],
            clinician_rating=above,
            is_quiet=True,
        )
