"""One-time codes: made here, kept as hashes, claimed by exactly one person."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.people import Role
from storage.tables import Invitation, Person, StaffRole

CODE_BYTES = 16  # 128 bits; as text 22 characters, well under a deep link's 64


async def make(session: AsyncSession, *, person_id: int, role: Role, expires_at: datetime, now: datetime) -> str:
    """Make a fresh code for a person; earlier codes for the same person and role stop working."""
    await session.execute(
        update(Invitation)
        .where(
            Invitation.person_id == person_id,
            Invitation.role == role,
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    code = secrets.token_urlsafe(CODE_BYTES)
    session.add(
        Invitation(code_hash=_hash(code), person_id=person_id, role=role, created_at=now, expires_at=expires_at)
    )
    await session.flush()
    return code


async def make_many(
    session: AsyncSession, person_ids: Sequence[int], *, role: Role, expires_at: datetime, now: datetime
) -> dict[int, str]:
    """Make a fresh code for each of these people, who have none yet, by their ids."""
    codes = {person_id: secrets.token_urlsafe(CODE_BYTES) for person_id in person_ids}
    session.add_all(
        Invitation(code_hash=_hash(code), person_id=person_id, role=role, created_at=now, expires_at=expires_at)
        for person_id, code in codes.items()
    )
    await session.flush()
    return codes


async def revoke(session: AsyncSession, *, person_id: int, now: datetime) -> None:
    """Make every unused link of a person worthless."""
    await session.execute(
        update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
        .values(revoked_at=now)
    )


async def claim(session: AsyncSession, code: str, *, now: datetime) -> Invitation | None:
    """Use up a code; None when it is unknown, used, revoked or past its time, and nobody learns which."""
    return await session.scalar(
        update(Invitation)
        .where(
            Invitation.code_hash == _hash(code),
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(Invitation)
    )


async def invited_or_in_role(session: AsyncSession, role: Role, *, now: datetime) -> Sequence[Person]:
    """People who have a staff role or a link that will give it to them."""
    in_role = select(StaffRole.person_id).where(
        StaffRole.role == role, or_(StaffRole.until.is_(None), StaffRole.until > now)
    )
    invited = select(Invitation.person_id).where(
        Invitation.role == role, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    rows = await session.scalars(
        select(Person).where(or_(Person.id.in_(in_role), Person.id.in_(invited))).order_by(Person.code_name)
    )
    return rows.all()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", errors="replace")).hexdigest()
