"""What is known of a patient up to the newest check-in, moved on by what has come since it was last kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import fmean

from alliance.checkin import CheckinState
from alliance.course import RECENT, Course, UnreadableCourse, course_of
from alliance.course_json import as_json, from_json
from alliance.items import Domain
from alliance.listening import listened
from alliance.observation import Observation
from storage import checkins, courses, messages, people
from storage.messages import Remark
from storage.tables import Checkin
from workflows.unit import Unit
from workflows.whom_it_means import whom_it_means

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
    ids = [checkin.id for checkin, _ in given]
    written = await messages.remarks(unit.session, ids)
    # who says "not this one", or rates the bond with somebody else only, has replied
    replied = {*written, *await checkins.skipped(unit.session, ids), *await checkins.answered_among(unit.session, ids)}
    enrolment = await people.enrolment(unit.session, patient_id)
    return [
        _seen(
            checkin,
            by_domain,
            written.get(checkin.id, ()),
            has_replied=checkin.id in replied,
            bond_asked=enrolment is None or whom_it_means(checkin) == enrolment.clinician_id,
        )
        for checkin, by_domain in given
    ]


def _seen(
    checkin: Checkin,
    by_domain: Mapping[str, Sequence[float]],
    written: Sequence[Remark],
    *,
    has_replied: bool,
    bond_asked: bool,
) -> Observation:
    thoughts = Counter[int]()  # what was sent in several messages was one reply of so many words
    for remark in written:
        thoughts[remark.thought] += remark.word_count
    words = max(thoughts.values(), default=None)
    read = [heard for remark in written if (heard := listened(remark.heard, message=remark.row_id)) is not None]
    return Observation(
        at=checkin.due_at,
        ratings={Domain(domain): fmean(fractions) for domain, fractions in by_domain.items()},
        replied=has_replied,
        wrote=(words or 0) >= A_FEW_WORDS,
        words=words,
        appeasing=any(one.appeasing for one in read) if read else None,
        heard=tuple(heard for one in read for heard in one.heard),
        instrument=checkin.instrument,
        bond_asked=bond_asked,
    )


async def usual_of(unit: Unit, patient_id: int) -> Mapping[Domain, float]:
    """What this patient usually answers in each domain, 0 to 1, where enough is known to say so."""
    course = await _kept(unit, patient_id)
    if course is None:
        return {}
    return {domain: usual.mean for domain, usual in course.usuals.items() if usual.is_known}


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
