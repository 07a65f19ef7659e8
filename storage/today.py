"""Questions about today: who is asked, who waits for a link, and whom nothing reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from storage.patient_list import Clinicians, Listed, of_clinicians
from storage.tables import Checkin, Enrolment, Invitation, Person
from storage.team import TAKING_PART

_REACHED = (CheckinState.QUEUED, CheckinState.OPEN, CheckinState.ANSWERED, CheckinState.EXPIRED)
_NOT_REACHED = (CheckinState.UNDELIVERABLE, CheckinState.UNCERTAIN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Some:
    """How many patients there are of a kind, and the first of them by code name."""

    number: int
    first: Sequence[Person]


async def asked(session: AsyncSession, *, since: datetime, until: datetime, limit: int) -> Some:
    """Patients whose check-in fell due in that stretch, or is still to, by code name."""
    had = exists().where(
        Checkin.patient_id == Person.id, Checkin.due_at >= since, Checkin.due_at < until, Checkin.state.in_(_REACHED)
    )
    is_due = (Enrolment.state == EnrolmentState.ACTIVE) & (Enrolment.next_due_at < until)
    return await _some(session, or_(had, is_due), limit=limit)


async def without_a_link(session: AsyncSession, clinicians: Clinicians, *, now: datetime, limit: int) -> Some:
    """Patients who have not opened an invitation and have none that could still be opened."""
    can_open = exists().where(
        Invitation.person_id == Person.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    waits = (Enrolment.state == EnrolmentState.INVITED) & Person.chat_id.is_(None) & ~can_open
    return await _some(session, waits & of_clinicians(Enrolment.clinician_id, clinicians), limit=limit)


async def not_reached(session: AsyncSession, *, since: datetime, until: datetime, limit: int) -> Some:
    """Patients to whom nothing can be delivered, or whose check-in in that stretch did not arrive."""
    failed = exists().where(
        Checkin.patient_id == Person.id,
        Checkin.due_at >= since,
        Checkin.due_at < until,
        Checkin.state.in_(_NOT_REACHED),
    )
    takes_part = Enrolment.state.in_(TAKING_PART)
    return await _some(session, takes_part & or_(Person.blocked_at.is_not(None), failed), limit=limit)


async def asked_since(session: AsyncSession, clinicians: Clinicians, *, since: datetime) -> dict[CheckinState, int]:
    """How many check-ins fell due since then, by what became of them."""
    rows = await session.execute(
        select(Checkin.state, func.count())
        # every state is named, so that each is found by its index from that moment on
        .where(Checkin.state.in_(tuple(CheckinState)), Checkin.due_at >= since)
        .where(of_clinicians(Checkin.clinician_id, clinicians))
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
            of_clinicians(Checkin.clinician_id, clinicians),
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
        of_clinicians(Enrolment.clinician_id, clinicians),
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


async def _some(session: AsyncSession, which: ColumnElement[bool], *, limit: int) -> Some:
    number = select(func.count()).select_from(Enrolment).join(Person, Person.id == Enrolment.patient_id).where(which)
    first = select(Person).join(Enrolment, Enrolment.patient_id == Person.id).where(which)
    rows = await session.scalars(first.order_by(Person.code_name_folded).limit(limit))
    return Some(number=await session.scalar(number) or 0, first=rows.all())
