"""A course as it is kept between check-ins: plain values for JSON, with the version of their form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from alliance.baseline import Baseline
from alliance.course import Course, Step, UnreadableCourse
from alliance.falls import Sums
from alliance.habits import Habits
from alliance.heard import as_json as written_heard
from alliance.heard import from_json as read_heard
from alliance.items import Domain
from alliance.marks import UsualRange
from alliance.observation import Observation

VERSION = 2  # of the form; what is kept in another one is told anew from the first check-in
EVER_WRITTEN = (1, 2)  # a flag keeps what it was judged on for good, and the first form knew no words


def as_json(course: Course) -> dict[str, object]:
    """The course as plain values; moments in ISO 8601."""
    return {
        "version": VERSION,
        "newest": None if course.newest is None else _written_observation(course.newest),
        "recent": [_written_step(step) for step in course.recent],
        "old": list(course.old),
        "habits": list(course.habits),
        "usuals": {str(domain): _written_baseline(usual) for domain, usual in course.usuals.items()},
        "low_at": _written_moment(course.low_at),
        "answers": course.answers,
        "unanswered": course.unanswered,
        "silent_since": _written_moment(course.silent_since),
        "held": course.held,
    }


def from_json(content: Mapping[str, object], *, versions: Sequence[int] = (VERSION,)) -> Course:
    """The course that was written by `as_json`; raises UnreadableCourse for any other content or version."""
    if content.get("version") not in versions:
        raise UnreadableCourse(f"version {content.get('version')}")
    try:
        return _read(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableCourse(type(error).__name__) from error


def usuals_in(content: Mapping[str, object]) -> tuple[UsualRange, ...]:
    """The patient's usual range in each domain where there is one; none where the course cannot be read."""
    try:
        known = from_json(content).usuals
    except UnreadableCourse:
        return ()
    return tuple(
        UsualRange(domain=domain, low=usual.usual.low, high=usual.usual.high)
        for domain, usual in known.items()
        if usual.is_known
    )


def _read(content: Mapping[str, object]) -> Course:
    # JSON has no types, so each cast is a guess: what does not fit raises one of the errors above
    newest, recent = content["newest"], cast("list[list[object]]", content["recent"])
    usuals = cast("Mapping[str, list[object]]", content["usuals"])
    return Course(
        newest=None if newest is None else _read_observation(cast("Mapping[str, object]", newest)),
        recent=tuple(_read_step(step) for step in recent),
        old=Sums(*_numbers(content["old"])),
        habits=Habits(*_numbers(content["habits"])),
        usuals={Domain(domain): _read_baseline(usual) for domain, usual in usuals.items()},
        low_at=_read_moment(content["low_at"]),
        answers=int(cast("int", content["answers"])),
        unanswered=int(cast("int", content["unanswered"])),
        silent_since=_read_moment(content["silent_since"]),
        held=float(cast("float", content["held"])),
    )


def _written_observation(seen: Observation) -> dict[str, object]:
    return {
        "at": seen.at.isoformat(),
        "ratings": {str(domain): rating for domain, rating in seen.ratings.items()},
        "replied": seen.replied,
        "wrote": seen.wrote,
        "words": seen.words,
        "appeasing": seen.appeasing,
        "clinician_ratings": {str(domain): rating for domain, rating in seen.clinician_ratings.items()},
        "heard": [written_heard(each) for each in seen.heard],
        "instrument": seen.instrument,
        "bond_asked": seen.bond_asked,
        "bond_elsewhere": seen.bond_elsewhere,
        "rated_elsewhere": seen.rated_elsewhere,
    }


def _read_observation(content: Mapping[str, object]) -> Observation:
    return Observation(
        at=datetime.fromisoformat(str(content["at"])),
        ratings=_read_ratings(content["ratings"]),
        replied=bool(content["replied"]),
        wrote=bool(content["wrote"]),
        words=cast("int | None", content["words"]),
        appeasing=cast("bool | None", content["appeasing"]),
        clinician_ratings=_read_ratings(content["clinician_ratings"]),
        heard=tuple(read_heard(each) for each in cast("list[Mapping[str, object]]", content.get("heard", []))),
        instrument=str(content["instrument"]),
        bond_asked=bool(content.get("bond_asked", True)),  # until a patient could have several clinicians it was
        # not written before answers could be given to another reader
        bond_elsewhere=bool(content.get("bond_elsewhere", False)),
        rated_elsewhere=bool(content.get("rated_elsewhere", False)),
    )


def _read_ratings(content: object) -> dict[Domain, float]:
    return {Domain(domain): float(rating) for domain, rating in cast("Mapping[str, float]", content).items()}


def _written_step(step: Step) -> list[object]:
    return [step.at.isoformat(), None if step.answer is None else list(step.answer), list(step.habit)]


def _read_step(content: list[object]) -> Step:
    at, answer, habit = content
    sums = None if answer is None else Sums(*_numbers(answer))
    return Step(datetime.fromisoformat(str(at)), sums, Habits(*_numbers(habit)))


def _written_baseline(usual: Baseline) -> list[object]:
    return [usual.seen, usual.count, usual.own_mean, usual.own_squares, list(usual.lately_low)]


def _read_baseline(content: list[object]) -> Baseline:
    seen, count, own_mean, own_squares, lately_low = content
    return Baseline(
        seen=int(cast("int", seen)),
        count=int(cast("int", count)),
        own_mean=float(cast("float", own_mean)),
        own_squares=float(cast("float", own_squares)),
        lately_low=tuple(bool(each) for each in cast("list[object]", lately_low)),
    )


def _numbers(content: object) -> list[float]:
    return [float(each) for each in cast("list[float]", content)]


def _written_moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read_moment(content: object) -> datetime | None:
    return None if content is None else datetime.fromisoformat(str(content))
