"""A patient's course: what is remembered of all check-ins, of constant size, moved on by each one.

The latest check-in stands apart, because it still changes while it is open or when somebody corrects it. The nine
before it are kept one by one, as a change may have begun at any of them. What is older is added up and counts a
little less with each check-in that follows, so that after some four months a new usual has taken the old one's place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import log
from typing import NamedTuple

from alliance.baseline import Baseline
from alliance.falls import Sums, one_answer
from alliance.habits import Habits
from alliance.items import Domain
from alliance.observation import Observation

RECENT = 10  # check-ins with the latest, five weeks at two a week; what began earlier has become usual
FADES = 0.96  # what an old check-in still counts after each later one: a memory of some twenty-five
FLOOR = 0.5  # of the range: a fixed bar any higher would mark most patients at their first answer


NOTHING_RATED, NOTHING_SENT = Sums(), Habits()


class UnreadableCourse(ValueError):
    """What was kept of a patient's course is of another version: it has to be told anew from the first check-in."""


class Step(NamedTuple):
    """One check-in among the recent ones, as sums of one."""

    at: datetime
    answer: Sums | None  # None: nothing was rated
    habit: Habits


def _unknown() -> Mapping[Domain, Baseline]:
    return {domain: Baseline() for domain in Domain}


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Everything the rules need to know of one patient; all but ``newest`` is as it was before that one."""

    newest: Observation | None = None
    recent: tuple[Step, ...] = ()  # oldest first
    old: Sums = NOTHING_RATED  # ratings before these
    habits: Habits = NOTHING_SENT  # replies before these
    usuals: Mapping[Domain, Baseline] = field(default_factory=_unknown)  # for people to read
    low_at: datetime | None = None  # the latest answer with a rating at the floor
    answers: int = 0  # check-ins with a rating
    unanswered: int = 0  # in a row
    silent_since: datetime | None = None
    held: float = 0.0  # check-ins older than the recent ones that belong to a silence that goes on: no habit yet

    def after(self, seen: Observation) -> "Course":
        """The course with one more check-in, the latest so far (else ValueError): constant time."""
        if self.newest is None:
            return replace(self, newest=seen)
        if seen.at < self.newest.at:
            raise ValueError("a history is given oldest first")
        moved = _moved(self, self.newest)
        known, now = self.newest.instrument, seen.instrument
        return replace(moved if now in ("", known) or not known else _afresh(moved), newest=seen)

    def corrected(self, seen: Observation) -> "Course":
        """The course when the latest check-in turns out otherwise: more was answered, written or put right."""
        if self.newest is None or (self.newest.at, self.newest.instrument) != (seen.at, seen.instrument):
            raise ValueError("only the latest check-in can be corrected in place")
        return replace(self, newest=seen)

    def steps(self) -> tuple[Step, ...]:
        """The recent check-ins with the latest, oldest first."""
        return self.recent if self.newest is None else (*self.recent, _step(self, self.newest))


def course_of(history: Iterable[Observation]) -> Course:
    """The course told from the first check-in on; what the step by step one equals."""
    course = Course()
    for seen in history:
        course = course.after(seen)
    return course


def _habit(seen: Observation) -> Habits:
    if not seen.replied:
        return Habits(missed=1.0)
    length = log(seen.words) if seen.words else 0.0
    # two domains, or one and the sight of it left out: only then could the bond item have been avoided
    is_beside_others = len(seen.ratings) + seen.rated_elsewhere > 1 or seen.skipped_bond
    return Habits(
        replied=1.0,
        rated=1.0 if is_beside_others and seen.skipped_bond is not None else 0.0,
        skipped=1.0 if seen.skipped_bond else 0.0,
        written=1.0 if seen.words else 0.0,
        words=length,
        words_squared=length * length,
        read=0.0 if seen.appeasing is None else 1.0,
        appeasing=1.0 if seen.appeasing else 0.0,
    )


def _step(course: Course, seen: Observation) -> Step:
    answer = one_answer(seen.ratings, course.usuals) if seen.ratings else None
    return Step(seen.at, answer, _habit(seen))


def _moved(course: Course, seen: Observation) -> Course:
    """The latest check-in takes its place among the recent ones, and the oldest of them is added up."""
    steps = (*course.recent, _step(course, seen))
    is_low = any(rating <= FLOOR for rating in seen.ratings.values())
    taught = {domain: course.usuals[domain].after(rating) for domain, rating in seen.ratings.items()}
    moved = replace(
        course,
        recent=steps[-(RECENT - 1) :],
        usuals={**course.usuals, **taught} if taught else course.usuals,
        low_at=seen.at if is_low else course.low_at,
        answers=course.answers + bool(seen.ratings),
        unanswered=0 if seen.replied else course.unanswered + 1,
        silent_since=None if seen.replied else course.silent_since or seen.at,
    )
    if seen.replied and course.held:
        moved = replace(moved, habits=moved.habits.plus(Habits(missed=course.held)), held=0.0)
    return moved if len(steps) < RECENT else _aged(moved, steps[0])


def _aged(course: Course, step: Step) -> Course:
    """What was recent is old now; a miss of the silence that goes on waits until that silence is over."""
    old = course.old.faded(FADES)
    if step.answer is not None:
        old = old.plus(step.answer)
    if course.unanswered >= RECENT:
        return replace(course, old=old, held=course.held + 1)
    return replace(course, old=old, habits=course.habits.faded(FADES).plus(step.habit))


def _afresh(course: Course) -> Course:
    """Another instrument asks something else: the usual ratings are unknown again, the habits stay."""
    recent = tuple(step._replace(answer=None) for step in course.recent)
    return replace(course, recent=recent, old=NOTHING_RATED, usuals=_unknown(), low_at=None, answers=0)
