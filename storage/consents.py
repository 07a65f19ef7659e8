"""Decisions about consent: written down once, never changed, never deleted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import ConsentGiven


async def record(
    session: AsyncSession, patient_id: int, *, version: int, language: str, decision: str, now: datetime
) -> None:
    """Keep one decision about one version of the text: given, refused or withdrawn."""
    session.add(
        ConsentGiven(patient_id=patient_id, version=version, language=language, decision=decision, decided_at=now)
    )
    await session.flush()


async def latest(session: AsyncSession, patient_id: int) -> ConsentGiven | None:
    """The last decision of a patient, or None before there was one."""
    return await session.scalar(
        select(ConsentGiven).where(ConsentGiven.patient_id == patient_id).order_by(ConsentGiven.id.desc()).limit(1)
    )
