"""Everything that the lines about flags are made from, asked of the database once for all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alliance.clinician_rating import HOLDS_FOR
from alliance.course_json import usuals_in
from alliance.digest import Explained
from alliance.flag_reason import heard_in
from alliance.local_time import local_day
from alliance.marks import Mark, MarkKind, UsualRange
from alliance.sight import Sight
from storage import acting, answers, charted, clinician_ratings, messages, people, reader_courses
from storage.tables import Checkin, ClinicianRating, Flag, FlagActed, FlagHolder, Message, Person
from workflows.observe_for import visible_to
from workflows.sights import sights_of_flags
from workflows.tell_explained import explained_since
from workflows.unit import Unit

TREND_LENGTH = 24  # check-ins in the picture
NONE_KNOWN: Mapping[int, Sight] = MappingProxyType({})

Delivered = Sequence[tuple[Checkin, Mapping[str, Sequence[float]]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagFacts:
    """What is known beside the flags themselves, as far as whoever is told of a flag may see it.

    By id of the person, of the message, and else of the flag.
    """

    sights: Mapping[int, Sight]
    acted: Mapping[int, FlagActed]
    holders: Mapping[int, FlagHolder]  # of flags that are not the reader's own
    people: Mapping[int, Person]
    messages: Mapping[int, Message]
    delivered: Mapping[int, Delivered]
    explained: Mapping[int, Sequence[Explained]]
    marks: Mapping[int, tuple[Mark, ...]]
    usuals: Mapping[int, tuple[UsualRange, ...]]
    put_off: Mapping[int, date]
    views: Mapping[int, ClinicianRating]  # what the clinician whose flag it is thinks


_NOTHING = FlagFacts(
    sights={},
    acted={},
    holders={},
    people={},
    messages={},
    delivered={},
    explained={},
    marks={},
    usuals={},
    put_off={},
    views={},
)


async def facts_about(
    unit: Unit,
    found: Sequence[Flag],
    patients: Mapping[int, Person],
    *,
    reader: Person | None = None,
    known: Mapping[int, Sight] = NONE_KNOWN,
    put_off: Mapping[int, date] | None = None,
) -> FlagFacts:
    """The facts about these flags; ``patients`` knows whom they are about, by id, ``reader`` is who reads of them.

    ``known`` are sights by patient that were looked up before; each is used for the flags that are for its reader.
    ``put_off`` says until when they were put off, where that is known.
    """
    if not found:
        return _NOTHING
    sights = await _sights(unit, found, known)
    about = {flag.patient_id: patients[flag.patient_id] for flag in found}
    told, acts = await _flags_and_actions(unit, found, about)
    acted = {act.flag_id: act for act in acts}
    of_others = [flag for flag in found if reader is not None and reader.id != flag.clinician_id]
    heard = [line.message for flag in found for line in heard_in(flag.reason)]
    rows = await answers.delivered_of(unit.session, list(about), limit=TREND_LENGTH)
    marks = await _marks(unit, about, told, acts)
    return FlagFacts(
        sights=sights,
        acted=acted,
        holders=await acting.holders(unit.session, [flag.id for flag in of_others]) if of_others else {},
        people=await _people(
            unit,
            *(acted[flag.id].person_id for flag in found if flag.id in acted),
            *(flag.clinician_id for flag in of_others),
            *(sight.clinician_id for sight in sights.values() if not sight.is_own),
        ),
        messages=await messages.some(unit.session, heard) if heard else {},
        delivered={flag.id: await _visible(unit, sights[flag.id], rows.get(flag.patient_id, ())) for flag in found},
        explained=await explained_since(unit, found, about, sights),
        marks={flag.id: _of_this_reader(marks[flag.patient_id], sights[flag.id]) for flag in found},
        usuals=await _usuals(unit, found, sights),
        put_off=await acting.put_off_of(unit.session, [flag.id for flag in found]) if put_off is None else put_off,
        views=await _views(unit, found),
    )


async def _sights(unit: Unit, found: Sequence[Flag], known: Mapping[int, Sight]) -> dict[int, Sight]:
    sights = {
        flag.id: known[flag.patient_id]
        for flag in found
        if flag.patient_id in known and known[flag.patient_id].reader.person_id == flag.clinician_id
    }
    return sights | await sights_of_flags(unit, [flag for flag in found if flag.id not in sights])


async def _visible(unit: Unit, sight: Sight, rows: Delivered) -> Delivered:
    return rows if sight.is_whole else await visible_to(unit, sight, rows)


def _of_this_reader(marks: tuple[Mark, ...], sight: Sight) -> tuple[Mark, ...]:
    """Somebody whom the patient has chosen for a part is told of flags and of what was done about them alone."""
    return marks if sight.is_own else tuple(mark for mark in marks if mark.kind in {MarkKind.FLAG, MarkKind.ACTION})


async def _views(unit: Unit, found: Sequence[Flag]) -> dict[int, ClinicianRating]:
    views: dict[int, ClinicianRating] = {}
    for clinician_id in sorted({flag.clinician_id for flag in found}):
        theirs = [flag for flag in found if flag.clinician_id == clinician_id]
        latest = await clinician_ratings.latest_of(
            unit.session,
            [flag.patient_id for flag in theirs],
            clinician_id=clinician_id,
            until=unit.now,
            within=HOLDS_FOR,
        )
        views |= {flag.id: latest[flag.patient_id] for flag in theirs if flag.patient_id in latest}
    return views


async def _usuals(unit: Unit, found: Sequence[Flag], sights: Mapping[int, Sight]) -> dict[int, tuple[UsualRange, ...]]:
    own = await charted.courses_of(unit.session, [flag.patient_id for flag in found if sights[flag.id].is_own])
    usuals: dict[int, tuple[UsualRange, ...]] = {}
    for flag in found:
        sight = sights[flag.id]
        content = (
            own.get(flag.patient_id)
            if sight.is_own
            else await reader_courses.of(unit.session, flag.patient_id, sight.reader_id)
        )
        usuals[flag.id] = () if content is None else usuals_in(content)
    return usuals


async def _flags_and_actions(
    unit: Unit, found: Sequence[Flag], about: Mapping[int, Person]
) -> tuple[dict[int, Flag], list[FlagActed]]:
    """All flags about these patients that are for the same clinician's eyes, by id, and all that was done about them.

    Those for another clinician's eyes stay out: a chart must not tell what the digest does not.
    """
    told: dict[int, Flag] = {}
    acts: list[FlagActed] = []
    for clinician_id in sorted({flag.clinician_id for flag in found}):
        for flag, act in await charted.flags_of(unit.session, list(about), clinician_id=clinician_id):
            told[flag.id] = flag
            acts += [] if act is None else [act]
    return told, acts


async def _people(unit: Unit, *ids: int) -> dict[int, Person]:
    found = await people.some(unit.session, ids) if ids else []
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
