"""Questions about what is remembered of patients' courses."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.statements import dialect_of, insert_or_replace
from storage.tables import KeptCourse

_OF = select(KeptCourse.content).where(KeptCourse.patient_id == bindparam("of"))
AT_ONCE = 1000  # rows read together when all are looked at


async def of(session: AsyncSession, patient_id: int) -> Mapping[str, object] | None:
    """What is kept of a patient's course."""
    return await session.scalar(_OF, {"of": patient_id})


async def keep(session: AsyncSession, patient_id: int, *, through_at: datetime, content: dict[str, object]) -> None:
    """Keep a patient's course in place of what was kept."""
    kept = {"through_at": through_at, "content": content}
    statement = insert_or_replace(dialect_of(session), KeptCourse, key=("patient_id",), replacing=tuple(kept))
    await session.execute(statement, {"patient_id": patient_id, **kept})


async def forget(session: AsyncSession, patient_id: int) -> None:
    """Keep nothing: the course is told from the first check-in when it is needed next."""
    await session.execute(delete(KeptCourse).where(KeptCourse.patient_id == patient_id))


async def every(session: AsyncSession) -> AsyncIterator[tuple[int, Mapping[str, object]]]:
    """Everybody's course, by patient, a stretch of rows at a time."""
    rows = await session.stream(
        select(KeptCourse.patient_id, KeptCourse.content)
        .order_by(KeptCourse.patient_id)
        .execution_options(yield_per=AT_ONCE)
    )
    async for patient_id, content in rows:
        yield patient_id, content
