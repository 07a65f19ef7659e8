"""A clinic's patients a page at a time: found by what is kept of them in the open, thousands of rows without pain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from alliance.checkin import CheckinState
from alliance.enrolment import ENDED, EnrolmentState
from storage.tables import Checkin, Enrolment, Person

Clinicians = frozenset[int] | None  # None: everybody's patients


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One row: a patient, how they take part, and with whom."""

    patient: Person
    enrolment: Enrolment
    clinician: Person


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """The last row of the page before: where the next one goes on."""

    code_name: str  # folded
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sought:
    """Whose patients are looked for, and which of them."""

    clinicians: Clinicians
    words: str = ""  # a part of the code name, in any case
    state: str = ""
    clinician_id: int | None = None
    unreachable: bool = False
    by_next: bool = False  # in the order of their next check-in, those without one last


async def page(session: AsyncSession, sought: Sought, *, after: After | None, limit: int) -> list[Listed]:
    """So many rows behind that one, in the order asked for."""
    clinician = aliased(Person)
    order = (
        (Enrolment.next_due_at.is_(None), Enrolment.next_due_at, Person.code_name_folded)
        if sought.by_next
        else (Person.code_name_folded,)
    )
    rows = await session.execute(
        select(Person, Enrolment, clinician)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .join(clinician, clinician.id == Enrolment.clinician_id)
        .where(*_which(sought), _behind(after, by_next=sought.by_next))
        .order_by(*order)
        .limit(limit)
    )
    return [Listed(patient=patient, enrolment=enrolment, clinician=cares) for patient, enrolment, cares in rows]


async def count(session: AsyncSession, sought: Sought) -> int:
    """How many rows there are in all."""
    found = select(func.count()).select_from(Enrolment).join(Person, Person.id == Enrolment.patient_id)
    return await session.scalar(found.where(*_which(sought))) or 0


async def ids(session: AsyncSession, sought: Sought) -> Sequence[int]:
    """Everybody who is found, by code name."""
    found = select(Person.id).join(Enrolment, Enrolment.patient_id == Person.id).where(*_which(sought))
    return (await session.scalars(found.order_by(Person.code_name_folded))).all()


async def asked_since(session: AsyncSession, clinicians: Clinicians, *, since: datetime) -> dict[CheckinState, int]:
    """How many check-ins fell due since then, by what became of them."""
    rows = await session.execute(
        select(Checkin.state, func.count())
        # every state is named, so that each is found by its index from that moment on
        .where(Checkin.state.in_(tuple(CheckinState)), Checkin.due_at >= since, _of(Checkin.clinician_id, clinicians))
        .group_by(Checkin.state)
    )
    return {CheckinState(state): number for state, number in rows}


async def lost_since(
    session: AsyncSession, clinicians: Clinicians, *, since: datetime, limit: int
) -> Sequence[tuple[Checkin, Person]]:
    """Check-ins of which nobody can say that they arrived, the latest first."""
    states = (CheckinState.UNDELIVERABLE, CheckinState.UNCERTAIN, CheckinState.MISSED)
    rows = await session.execute(
        select(Checkin, Person)
        .join(Person, Person.id == Checkin.patient_id)
        .where(
            Checkin.due_at >= since,
            Checkin.state.in_(states),
            Person.blocked_at.is_(None),  # those stand in the list of whom nothing reaches
            _of(Checkin.clinician_id, clinicians),
        )
        .order_by(Checkin.due_at.desc())
        .limit(limit)
    )
    return [(checkin, person) for checkin, person in rows]


async def due_until(
    session: AsyncSession, clinicians: Clinicians, *, until: datetime, limit: int
) -> tuple[int, list[Listed]]:
    """Who will be asked until then: how many, and the first of them."""
    clinician = aliased(Person)
    which = (
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.next_due_at <= until,
        _of(Enrolment.clinician_id, clinicians),
    )
    number = await session.scalar(select(func.count()).select_from(Enrolment).where(*which)) or 0
    rows = await session.execute(
        select(Person, Enrolment, clinician)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .join(clinician, clinician.id == Enrolment.clinician_id)
        .where(*which)
        .order_by(Enrolment.next_due_at, Person.code_name_folded)
        .limit(limit)
    )
    return number, [Listed(patient=one, enrolment=enrolment, clinician=cares) for one, enrolment, cares in rows]


async def recent_checkins(session: AsyncSession, patient_id: int, *, limit: int) -> Sequence[Checkin]:
    """The latest check-ins of a patient, whatever became of them, the latest first."""
    rows = await session.scalars(
        select(Checkin).where(Checkin.patient_id == patient_id).order_by(Checkin.due_at.desc()).limit(limit)
    )
    return rows.all()


def _which(sought: Sought) -> list[ColumnElement[bool]]:
    which = [_of(Enrolment.clinician_id, sought.clinicians)]
    if sought.words:
        which.append(Person.code_name_folded.contains(" ".join(sought.words.split()).casefold(), autoescape=True))
    if sought.state:
        which.append(Enrolment.state == sought.state)
    if sought.clinician_id is not None:
        which.append(Enrolment.clinician_id == sought.clinician_id)
    if sought.unreachable:
        which += [Person.blocked_at.is_not(None), Enrolment.state.not_in(tuple(ENDED))]
    return which


def _behind(after: After | None, *, by_next: bool) -> ColumnElement[bool]:
    if after is None:
        return true()
    later = Person.code_name_folded > after.code_name
    if not by_next:
        return later
    has_none = Enrolment.next_due_at.is_(None)
    if after.due_at is None:
        return and_(has_none, later)
    same = and_(Enrolment.next_due_at == after.due_at, later)
    return or_(has_none, Enrolment.next_due_at > after.due_at, same)


def _of(column: InstrumentedAttribute[int], clinicians: Clinicians) -> ColumnElement[bool]:
    return true() if clinicians is None else column.in_(clinicians)
