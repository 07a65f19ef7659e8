"""Everything that the lines about flags are made from, asked of the database once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alliance.course_json import usuals_in
from alliance.digest import Explained
from alliance.flag_reason import heard_in
from alliance.local_time import local_day
from alliance.marks import Mark, MarkKind, UsualRange
from storage import charted, checkins, messages, people
from storage.tables import Checkin, Flag, FlagActed, Message, Person
from workflows.tell_explained import explained_since
from workflows.unit import Unit

TREND_LENGTH = 24  # check-ins in the picture

Delivered = Sequence[tuple[Checkin, Mapping[str, Sequence[float]]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagFacts:
    """What is known beside the flags themselves; by id of the flag, the patient, the message or the person."""

    acted: Mapping[int, FlagActed]
    people: Mapping[int, Person]
    messages: Mapping[int, Message]
    delivered: Mapping[int, Delivered]
    explained: Mapping[int, Sequence[Explained]]
    marks: Mapping[int, tuple[Mark, ...]]
    usuals: Mapping[int, tuple[UsualRange, ...]]


_NOTHING = FlagFacts(acted={}, people={}, messages={}, delivered={}, explained={}, marks={}, usuals={})


async def facts_about(unit: Unit, found: Sequence[Flag], patients: Mapping[int, Person]) -> FlagFacts:
    """The facts about these flags of one clinician's; ``patients`` knows whom they are about, by id."""
    if not found:
        return _NOTHING
    about = {flag.patient_id: patients[flag.patient_id] for flag in found}
    told, acts = await _flags_and_actions(unit, found, about)
    acted = {act.flag_id: act for act in acts}
    heard = [line.message for flag in found for line in heard_in(flag.reason)]
    courses = await charted.courses_of(unit.session, list(about))
    return FlagFacts(
        acted=acted,
        people=await _who_acted(unit, [acted[flag.id] for flag in found if flag.id in acted]),
        messages=await messages.some(unit.session, heard) if heard else {},
        delivered=await checkins.delivered_of(unit.session, list(about), limit=TREND_LENGTH),
        explained=await explained_since(unit, found, about),
        marks=await _marks(unit, about, told, acts),
        usuals={patient_id: usuals_in(content) for patient_id, content in courses.items()},
    )


async def _flags_and_actions(
    unit: Unit, found: Sequence[Flag], about: Mapping[int, Person]
) -> tuple[dict[int, Flag], list[FlagActed]]:
    """All flags about these patients that are for the same clinician's eyes, by id, and all that was done about them.

    Those for another clinician's eyes stay out: a chart must not tell what the digest does not.
    """
    told: dict[int, Flag] = {}
    for clinician_id in sorted({flag.clinician_id for flag in found}):
        for flag in await charted.flags_of(unit.session, list(about), clinician_id=clinician_id):
            told[flag.id] = flag
    return told, list(await charted.actions_on(unit.session, list(told)))


async def _who_acted(unit: Unit, acts: Sequence[FlagActed]) -> dict[int, Person]:
    found = await people.some(unit.session, [act.person_id for act in acts]) if acts else []
    return {person.id: person for person in found}


async def _marks(
    unit: Unit, about: Mapping[int, Person], told: Mapping[int, Flag], acts: Sequence[FlagActed]
) -> dict[int, tuple[Mark, ...]]:
    """What happened to each patient, by day of their own, oldest first."""
    marks: dict[int, list[Mark]] = {patient_id: [] for patient_id in about}
    for visit in await charted.visits_of(unit.session, list(about), until=unit.now):
        on = local_day(visit.starts_at, about[visit.patient_id].zone)
        marks[visit.patient_id].append(Mark(kind=MarkKind.VISIT, on=on))
    for checkin in await charted.lost_of(unit.session, list(about)):
        marks[checkin.patient_id].append(Mark(kind=MarkKind.LOST, on=checkin.local_date))
    for flag in told.values():
        on = local_day(flag.raised_at, about[flag.patient_id].zone)
        marks[flag.patient_id].append(Mark(kind=MarkKind.FLAG, on=on, domain=flag.domain or ""))
    for act in acts:
        flag = told[act.flag_id]
        on = local_day(act.acted_at, about[flag.patient_id].zone)
        done = Mark(kind=MarkKind.ACTION, on=on, domain=flag.domain or "", action=act.action)
        marks[flag.patient_id].append(done)
    return {patient_id: tuple(sorted(each, key=lambda mark: mark.on)) for patient_id, each in marks.items()}
