"""Questions about the bond item: whom it meant, and what patients said of the bond with one clinician."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import CheckinState
from alliance.items import Domain
from storage.tables import Answer, Checkin, FollowUp, SkippedItem


async def asked_about(session: AsyncSession, patient_id: int) -> Sequence[int]:
    """Of every check-in that has reached a patient, or may have, the newest first: whom its bond item meant."""
    arrived = Checkin.delivered_at.is_not(None) | (Checkin.state == CheckinState.UNCERTAIN)
    rows = await session.scalars(
        select(func.coalesce(Checkin.bond_about_id, Checkin.clinician_id))
        .where(Checkin.patient_id == patient_id, arrived)
        .order_by(Checkin.due_at.desc())
    )
    return rows.all()


async def told(
    session: AsyncSession, clinician_id: int, patient_id: int, *, after: datetime, until: datetime
) -> Sequence[tuple[Checkin, Answer | None]]:
    """Check-ins in which a patient rated the bond with that clinician, passed it over or said why, in that stretch."""
    moments = (Answer.answered_at, SkippedItem.skipped_at, FollowUp.chosen_at)
    rows = await session.execute(
        select(Checkin, Answer)
        .outerjoin(Answer, (Answer.checkin_id == Checkin.id) & (Answer.about_id == clinician_id))
        .outerjoin(SkippedItem, (SkippedItem.checkin_id == Checkin.id) & (SkippedItem.domain == Domain.BOND))
        .outerjoin(FollowUp, (FollowUp.checkin_id == Checkin.id) & (FollowUp.domain == Domain.BOND))
        .where(
            Checkin.patient_id == patient_id,
            Checkin.bond_about_id == clinician_id,
            or_(*(moment.between(after, until) for moment in moments)),
        )
        .order_by(Checkin.due_at, Checkin.id)
    )
    return [(checkin, answer) for checkin, answer in rows]


async def rated(
    session: AsyncSession, clinician_id: int, patient_id: int, *, before: datetime, limit: int
) -> list[Answer]:
    """How a patient rated the bond with that clinician in the latest check-ins due before, oldest first."""
    rows = await session.scalars(
        select(Answer)
        .join(Checkin, Checkin.id == Answer.checkin_id)
        .where(Checkin.patient_id == patient_id, Answer.about_id == clinician_id, Checkin.due_at < before)
        .order_by(Checkin.due_at.desc(), Answer.id.desc())
        .limit(limit)
    )
    return list(rows)[::-1]
