"""Everybody's course as it is kept, evaluated: what the rules say now, without reading a single check-in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from alliance.course import UnreadableCourse
from alliance.course_json import from_json
from alliance.items import Instrument
from alliance.observation import Observation
from alliance.rupture import Marker, signs
from storage import courses
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """One patient and what the rules say of the newest check-in; None when the course has to be told anew."""

    patient_id: int
    seen: Observation | None  # the newest check-in
    markers: tuple[Marker, ...] | None
    scale: Instrument


async def look_through(unit: Unit) -> AsyncIterator[Looked]:
    """Everybody of whom something is kept, by patient; reads only."""
    async for patient_id, content in courses.every(unit.session):
        try:
            course = from_json(content)
        except UnreadableCourse:
            yield Looked(patient_id=patient_id, seen=None, markers=None, scale=unit.clinic.instrument)
            continue
        named = unit.clinic.instrument_named(course.newest.instrument) if course.newest else None
        scale = named or unit.clinic.instrument
        found = signs(course, limit=unit.clinic.evidence_limit(scale.points), points=scale.points)
        yield Looked(patient_id=patient_id, seen=course.newest, markers=found, scale=scale)
