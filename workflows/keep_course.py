"""What is known of a patient up to the newest check-in, moved on by what has come since it was last kept.

Each reader has a course of their own: what the patient gave to somebody else is not in it. Nearly everybody gives
everything to one clinician, and then there is one course.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance.baseline import Usual
from alliance.course import RECENT, Course, UnreadableCourse, course_of
from alliance.course_json import as_json, from_json
from alliance.items import Domain
from alliance.observation import Observation
from alliance.sight import Sight
from storage import courses, reader_courses
from workflows.follow_course import EVERYTHING, observed
from workflows.observe_for import observed_by
from workflows.unit import Unit


async def follow(unit: Unit, sight: Sight, *, changed_at: datetime) -> tuple[Course, Sequence[Observation]]:
    """One reader's course up to now, kept for the next time, and its latest check-ins, oldest first.

    `changed_at` is when the check-in that something happened to was due. Is it the newest or a later one, the kept
    course is moved on; otherwise, and where nothing readable is kept, everything is told from the first check-in.
    """
    latest = await _observed(unit, sight, limit=RECENT)
    course = _moved_on(await _kept_for(unit, sight), latest, changed_at=changed_at)
    if course is None:
        course = course_of(await _observed(unit, sight, limit=EVERYTHING))
    if course.newest is not None:
        await _keep(unit, sight, course, through_at=course.newest.at)
    return course, latest


async def usual_of(unit: Unit, patient_id: int) -> Mapping[Domain, float]:
    """What this patient usually answers in each domain, 0 to 1, where enough is known to say so, whoever reads it.

    For the patient's own screen alone: whom an answer goes to does not change what is usual.
    """
    own = await courses.of(unit.session, patient_id)
    usuals: dict[Domain, float] = {}
    for content in (own, *await reader_courses.every_of(unit.session, patient_id)):
        course = _readable(content) if content is not None else None
        if course is not None:
            usuals |= {domain: usual.mean for domain, usual in course.usuals.items() if usual.is_known}
    return usuals


async def usual_ranges(unit: Unit, patient_id: int) -> Mapping[Domain, Usual]:
    """The same of what is the own clinician's to see, with the range in which four of five answers lie."""
    content = await courses.of(unit.session, patient_id)
    course = None if content is None else _readable(content)
    return {} if course is None else {domain: one.usual for domain, one in course.usuals.items() if one.is_known}


async def _observed(unit: Unit, sight: Sight, *, limit: int) -> list[Observation]:
    if sight.is_whole:
        return await observed(unit, sight.patient_id, limit=limit)
    return await observed_by(unit, sight, limit=limit)


async def _kept_for(unit: Unit, sight: Sight) -> Course | None:
    if sight.is_own:
        content = await courses.of(unit.session, sight.patient_id)
    else:
        content = await reader_courses.of(unit.session, sight.patient_id, sight.reader_id)
    return None if content is None else _readable(content)


async def _keep(unit: Unit, sight: Sight, course: Course, *, through_at: datetime) -> None:
    content = as_json(course)
    if sight.is_own:
        await courses.keep(unit.session, sight.patient_id, through_at=through_at, content=content)
    else:
        await reader_courses.keep(
            unit.session, sight.patient_id, sight.reader_id, through_at=through_at, content=content
        )


def _readable(content: Mapping[str, object]) -> Course | None:
    try:
        return from_json(content)
    except UnreadableCourse:
        return None  # of an older version of ours


def _moved_on(kept: Course | None, latest: Sequence[Observation], *, changed_at: datetime) -> Course | None:
    if kept is None or kept.newest is None or changed_at < kept.newest.at:
        return None
    known = kept.newest.at
    if changed_at > known and not latest:
        return kept  # another reader, to whom nothing was given for a long while
    if known not in {seen.at for seen in latest}:
        return None  # more has come than is at hand
    for seen in latest:
        if seen.at == known:
            kept = kept.corrected(seen)
        elif seen.at > known:
            kept = kept.after(seen)
    return kept
