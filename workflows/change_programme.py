"""Patients are moved to a programme: what changes for each is seen first, and is exactly what then happens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from alliance.access import About, Action, allowed
from alliance.cadence import Due
from alliance.enrolment import ENDED, EnrolmentState
from alliance.local_time import local_day
from alliance.programme_dates import Circumstances, always_open, upcoming
from alliance.programme_json import write_programme
from storage import audit, people, programmes
from storage.tables import Enrolment, Person
from workflows.circumstances import Plan, Surroundings, circumstances, look_around, programme_of, with_own_rhythm
from workflows.foresee import SHOWN, check_zone
from workflows.keep_programmes import Kept, named
from workflows.schedule import plan_next
from workflows.send_checkins import catch_up
from workflows.set_cadence import CannotSet
from workflows.unit import Unit

AT_ONCE = 100  # patients in one transaction: a tenth of a second, so that replies do not wait longer
READ_AT_ONCE = 500  # patients in one look


class CountFrom(StrEnum):
    """From which day the first phase counts."""

    KEEP = "keep"  # where somebody is on that programme already; from enrolment for anybody else
    ENROLMENT = "enrolment"
    TODAY = "today"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Who is put on which programme, counted from when."""

    programme: str
    patient_ids: tuple[int, ...]
    count_from: CountFrom = CountFrom.KEEP


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What it means for one patient: the dates as they are and as they would be, or why it cannot be.

    ``mark`` stands for everything that the dates depend on, the time aside.
    """

    patient_id: int
    code_name: str
    zone: str
    before: tuple[Due, ...]
    after: tuple[Due, ...]
    keeps_own: bool  # a rhythm of their own, which goes before the programme's
    refused: CannotSet | None
    mark: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A change as somebody looked at it; two looks with the same mark show the same dates."""

    change: Change
    version_id: int
    as_of: datetime
    rows: tuple[Row, ...]

    @property
    def mark(self) -> str:
        """Stands for all that the dates of all patients depend on."""
        return sha256("".join(row.mark for row in self.rows).encode()).hexdigest()

    @property
    def refused(self) -> tuple[Row, ...]:
        """Those for whom it cannot be done."""
        return tuple(row for row in self.rows if row.refused)

    def slices(self) -> Iterator[tuple[int, ...]]:
        """Those for whom it can be done, as many at a time as belong in one transaction."""
        return _sliced([row.patient_id for row in self.rows if row.refused is None], AT_ONCE)


async def look(unit: Unit, change: Change, *, count: int = SHOWN) -> Seen:
    """What falls due for each patient before and after, until ``count`` are asked; nothing is changed.

    Raises CannotSet for a programme that there is not, or that is retired. A patient for whom it cannot be done has
    the reason in the row.
    """
    kept = await _open_programme(unit, change.programme)
    rows: list[Row] = []
    for some in _sliced(list(dict.fromkeys(change.patient_ids)), READ_AT_ONCE):
        rows += await _rows(unit, kept, change.count_from, some, count=count)
    return Seen(change=change, version_id=kept.version_id, as_of=unit.now, rows=tuple(rows))


async def apply(unit: Unit, seen: Seen, some: Sequence[int] | None = None) -> int:
    """Move these of the patients that were looked at (None: all) and plan their next dates; how many were moved.

    Raises CannotSet, and changes nothing in this transaction, when anything that the dates depend on has changed since
    they were looked at, or when one of these patients was refused.
    """
    wanted = tuple(row.patient_id for row in seen.rows) if some is None else tuple(some)
    marks = {row.patient_id: row for row in seen.rows}
    kept = await _open_programme(unit, seen.change.programme)
    for row in await _rows(unit, kept, seen.change.count_from, wanted, count=0):
        if row.refused is not None:
            raise row.refused
        if kept.version_id != seen.version_id or marks[row.patient_id].mark != row.mark:
            raise CannotSet(
                "changed_since",
                f"Something has changed for {row.code_name} since this was looked at; look again.",
                who=row.code_name,
            )
    for patient in await people.some(unit.session, wanted):
        await _move(unit, patient, kept, seen.change.count_from)
    return len(wanted)


async def assign(unit: Unit, patient: Person, *, programme: str, count_from: CountFrom = CountFrom.KEEP) -> None:
    """Put one patient on a programme by its name, before or after enrolling; raises CannotSet, and changes nothing."""
    change = Change(programme=programme, patient_ids=(patient.id,), count_from=count_from)
    seen = await look(unit, change, count=1)
    for row in seen.refused:
        if row.refused is not None:
            raise row.refused
    await _move(unit, patient, await _open_programme(unit, programme), count_from)


async def _open_programme(unit: Unit, name: str) -> Kept:
    kept = await named(unit, name)
    if kept.is_retired:
        raise CannotSet("retired", f"The programme {kept.name} is retired; nobody is put on it.", name=kept.name)
    return kept


def _sliced(patient_ids: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    return (tuple(patient_ids[first : first + size]) for first in range(0, len(patient_ids), size))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Looking:
    """A look at some patients: at which programme, counted how, and what was read about them."""

    unit: Unit
    kept: Kept
    count_from: CountFrom
    surroundings: Surroundings
    count: int


async def _rows(unit: Unit, kept: Kept, count_from: CountFrom, patient_ids: Sequence[int], *, count: int) -> list[Row]:
    patients = await people.some(unit.session, patient_ids)
    enrolments = await programmes.enrolments(unit.session, patient_ids)
    now_on = [await programme_of(unit, row) for row in enrolments.values()]
    wanted = {kept.programme, *(programme for programme in now_on if programme is not None)}
    looking = _Looking(
        unit=unit,
        kept=kept,
        count_from=count_from,
        surroundings=await look_around(unit, patient_ids, tuple(wanted), held=True),
        count=count,
    )
    return [await _row(looking, patient, enrolments.get(patient.id)) for patient in patients]


async def _row(looking: _Looking, patient: Person, enrolment: Enrolment | None) -> Row:
    row = Row(
        patient_id=patient.id,
        code_name=patient.code_name,
        zone=patient.zone,
        before=(),
        after=(),
        keeps_own=enrolment is not None and _keeps_own(enrolment),
        refused=None,
        mark="",
    )
    try:
        enrolment = _check(looking.unit, patient, enrolment)
        now = await _now(looking, patient, enrolment)
        then = await _then(looking, patient, enrolment)
        row = replace(row, mark=_mark(enrolment, then, looking.surroundings))
        if enrolment.state != EnrolmentState.ACTIVE:
            return row  # nothing is asked before, and nothing after
        return replace(row, before=_dates(looking, now), after=_dates(looking, then, least=1))
    except CannotSet as error:
        return replace(row, refused=error)


def _dates(looking: _Looking, plan: Plan | None, *, least: int = 0) -> tuple[Due, ...]:
    if plan is None:
        return ()
    after, count = looking.unit.now, max(least, looking.count)
    found = upcoming(plan.programme, plan.around, after=after, count=count)
    if not found and count and least and not any(phase.visits for phase in plan.programme.phases):
        raise CannotSet("no_future", "This cadence has no date in the future.")
    return found


def _check(unit: Unit, patient: Person, enrolment: Enrolment | None) -> Enrolment:
    if enrolment is None or not allowed(unit.actor, Action.SET_CADENCE, About(patient_id=patient.id)):
        raise CannotSet("no_patient", f"There is no patient called {patient.code_name}.", who=patient.code_name)
    if enrolment.state in ENDED:
        raise CannotSet("ended", f"{patient.code_name} does not take part any more.", who=patient.code_name)
    check_zone(patient.zone)
    return enrolment


def _keeps_own(enrolment: Enrolment) -> bool:
    """A rhythm set for somebody on a programme stays theirs; what was set before there was one gives way to it."""
    return enrolment.programme_version_id is not None and bool(enrolment.rules)


async def _now(looking: _Looking, patient: Person, enrolment: Enrolment) -> Plan | None:
    programme = await programme_of(looking.unit, enrolment)
    if programme is None:
        return None
    around = circumstances(looking.unit, patient, enrolment, looking.surroundings)
    return Plan(programme=programme, around=around)


async def _then(looking: _Looking, patient: Person, enrolment: Enrolment) -> Plan:
    unit, programme = looking.unit, looking.kept.programme
    around = circumstances(unit, patient, enrolment, looking.surroundings)
    if _keeps_own(enrolment):
        return Plan(programme=with_own_rhythm(programme, tuple(enrolment.rules)), around=around)
    first = await _first_day(unit, patient, enrolment, looking.kept, looking.count_from)
    return Plan(programme=programme, around=replace(around, starts_on=first or local_day(unit.now, patient.zone)))


async def _first_day(
    unit: Unit, patient: Person, enrolment: Enrolment, kept: Kept, count_from: CountFrom
) -> date | None:
    """From which day the programme counts; None until the patient has enrolled."""
    if enrolment.enrolled_at is None:
        return None
    if count_from is CountFrom.TODAY:
        return local_day(unit.now, patient.zone)
    if count_from is CountFrom.KEEP and enrolment.programme_version_id is not None and enrolment.programme_from:
        version = await programmes.version(unit.session, enrolment.programme_version_id)
        if version.programme_id == kept.id:
            return enrolment.programme_from
    return local_day(enrolment.enrolled_at, patient.zone)


def _mark(enrolment: Enrolment, then: Plan, surroundings: Surroundings) -> str:
    around: Circumstances = replace(then.around, asked={}, why_held=always_open)
    definition = write_programme(then.programme)
    return sha256(repr((enrolment.state, definition, around, surroundings.closed)).encode()).hexdigest()


async def _move(unit: Unit, patient: Person, kept: Kept, count_from: CountFrom) -> None:
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None:
        raise KeyError(patient.id)
    if enrolment.state == EnrolmentState.ACTIVE:
        await catch_up(unit, enrolment)  # what has fallen due before is not forgotten
    before = enrolment.programme_version_id
    keeps_own = _keeps_own(enrolment)
    first = await _first_day(unit, patient, enrolment, kept, count_from)
    enrolment.programme_version_id, enrolment.programme_from = kept.version_id, first
    if not keeps_own:
        enrolment.rules = []
    await plan_next(unit, patient, enrolment, after=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="programme_assigned",
        object_kind="patient",
        object_id=patient.id,
        detail={"before": before, "after": kept.version_id, "programme": kept.name, "counted_from": str(first)},
    )
