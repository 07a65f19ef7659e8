"""Signatures below rules and wording: added, never changed, and the last one counts."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.approval import Decision, Part, Signature, Text
from storage.tables import Approval


async def add(session: AsyncSession, text: Text, signature: Signature, *, now: datetime) -> int:
    """Write a signature down; its number."""
    row = Approval(
        part=text.part,
        language=text.language,
        decision=signature.decision,
        sha256=signature.sha256,
        signed_by=signature.by,
        signed_on=signature.on,
        recorded_at=now,
    )
    session.add(row)
    await session.flush()
    return row.id


async def latest(session: AsyncSession) -> Mapping[tuple[Part, str], Signature]:
    """The last signature of each part and language."""
    last = select(func.max(Approval.id)).group_by(Approval.part, Approval.language)
    rows = await session.scalars(select(Approval).where(Approval.id.in_(last)))
    return {
        (Part(row.part), row.language): Signature(
            decision=Decision(row.decision), sha256=row.sha256, by=row.signed_by, on=row.signed_on
        )
        for row in rows
    }
