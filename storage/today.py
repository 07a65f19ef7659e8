"""Questions about today: who is asked, who waits for a link, and whom nothing reaches."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from storage.tables import Checkin, Enrolment, Invitation, Person
from storage.team import TAKING_PART

_REACHED = (CheckinState.QUEUED, CheckinState.OPEN, CheckinState.ANSWERED, CheckinState.EXPIRED)
_NOT_REACHED = (CheckinState.UNDELIVERABLE, CheckinState.UNCERTAIN)


async def asked(session: AsyncSession, *, since: datetime, until: datetime) -> Sequence[Person]:
    """Patients whose check-in fell due in that stretch, or is still to, by code name."""
    had = exists().where(
        Checkin.patient_id == Person.id, Checkin.due_at >= since, Checkin.due_at < until, Checkin.state.in_(_REACHED)
    )
    is_due = (Enrolment.state == EnrolmentState.ACTIVE) & (Enrolment.next_due_at < until)
    rows = await session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(or_(had, is_due))
        .order_by(Person.code_name_folded)
    )
    return rows.all()


async def without_a_link(session: AsyncSession, *, now: datetime) -> Sequence[Person]:
    """Patients who have not opened an invitation and have none that could still be opened, by code name."""
    can_open = exists().where(
        Invitation.person_id == Person.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    rows = await session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.state == EnrolmentState.INVITED, Person.chat_id.is_(None), ~can_open)
        .order_by(Person.code_name_folded)
    )
    return rows.all()


async def not_reached(session: AsyncSession, *, since: datetime, until: datetime) -> Sequence[Person]:
    """Patients to whom nothing can be delivered, or whose check-in in that stretch did not arrive, by code name."""
    failed = exists().where(
        Checkin.patient_id == Person.id,
        Checkin.due_at >= since,
        Checkin.due_at < until,
        Checkin.state.in_(_NOT_REACHED),
    )
    rows = await session.scalars(
        select(Person)
        .join(Enrolment, Enrolment.patient_id == Person.id)
        .where(Enrolment.state.in_(TAKING_PART), or_(Person.blocked_at.is_not(None), failed))
        .order_by(Person.code_name_folded)
    )
    return rows.all()
