"""Questions about visits: which are planned, whose brief is due, which nobody has marked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.visits import VisitState
from storage.tables import Visit

NEXT_BRIEF = select(func.min(Visit.brief_at)).where(Visit.state == VisitState.PLANNED)


async def add(session: AsyncSession, visit: Visit) -> Visit:
    """Write a visit down."""
    session.add(visit)
    await session.flush()
    return visit


async def get(session: AsyncSession, visit_id: int) -> Visit | None:
    """The visit of that number, held for this transaction."""
    return await session.get(Visit, visit_id, with_for_update=True)


async def planned_at(session: AsyncSession, patient_id: int, starts_at: datetime) -> Visit | None:
    """The planned visit of a patient at just that moment."""
    return await session.scalar(
        select(Visit).where(
            Visit.patient_id == patient_id, Visit.starts_at == starts_at, Visit.state == VisitState.PLANNED
        )
    )


async def of_clinician(
    session: AsyncSession, clinician_id: int | None, *, after: datetime, until: datetime
) -> Sequence[Visit]:
    """Planned visits of a clinician (None: of everybody) in that stretch, the earliest first."""
    whose = () if clinician_id is None else (Visit.clinician_id == clinician_id,)
    rows = await session.scalars(
        select(Visit)
        .where(*whose, Visit.state == VisitState.PLANNED, Visit.starts_at > after, Visit.starts_at <= until)
        .order_by(Visit.starts_at, Visit.id)
    )
    return rows.all()


async def of_patient(session: AsyncSession, patient_id: int) -> Sequence[Visit]:
    """Every visit of a patient, whatever became of it, the earliest first."""
    rows = await session.scalars(
        select(Visit).where(Visit.patient_id == patient_id).order_by(Visit.starts_at, Visit.id)
    )
    return rows.all()


async def starts_between(
    session: AsyncSession, patient_id: int, *, after: datetime, until: datetime, clinician_id: int | None = None
) -> Sequence[datetime]:
    """When the visits of a patient start in that stretch that were not called off; of one clinician, or of anybody."""
    theirs = () if clinician_id is None else (Visit.clinician_id == clinician_id,)
    rows = await session.scalars(
        select(Visit.starts_at)
        .where(
            Visit.patient_id == patient_id,
            Visit.state != VisitState.CANCELLED,
            Visit.starts_at > after,
            Visit.starts_at <= until,
            *theirs,
        )
        .order_by(Visit.starts_at)
    )
    return rows.all()


async def last_done(session: AsyncSession, patient_id: int) -> Visit | None:
    """The latest visit of a patient that took place."""
    return await session.scalar(
        select(Visit)
        .where(Visit.patient_id == patient_id, Visit.state == VisitState.DONE)
        .order_by(Visit.starts_at.desc(), Visit.id.desc())
        .limit(1)
    )


async def brief_due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Visit]:
    """Planned visits whose brief has fallen due, the longest waiting first, held for this transaction."""
    rows = await session.scalars(
        select(Visit)
        .where(Visit.state == VisitState.PLANNED, Visit.brief_at <= now)
        .order_by(Visit.brief_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def put_off(session: AsyncSession, visit_id: int, *, until: datetime) -> None:
    """Look at the brief of that visit again at that moment."""
    await session.execute(update(Visit).where(Visit.id == visit_id).values(brief_at=until))
