"""A clinic's patients, all or a page at a time: found by what is kept of them in the open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from alliance.enrolment import ENDED
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
    called: int | None = None  # who is found as well: whom the clinic itself calls by these words
    beginning: str = ""  # of the code name, in any case
    states: Collection[str] = ()  # none: whatever the state
    clinician_id: int | None = None
    unreachable: bool = False
    by_next: bool = False  # in the order of their next check-in, those without one last


async def page(
    session: AsyncSession, sought: Sought, *, after: After | None = None, start: int = 0, limit: int | None = None
) -> list[Listed]:
    """So many rows behind that one, or from that number on, in the order asked for; without a limit all of them."""
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
        .offset(start or None)
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


async def recent_checkins(session: AsyncSession, patient_id: int, *, limit: int) -> Sequence[Checkin]:
    """The latest check-ins of a patient, whatever became of them, the latest first."""
    rows = await session.scalars(
        select(Checkin).where(Checkin.patient_id == patient_id).order_by(Checkin.due_at.desc()).limit(limit)
    )
    return rows.all()


def _which(sought: Sought) -> list[ColumnElement[bool]]:
    which = [of_clinicians(Enrolment.clinician_id, sought.clinicians)]
    if sought.words:
        found = Person.code_name_folded.contains(_folded(sought.words), autoescape=True)
        which.append(found if sought.called is None else or_(found, Person.id == sought.called))
    if sought.beginning:
        which.append(Person.code_name_folded.startswith(_folded(sought.beginning), autoescape=True))
    if sought.states:
        which.append(Enrolment.state.in_(sought.states))
    if sought.clinician_id is not None:
        which.append(Enrolment.clinician_id == sought.clinician_id)
    if sought.unreachable:
        which += [Person.blocked_at.is_not(None), Enrolment.state.not_in(tuple(ENDED))]
    return which


def _folded(words: str) -> str:
    return " ".join(words.split()).casefold()


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


def of_clinicians(column: InstrumentedAttribute[int], clinicians: Clinicians) -> ColumnElement[bool]:
    """Only what is of these clinicians."""
    return true() if clinicians is None else column.in_(clinicians)
