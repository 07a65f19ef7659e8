"""Signs of a possible rupture of the working alliance, judged at a patient's newest delivered check-in.

Markers say *possible*: a reason to ask, never a diagnosis. Missing is not low, and silence is never taken for
"fine". All channels are weighed together (`alliance.evidence`); what is told is the part that speaks loudest.

The vocabulary of withdrawal (moving away) and confrontation (moving against) is that of Safran and Muran
("Negotiating the Therapeutic Alliance", 2000) and of the Rupture Resolution Rating System, 3RS (Eubanks,
Muran and Safran 2015), by which trained observers hear it in sessions. Where a rule for language has heard
something in the words of the check-in, that decides the kind; without, it is a first approximation
(`alliance.marker.kind_of`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alliance.bars import DEEP_FLOOR, deep_floor, disagreements, floors
from alliance.baseline import DEFAULT_PRIOR, HELD_BACK_BELOW, Prior
from alliance.course import FLOOR, Course, course_of
from alliance.evidence import USUAL_POINTS, Began, Evidence, weigh
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.marker import FALLS, RULES, TOGETHER, Marker, Signal, in_families, kind_of
from alliance.observation import Observation
from alliance.voiced import strength_of, voiced, with_words

# One door for what is noticed; the rules with a fixed bar, words and the value itself have files of their own.
__all__ = [
    "DEEP_FLOOR",
    "FLOOR",
    "LIMIT",
    "TOGETHER",
    "Marker",
    "Observation",
    "RuptureKind",
    "Signal",
    "deep_floor",
    "in_families",
    "markers",
    "signs",
]

LIMIT = 1.34  # of the evidence; what the calibration table says of seven points and the default attention
LEAST_DROP = 1 / 6  # of the range: a point on a scale of seven; less is no sudden drop
ASIDE = -1.0  # predictive standard deviations from which a domain is named beside the one that fell most
SILENCE_FIRST = 1.0  # by how much fading must be likelier to be told where nothing came back at all
TELLS = 0.5  # log likelihood ratio from which a habit is named as a reason


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
    4. voiced: a rule for language has heard something in the words of this check-in, which enter the evidence of
       rule 1. With a fall they explain it and decide its kind; without one they are told alone.
    """
    if course.newest is None:
        return ()
    evidence = weigh(course, prior=prior, points=points)
    found = list(_changes(course, evidence, limit)) if evidence.total >= limit else []
    told = {marker.domain for marker in found}
    found += [marker for marker in floors(course, course.newest) if marker.domain not in told]
    found += disagreements(course.newest)
    if course.newest.heard:
        found = [*_explained(found, course.newest, evidence, limit), *_said(found, course, evidence, limit)]
    return tuple(sorted(found, key=lambda marker: -marker.strength))


def _changes(course: Course, evidence: Evidence, limit: float) -> Iterator[Marker]:
    """The part that speaks loudest has the strength of all, another one its own; it may be too weak alone."""
    fall, replies = evidence.fall, evidence.replies
    most = max(fall, replies, evidence.voiced)
    if fall >= min(most, limit):
        yield from _fallen(course, evidence, strength_of(evidence.total if fall >= most else fall, limit))
    if replies >= min(most, limit):
        strength = strength_of(evidence.total if replies >= most else replies, limit)
        # whoever has not replied at all for a while is silent, whatever came before
        is_silent = evidence.silence.evidence >= evidence.withdrawal.evidence - SILENCE_FIRST
        yield (_silent if is_silent else _fading)(course, evidence, strength)


def _explained(found: Sequence[Marker], newest: Observation, evidence: Evidence, limit: float) -> Iterator[Marker]:
    """Each sign with the words that bear on it; a low start is no quiet remark when a concern is voiced with it."""
    for marker in found:
        speaks_up = marker.signal is Signal.FLOOR and evidence.voiced >= limit
        told = with_words(marker, newest.heard)
        yield replace(told, is_quiet=False) if speaks_up else told


def _said(found: Sequence[Marker], course: Course, evidence: Evidence, limit: float) -> Iterator[Marker]:
    """A concern in words alone; where a rating has fallen they are told with it, once."""
    newest = course.newest
    if newest is None or any(marker.signal in FALLS for marker in found):
        return
    if evidence.voiced < min(limit, max(evidence.fall, evidence.replies)):
        return
    most = evidence.voiced >= max(evidence.fall, evidence.replies)
    marker = voiced(newest.heard, at=newest.at, limit=limit, total=evidence.total if most else evidence.voiced)
    if marker is not None and marker.domain is not None:
        before = course.usuals[marker.domain]
        yield replace(marker, rating=newest.ratings.get(marker.domain), usual=before.usual if before.is_known else None)


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
        kind=kind_of(newest, domain),
        domain=domain,
        signal=signal,
        strength=max(0.5, strength),
        since=since.since or newest.at,
        rating=newest.ratings[domain],
        usual=before.usual if before.is_known else None,
        unanswered=0,
        rule=RULES[signal],
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
        rule=RULES[Signal.FADING],
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
        rule=RULES[Signal.SILENCE],
        evidence=evidence.total,
        because={"replies": evidence.silence.evidence},
        replied=(0, course.unanswered + 1),
    )
