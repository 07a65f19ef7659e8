"""Questions about the staff as a list: who is there, with which roles, for how many patients, and who is invited."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.people import Role
from storage.tables import Digest, Enrolment, Invitation, Person, StaffRole
from storage.team import TAKING_PART


async def with_roles(session: AsyncSession, *, now: datetime) -> list[tuple[Person, tuple[Role, ...]]]:
    """Everybody who has a staff role at this moment, by code name."""
    rows = await session.execute(
        select(Person, StaffRole.role)
        .join(StaffRole, StaffRole.person_id == Person.id)
        .where(StaffRole.since <= now, or_(StaffRole.until.is_(None), StaffRole.until > now))
        .order_by(Person.code_name_folded, StaffRole.role)
    )
    found: dict[int, tuple[Person, list[Role]]] = {}
    for person, role in rows:
        found.setdefault(person.id, (person, []))[1].append(Role(role))
    return [(person, tuple(dict.fromkeys(roles))) for person, roles in found.values()]


async def caseloads(session: AsyncSession) -> dict[int, int]:
    """How many patients of each clinician take part, or are on a break or held, by the clinician's id."""
    rows = await session.execute(
        select(Enrolment.clinician_id, func.count())
        .where(Enrolment.state.in_(TAKING_PART))
        .group_by(Enrolment.clinician_id)
    )
    return dict(rows.all())


async def open_invitations(
    session: AsyncSession, *, now: datetime, limit: int
) -> tuple[int, Sequence[tuple[Invitation, Person]]]:
    """Links that nobody has opened and that still work: how many, and the first of them to expire."""
    works = (Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    number = await session.scalar(select(func.count()).select_from(Invitation).where(*works)) or 0
    rows = await session.execute(
        select(Invitation, Person)
        .join(Person, Person.id == Invitation.person_id)
        .where(*works)
        .order_by(Invitation.expires_at, Invitation.id)
        .limit(limit)
    )
    return number, [(invitation, person) for invitation, person in rows]


async def digest_days(session: AsyncSession, clinician_id: int, *, limit: int) -> Sequence[date]:
    """The last days on which a clinician had a digest, the latest first."""
    rows = await session.scalars(
        select(Digest.local_date)
        .where(Digest.clinician_id == clinician_id)
        .order_by(Digest.local_date.desc())
        .limit(limit)
    )
    return rows.all()


async def last_digest_at(session: AsyncSession) -> datetime | None:
    """When a digest was last arranged, whoever's."""
    return await session.scalar(select(func.max(Digest.built_at)))
