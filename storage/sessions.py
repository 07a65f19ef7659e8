"""Questions about the console's doors: links that are used up once, and who is signed in."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import SignInLink, StaffSession

SECRET_BYTES = 32  # 256 bits, for links and sessions alike


async def make_link(session: AsyncSession, person_id: int, *, expires_at: datetime, now: datetime) -> str:
    """Make a fresh code for a person; an earlier one that nobody has used stops working."""
    await end_links(session, person_id, now=now)
    code = secrets.token_urlsafe(SECRET_BYTES)
    session.add(SignInLink(code_hash=_hash(code), person_id=person_id, created_at=now, expires_at=expires_at))
    await session.flush()
    return code


async def claim_link(session: AsyncSession, code: str, *, now: datetime) -> int | None:
    """Use up a code; the id of its person, or None when it is unknown, used or past its time."""
    return await session.scalar(
        update(SignInLink)
        .where(SignInLink.code_hash == _hash(code), SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.person_id)
    )


async def end_links(session: AsyncSession, person_id: int, *, now: datetime) -> None:
    """Make every unused link of a person worthless."""
    unused = (SignInLink.person_id == person_id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    await session.execute(update(SignInLink).where(*unused).values(expires_at=now))


async def begin(session: AsyncSession, person_id: int, *, now: datetime) -> str:
    """Begin a session; the token that proves it, which is kept nowhere but with its owner."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    session.add(StaffSession(token_hash=_hash(token), person_id=person_id, began_at=now, seen_at=now))
    await session.flush()
    return token


async def of_token(session: AsyncSession, token: str) -> StaffSession | None:
    """The session of that token unless somebody has ended it."""
    return await session.scalar(
        select(StaffSession).where(StaffSession.token_hash == _hash(token), StaffSession.ended_at.is_(None))
    )


async def seen(session: AsyncSession, session_id: int, *, now: datetime) -> None:
    """Somebody was there at this moment."""
    await session.execute(update(StaffSession).where(StaffSession.id == session_id).values(seen_at=now))


async def end(session: AsyncSession, token: str, *, now: datetime) -> int | None:
    """End the session of that token; whose it was."""
    return await session.scalar(
        update(StaffSession)
        .where(StaffSession.token_hash == _hash(token), StaffSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(StaffSession.person_id)
    )


async def end_all(session: AsyncSession, person_id: int | None, *, now: datetime) -> int:
    """End every session of a person (None: of everybody), and their unused links; how many sessions there were."""
    whose = () if person_id is None else (StaffSession.person_id == person_id,)
    ended = await session.scalars(
        update(StaffSession)
        .where(*whose, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(StaffSession.id)
    )
    of_links = () if person_id is None else (SignInLink.person_id == person_id,)
    unused = (SignInLink.used_at.is_(None), SignInLink.expires_at > now)
    await session.execute(update(SignInLink).where(*of_links, *unused).values(expires_at=now))
    return len(ended.all())


async def forget_old(session: AsyncSession, *, before: datetime) -> None:
    """Delete links and sessions that were over by then."""
    await session.execute(delete(SignInLink).where(SignInLink.expires_at < before))
    over = or_(StaffSession.ended_at < before, StaffSession.seen_at < before)
    await session.execute(delete(StaffSession).where(over))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", errors="replace")).hexdigest()
