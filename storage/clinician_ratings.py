"""Questions about clinicians' own ratings: which are asked, which were given, and near which check-in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.clinician_rating import RatingState
from storage.tables import ClinicianRating

_GIVEN = ClinicianRating.state == RatingState.RATED
_GIVEN_BETWEEN = (
    select(ClinicianRating)
    .where(
        ClinicianRating.patient_id == bindparam("of"),
        _GIVEN,
        ClinicianRating.ended_at.between(bindparam("after"), bindparam("until")),
    )
    .order_by(ClinicianRating.ended_at, ClinicianRating.id)
)


async def add(session: AsyncSession, row: ClinicianRating) -> ClinicianRating:
    """Write down that a clinician is asked about a patient."""
    session.add(row)
    await session.flush()
    return row


async def get(session: AsyncSession, rating_id: int) -> ClinicianRating | None:
    """The rating of that number, held for this transaction."""
    return await session.get(ClinicianRating, rating_id, with_for_update=True)


async def next_of(session: AsyncSession, row: ClinicianRating) -> ClinicianRating | None:
    """The next one that was asked for together with this and waits."""
    return await session.scalar(
        select(ClinicianRating)
        .where(
            ClinicianRating.clinician_id == row.clinician_id,
            ClinicianRating.asked_at == row.asked_at,
            ClinicianRating.state == RatingState.ASKED,
        )
        .order_by(ClinicianRating.id)
        .limit(1)
    )


async def asked_since(session: AsyncSession, clinician_id: int, *, since: datetime) -> int:
    """How many a clinician was asked for since then."""
    query = select(func.count()).where(ClinicianRating.clinician_id == clinician_id, ClinicianRating.asked_at >= since)
    return await session.scalar(query) or 0


async def latest_asked(session: AsyncSession, clinician_id: int) -> dict[int, datetime]:
    """When a clinician was last asked about each patient, by patient; whom she was never asked about is left out."""
    rows = await session.execute(
        select(ClinicianRating.patient_id, func.max(ClinicianRating.asked_at))
        .where(ClinicianRating.clinician_id == clinician_id)
        .group_by(ClinicianRating.patient_id)
    )
    return {patient_id: asked_at for patient_id, asked_at in rows}  # noqa: C416  # rows are tuples only to a checker


async def given_between(
    session: AsyncSession, patient_id: int, *, after: datetime, until: datetime
) -> Sequence[ClinicianRating]:
    """What clinicians gave to one patient in that stretch, the oldest first."""
    rows = await session.scalars(_GIVEN_BETWEEN, {"of": patient_id, "after": after, "until": until})
    return rows.all()


async def latest_of(
    session: AsyncSession, patient_ids: Sequence[int], *, clinician_id: int, until: datetime, within: timedelta
) -> dict[int, ClinicianRating]:
    """The latest that one clinician gave to each of these patients by then, by patient, if it is no older than that."""
    rows = await session.scalars(
        select(ClinicianRating)
        .where(
            ClinicianRating.patient_id.in_(patient_ids),
            ClinicianRating.clinician_id == clinician_id,
            _GIVEN,
            ClinicianRating.ended_at.between(until - within, until),
        )
        .order_by(ClinicianRating.ended_at, ClinicianRating.id)
    )
    return {row.patient_id: row for row in rows}  # the latest comes last


async def latest_given(
    session: AsyncSession, patient_id: int, *, clinician_id: int, until: datetime, within: timedelta
) -> ClinicianRating | None:
    """The latest that one clinician gave to a patient by that moment, if it is no older than that."""
    return await session.scalar(
        select(ClinicianRating)
        .where(
            ClinicianRating.patient_id == patient_id,
            ClinicianRating.clinician_id == clinician_id,
            _GIVEN,
            ClinicianRating.ended_at.between(until - within, until),
        )
        .order_by(ClinicianRating.ended_at.desc(), ClinicianRating.id.desc())
        .limit(1)
    )
