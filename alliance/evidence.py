"""One number for everything that is known of a patient's check-ins: how much likelier a change is than the usual.

It is the logarithm of a likelihood ratio, averaged over what may have happened (a fall of one domain, of all, a
withdrawal, a silence, a concern put into words) and over the check-in at which it may have begun. Because every
channel enters the same number, none has a threshold of its own: a reply that was missed and one that was shorter add
up, and each further thing that is looked at costs a little in false alarms instead of a budget of its own. How high
the number must be follows from the clinic's attention (`alliance.calibration`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log

from alliance.baseline import DEFAULT_PRIOR, LEAST_ANSWERS, Prior
from alliance.course import RECENT, Course, Step
from alliance.falls import DOMAINS, EVERYWHERE, IN_ONE, Fall, falls, log_sum
from alliance.habits import LEAST_UNANSWERED, Habits, silence, withdrawal
from alliance.heard import Heard, loudest
from alliance.items import Domain

RULES = "evidence/1"  # goes up with everything that changes the number: then the table is calibrated anew
# what is looked for first; a fall is told by words too, so it weighs most
FALL, WITHDRAWAL, SILENCE = 1.0, 0.15, 0.1
# few remarks say anything, so the table of limits is made without words; what they add in false flags is measured by
# benchmarks.detection.words
VOICED = 0.7
NEVER_STARTED = 3.0  # times as likely is a silence of somebody who has never answered yet
LOWER_NOW = -0.5  # predictive standard deviations of a domain that is still low
USUAL_POINTS = 7  # of our own scale
_SOONER = 0.15  # by which a fall is expected the less, the longer ago it began: seen earlier, and single ones too
_AGES = [exp(-_SOONER * age) for age in range(RECENT)]
_SINCE = [log(age / sum(_AGES)) for age in _AGES]  # log prior of a fall's beginning, by age
_NEVER = -float("inf")


@dataclass(frozen=True, kw_only=True, slots=True)
class Began:
    """Something that may have happened: its share of the evidence as a logarithm, and since when, most likely."""

    evidence: float = _NEVER
    since: datetime | None = None
    place: int = 0  # of that check-in among the recent ones


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What speaks for a change (natural logarithms), all together and taken apart."""

    total: float = _NEVER
    everywhere: Began = Began()
    alone: Mapping[Domain, Began]
    withdrawal: Began = Began()
    withdrawal_by: Mapping[str, float]  # replies, length, bond, words, ratings: since its most likely beginning
    silence: Began = Began()
    voiced: float = _NEVER

    @property
    def fall(self) -> float:
        """For a fall of ratings, in whatever domain."""
        return log_sum([self.everywhere.evidence, *(one.evidence for one in self.alone.values())])

    @property
    def replies(self) -> float:
        """For a change in the way of replying."""
        return log_sum([self.withdrawal.evidence, self.silence.evidence])


def weigh(course: Course, *, prior: Prior = DEFAULT_PRIOR, points: int = USUAL_POINTS) -> Evidence:
    """Everything known of a patient, weighed; reads only. `points` is how many a rating could choose from.

    Ratings are weighed at a check-in that was rated, after at least four before; habits at every one.
    """
    steps = course.steps()
    if not steps:
        return Evidence(alone={}, withdrawal_by={})
    found = falls(course.old, [step.answer for step in steps], prior=prior, points=points)
    low = _lower_now(course)
    everywhere, alone = Began(), dict[Domain, Began]()
    if low:
        # who is only ever asked about one domain can fall in no other
        several = course.old.freedom or any(step.answer.freedom for step in steps if step.answer)
        everywhere = _began([f.everywhere for f in found], found, steps, FALL * (EVERYWHERE if several else 1))
        alone = {
            domain: _began([f.alone[nth] for f in found], found, steps, FALL * IN_ONE)
            for nth, domain in enumerate(DOMAINS)
            if domain in low and several
        }
    withdrawn, by = _withdrawal(course, steps, found, prior)
    silent = _silence(course, steps, prior)
    voiced = spoken(course.newest.heard) if course.newest else _NEVER
    parts = [everywhere.evidence, *(one.evidence for one in alone.values()), withdrawn.evidence, silent.evidence]
    return Evidence(
        total=log_sum([*parts, voiced]),
        everywhere=everywhere,
        alone=alone,
        withdrawal=withdrawn,
        withdrawal_by=by,
        silence=silent,
        voiced=voiced,
    )


def spoken(heard: Sequence[Heard]) -> float:
    """What words say for a concern: the loudest of them, as several in one breath say the same thing."""
    most = loudest(heard)
    return most.evidence + log(VOICED) if most else _NEVER


def _lower_now(course: Course) -> frozenset[Domain]:
    """The domains whose newest rating lies clearly below the usual: a fall that has passed is told no more."""
    if course.newest is None or course.answers < LEAST_ANSWERS:
        return frozenset()
    ratings = course.newest.ratings
    return frozenset(domain for domain, rating in ratings.items() if course.usuals[domain].z(rating) < LOWER_NOW)


def _began(logs: Sequence[float], found: Sequence[Fall], steps: Sequence[Step], weight: float) -> Began:
    if not logs:
        return Began()
    weighed = [each + _SINCE[len(steps) - 1 - fall.place] for each, fall in zip(logs, found, strict=True)]
    place = found[max(range(len(weighed)), key=weighed.__getitem__)].place
    return Began(evidence=log_sum(weighed) + log(weight), since=steps[place].at, place=place)


def _withdrawal(
    course: Course, steps: Sequence[Step], found: Sequence[Fall], prior: Prior
) -> tuple[Began, Mapping[str, float]]:
    hints = {fall.place: fall.hint for fall in found}
    before, since = course.habits.plus(Habits(missed=course.held)), Habits()
    for step in steps[:-1]:
        before = before.plus(step.habit)
    hint, ways = 0.0, list[dict[str, float]]()
    for place in range(len(steps) - 1, -1, -1):
        since = since.plus(steps[place].habit)
        hint = hints.get(place, hint)  # where nothing was rated, a fall since then is one since the next rating
        ways.append({**withdrawal(before, since, prior), "ratings": hint})
        if place:
            before = before.minus(steps[place - 1].habit)
    logs = [sum(way.values()) for way in ways]
    best = max(range(len(logs)), key=logs.__getitem__)
    place = len(steps) - 1 - best
    if steps[-1].habit.replied and sum(ways[best][way] for way in ("length", "bond", "words")) <= 0:
        return Began(), ways[best]  # a reply like any other: whoever was away is back
    evidence = log_sum(logs) + log(WITHDRAWAL / RECENT)
    return Began(evidence=evidence, since=steps[place].at, place=place), ways[best]


def _silence(course: Course, steps: Sequence[Step], prior: Prior) -> Began:
    if course.newest is None or course.newest.replied:
        return Began()
    missed = course.unanswered + 1
    if missed < LEAST_UNANSWERED:
        return Began()
    before = course.habits
    for step in steps[: max(0, len(steps) - missed)]:
        before = before.plus(step.habit)
    logs = silence(before, missed, prior, beginnings=RECENT)
    first = course.silent_since or course.newest.at
    weight = SILENCE if before.replied else SILENCE * NEVER_STARTED
    return Began(evidence=log_sum(logs) + log(weight / RECENT), since=first, place=max(0, len(steps) - missed))
