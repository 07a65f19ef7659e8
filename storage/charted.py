"""Questions about what a chart shows beside the answers: visits, flags, what was done, what did not arrive."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import CheckinState
from storage.tables import Checkin, Flag, FlagActed, KeptCourse, Visit

CANCELLED = "cancelled"  # a visit that did not take place
_LOST = (CheckinState.MISSED, CheckinState.UNDELIVERABLE, CheckinState.UNCERTAIN)


async def visits_of(session: AsyncSession, patient_ids: Sequence[int], *, until: datetime) -> Sequence[Visit]:
    """Visits of these patients that were to have begun by then and were not cancelled, oldest first."""
    rows = await session.scalars(
        select(Visit)
        .where(Visit.patient_id.in_(patient_ids), Visit.starts_at <= until, Visit.state != CANCELLED)
        .order_by(Visit.starts_at)
    )
    return rows.all()


async def flags_of(
    session: AsyncSession, patient_ids: Sequence[int], *, clinician_id: int
) -> list[tuple[Flag, FlagActed | None]]:
    """Every flag about these patients that is, or was, for that clinician's eyes, oldest first, with what was done.

    A flag stands there once for each thing that was done about it, in their order, and once where nothing was.
    """
    rows = await session.execute(
        select(Flag, FlagActed)
        .outerjoin(FlagActed, FlagActed.flag_id == Flag.id)
        .where(Flag.patient_id.in_(patient_ids), Flag.clinician_id == clinician_id)
        .order_by(Flag.raised_at, Flag.id, FlagActed.id)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    return list(cast("Sequence[tuple[Flag, FlagActed | None]]", rows.all()))


async def lost_of(session: AsyncSession, patient_ids: Sequence[int]) -> Sequence[Checkin]:
    """Check-ins of these patients that did not arrive, or of which nobody knows it, oldest first."""
    rows = await session.scalars(
        select(Checkin).where(Checkin.patient_id.in_(patient_ids), Checkin.state.in_(_LOST)).order_by(Checkin.due_at)
    )
    return rows.all()


async def courses_of(session: AsyncSession, patient_ids: Sequence[int]) -> Mapping[int, Mapping[str, object]]:
    """What the rules remember of each of these patients."""
    rows = await session.scalars(select(KeptCourse).where(KeptCourse.patient_id.in_(patient_ids)))
    return {row.patient_id: row.content for row in rows}
