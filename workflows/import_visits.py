"""Visits of a clinic's calendar are planned, moved and called off as it says, once each, however often it is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alliance.calendar_events import Happening
from alliance.visits import VisitState
from storage import calendar_visits, people, roster, visits
from storage.tables import CalendarVisit, Person, Visit
from workflows import plan_visits
from workflows.plan_visits import CannotPlan
from workflows.unit import Unit

HORIZON = timedelta(days=366)  # how far ahead a series is planned; the next import goes on from there
HAPPENINGS_AT_ONCE = 100  # in one transaction
FEW_VANISHED, SHARE_VANISHED = 10, 0.5  # above both it is probably another calendar


class Became(StrEnum):
    """What came of one event."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SAME = "same"
    PAST = "past"
    NO_PATIENT = "no_patient"  # an event without a clinic id: a meeting, a holiday
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled:
    """One event of a calendar and what came of it, in one sentence; ``line`` is None for one that is not in it."""

    line: int | None
    what: Became
    says: str
    code_name: str = ""
    starts_at: datetime | None = None


async def take_over(unit: Unit, calendar: str, some: Sequence[Happening]) -> list[Handled]:
    """Do what these events say, at most HAPPENINGS_AT_ONCE; one that cannot be changes nothing."""
    patients = await roster.by_clinic_ids(unit.session, [one.clinic_id for one in some if one.clinic_id])
    handled: list[Handled] = []
    for one in some:
        patient = patients.get(roster.folded(one.clinic_id)) if one.clinic_id else None
        try:
            async with unit.session.begin_nested():
                handled.append(await _take(unit, calendar, one, patient))
        except CannotPlan as refused:
            handled.append(_said(one, Became.REFUSED, f"{refused}", patient))
    return handled


async def call_off_vanished(
    unit: Unit, calendar: str, every: Iterable[Happening], *, although_many: bool = False
) -> list[Handled]:
    """Call off visits whose events are not in the calendar any more; for a calendar that holds everything there is.

    Raises CannotPlan where that would be most of them, unless somebody has said that it is meant.
    """
    seen = [(one.uid, one.place) for one in every if one.place is not None]
    gone, known = await calendar_visits.vanished(
        unit.session, calendar, seen=seen, after=unit.now, until=unit.now + HORIZON
    )
    if not although_many and len(gone) > max(FEW_VANISHED, known * SHARE_VANISHED):
        raise CannotPlan(
            "vanished",
            f"{len(gone)} of {known} visits are not in this calendar any more; none of these was called off. "
            "If that is right, --although-many calls them off.",
        )
    handled: list[Handled] = []
    for row in gone:
        await _call_off(unit, row)
        patient = await people.get(unit.session, row.patient_id)
        says = "It is not in the calendar any more."
        handled.append(
            Handled(line=None, what=Became.CANCELLED, says=says, code_name=patient.code_name, starts_at=row.starts_at)
        )
    return handled


async def _take(unit: Unit, calendar: str, one: Happening, patient: Person | None) -> Handled:
    if one.is_cancelled:
        return await _take_cancelled(unit, one)
    if one.clinic_id is None:
        return _said(one, Became.NO_PATIENT, "There is no clinic id in it.", None)
    if one.starts_at <= unit.now:
        return _said(one, Became.PAST, "It has passed.", patient)
    if patient is None:
        return _said(one, Became.REFUSED, "No roster has named a patient of this clinic id.", None)
    row = await calendar_visits.known(unit.session, one.uid, one.place or "")
    if row is None:
        return await _take_new(unit, calendar, one, patient)
    return await _take_known(unit, calendar, one, patient, row)


async def _take_new(unit: Unit, calendar: str, one: Happening, patient: Person) -> Handled:
    there = await visits.planned_at(unit.session, patient.id, one.starts_at)
    visit = there or await plan_visits.plan(unit, patient, starts_at=one.starts_at)
    await calendar_visits.keep(
        unit.session,
        CalendarVisit(
            patient_id=patient.id,
            visit_id=visit.id,
            mark=calendar_visits.marked(unit.session, one.uid, one.place or ""),
            series=calendar_visits.marked(unit.session, one.uid),
            calendar=calendar,
            sequence=one.sequence,
            starts_at=one.starts_at,
            seen_at=unit.now,
            is_gone=False,
        ),
    )
    if there is not None:
        return _said(one, Became.SAME, "Somebody had planned it already.", patient)
    return _said(one, Became.PLANNED, "Planned.", patient)


async def _take_known(unit: Unit, calendar: str, one: Happening, patient: Person, row: CalendarVisit) -> Handled:
    """What staff did about a visit stays, until the calendar itself says something else than before."""
    is_older = one.sequence < row.sequence
    says_the_same = (row.starts_at, row.patient_id, row.is_gone) == (one.starts_at, patient.id, False)
    if not is_older:
        row.calendar, row.sequence, row.seen_at = calendar, one.sequence, unit.now
    if is_older or says_the_same:
        return _said(one, Became.SAME, "Nothing changes.", patient)
    visit = await calendar_visits.visit_of(unit.session, row)
    was_gone, was_of = row.is_gone, row.patient_id
    if visit is not None and visit.state == VisitState.DONE:
        return _said(one, Became.SAME, "It took place.", patient)
    is_planned = visit is not None and visit.state == VisitState.PLANNED
    if is_planned and await calendar_visits.is_shared(unit.session, row):
        is_planned = False  # it stays what the other event says
    if visit is not None and is_planned and was_of == patient.id:
        await plan_visits.move(unit, visit.id, starts_at=one.starts_at)
        row.starts_at, row.is_gone = one.starts_at, False
        return _said(one, Became.MOVED, "Moved.", patient)
    if visit is not None and is_planned:
        await plan_visits.cancel(unit, visit.id)  # it is somebody else's by now
    anew = await plan_visits.plan(unit, patient, starts_at=one.starts_at)
    row.patient_id, row.visit_id, row.starts_at, row.is_gone = patient.id, anew.id, one.starts_at, False
    return _said(one, Became.PLANNED, "Planned again." if was_gone else "Planned.", patient)


async def _take_cancelled(unit: Unit, one: Happening) -> Handled:
    """One event, or a whole series of which every visit that is still to come is called off."""
    if one.place is None:
        rows = [row for row in await calendar_visits.of_series(unit.session, one.uid) if row.starts_at > unit.now]
    else:
        row = await calendar_visits.known(unit.session, one.uid, one.place)
        rows = [row] if row is not None else []
    rows = [row for row in rows if not row.is_gone and row.sequence <= one.sequence]
    if not rows:
        return _said(one, Became.SAME, "It was not planned.", None)
    called_off = [await _call_off(unit, row) for row in rows]
    patient = await people.get(unit.session, rows[0].patient_id)
    number = sum(called_off)
    return _said(one, Became.CANCELLED, "Called off." if number == 1 else f"{number} visits called off.", patient)


async def _call_off(unit: Unit, row: CalendarVisit) -> bool:
    """Call one visit off, where it is still planned and no other event means it; whether it was."""
    row.is_gone, row.seen_at = True, unit.now
    if await calendar_visits.is_shared(unit.session, row):
        return False
    visit: Visit | None = await calendar_visits.visit_of(unit.session, row)
    is_planned = visit is not None and visit.state == VisitState.PLANNED and visit.starts_at > unit.now
    if visit is not None and is_planned:
        await plan_visits.cancel(unit, visit.id)
    return is_planned


def _said(one: Happening, what: Became, says: str, patient: Person | None) -> Handled:
    code_name = patient.code_name if patient else ""
    return Handled(line=one.line, what=what, says=says, code_name=code_name, starts_at=one.starts_at)
