"""What is known of a patient up to the newest check-in, moved on by what has come since it was last kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean

from alliance.baseline import Usual
from alliance.checkin import CheckinState
from alliance.clinician_rating import HOLDS_FOR, REACHES_BACK, View, beside
from alliance.course import RECENT, Course, UnreadableCourse, course_of
from alliance.course_json import as_json, from_json
from alliance.items import Domain
from alliance.listening import listened
from alliance.observation import Observation
from storage import checkins, clinician_ratings, courses, messages
from storage.messages import Remark
from storage.tables import Checkin, ClinicianRating
from workflows.unit import Unit

EVERYTHING = 10_000  # check-ins; more than anybody ever gets
A_FEW_WORDS = 3  # "all fine" says nothing; a sentence does


async def follow(unit: Unit, patient_id: int, *, changed_at: datetime) -> tuple[Course, Sequence[Observation]]:
    """The course up to now, kept for the next time, and its latest check-ins, oldest first.

    `changed_at` is when the check-in that something happened to was due. Is it the newest or a later one, the kept
    course is moved on; otherwise, and where nothing readable is kept, everything is told from the first check-in.
    """
    latest = await observed(unit, patient_id, limit=RECENT)
    course = _moved_on(await _kept(unit, patient_id), latest, changed_at=changed_at)
    if course is None:
        course = course_of(await observed(unit, patient_id, limit=EVERYTHING))
    if course.newest is not None:
        await courses.keep(unit.session, patient_id, through_at=course.newest.at, content=as_json(course))
    return course, latest


async def observed(unit: Unit, patient_id: int, *, limit: int) -> list[Observation]:
    """What was delivered to a patient and what came back, oldest first; open check-ins only once answered."""
    given = [
        (checkin, by_domain)
        for checkin, by_domain in await checkins.delivered(unit.session, patient_id, limit=limit)
        if checkin.state != CheckinState.OPEN
    ]
    written = await messages.remarks(unit.session, [checkin.id for checkin, _ in given])
    skipped = await checkins.skipped(unit.session, [checkin.id for checkin, _ in given])
    views = await _views(unit, patient_id, [checkin for checkin, _ in given])
    return [
        _seen(
            checkin,
            by_domain,
            written.get(checkin.id, ()),
            has_skipped=checkin.id in skipped,
            beside=beside(views, at=checkin.due_at, clinician_id=checkin.clinician_id),
        )
        for checkin, by_domain in given
    ]


async def _views(unit: Unit, patient_id: int, given: Sequence[Checkin]) -> list[View]:
    """What clinicians thought at about the time of these check-ins."""
    if not given:
        return []
    rows = await clinician_ratings.given_between(
        unit.session, patient_id, after=given[0].due_at - HOLDS_FOR, until=given[-1].due_at + REACHES_BACK
    )
    return [view_of(row) for row in rows]


def view_of(row: ClinicianRating) -> View:
    """A clinician's rating as fractions of the scale that it was given on."""
    numbers = {Domain.GOAL: row.goal, Domain.TASK: row.task, Domain.BOND: row.bond}
    return View(
        clinician_id=row.clinician_id,
        at=row.ended_at or row.asked_at,
        fractions={
            domain: (number - row.lowest) / (row.highest - row.lowest)
            for domain, number in numbers.items()
            if number is not None
        },
    )


def _seen(
    checkin: Checkin,
    by_domain: Mapping[str, Sequence[float]],
    written: Sequence[Remark],
    *,
    has_skipped: bool,
    beside: Mapping[Domain, float],
) -> Observation:
    words = max((remark.word_count for remark in written), default=None)
    read = [heard for remark in written if (heard := listened(remark.heard, message=remark.row_id)) is not None]
    return Observation(
        at=checkin.due_at,
        ratings={Domain(domain): fmean(fractions) for domain, fractions in by_domain.items()},
        replied=bool(by_domain or written or has_skipped),  # who says "not this one" has replied
        wrote=(words or 0) >= A_FEW_WORDS,
        words=words,
        appeasing=any(one.appeasing for one in read) if read else None,
        clinician_ratings=beside,
        heard=tuple(heard for one in read for heard in one.heard),
        instrument=checkin.instrument,
    )


async def usual_of(unit: Unit, patient_id: int) -> Mapping[Domain, float]:
    """What this patient usually answers in each domain, 0 to 1, where enough is known to say so."""
    course = await _kept(unit, patient_id)
    if course is None:
        return {}
    return {domain: usual.mean for domain, usual in course.usuals.items() if usual.is_known}


async def usual_ranges(unit: Unit, patient_id: int) -> Mapping[Domain, Usual]:
    """The same with the range in which four of five answers lie, for people to read."""
    course = await _kept(unit, patient_id)
    if course is None:
        return {}
    return {domain: each.usual for domain, each in course.usuals.items() if each.is_known}


async def _kept(unit: Unit, patient_id: int) -> Course | None:
    content = await courses.of(unit.session, patient_id)
    try:
        return None if content is None else from_json(content)
    except UnreadableCourse:
        return None  # of an older version of ours


def _moved_on(kept: Course | None, latest: Sequence[Observation], *, changed_at: datetime) -> Course | None:
    if kept is None or kept.newest is None or changed_at < kept.newest.at:
        return None
    known = kept.newest.at
    if known not in {seen.at for seen in latest}:
        return None  # more has come than is at hand
    for seen in latest:
        if seen.at == known:
            kept = kept.corrected(seen)
        elif seen.at > known:
            kept = kept.after(seen)
    return kept
