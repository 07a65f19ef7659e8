"""Everybody's course as it is kept, evaluated: what the rules say now, without reading a single check-in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from alliance.course import UnreadableCourse
from alliance.course_json import from_json
from alliance.rupture import Marker, signs
from storage import courses
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """One patient and what the rules say of the newest check-in; None when the course has to be told anew."""

    patient_id: int
    markers: tuple[Marker, ...] | None
    points: int  # of the scale


async def look_through(unit: Unit) -> AsyncIterator[Looked]:
    """Everybody of whom something is kept, by patient; reads only."""
    async for patient_id, content in courses.every(unit.session):
        try:
            course = from_json(content)
        except UnreadableCourse:
            yield Looked(patient_id=patient_id, markers=None, points=0)
            continue
        named = unit.clinic.instrument_named(course.newest.instrument) if course.newest else None
        points = (named or unit.clinic.instrument).points
        found = signs(course, limit=unit.clinic.evidence_limit(points), points=points)
        yield Looked(patient_id=patient_id, markers=found, points=points)
