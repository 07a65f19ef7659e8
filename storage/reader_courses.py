"""Questions about what is remembered of a patient's course for readers beside the own clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import insert_into
from storage.tables import ReaderCourse


async def of(session: AsyncSession, patient_id: int, reader_id: int) -> Mapping[str, object] | None:
    """What is kept of a patient's course for one reader."""
    return await session.scalar(
        select(ReaderCourse.content).where(ReaderCourse.patient_id == patient_id, ReaderCourse.reader_id == reader_id)
    )


async def every_of(session: AsyncSession, patient_id: int) -> Sequence[Mapping[str, object]]:
    """What is kept of a patient's course for all other readers."""
    rows = await session.scalars(select(ReaderCourse.content).where(ReaderCourse.patient_id == patient_id))
    return rows.all()


async def keep(
    session: AsyncSession, patient_id: int, reader_id: int, *, through_at: datetime, content: dict[str, object]
) -> None:
    """Keep a patient's course for one reader in place of what was kept."""
    key = {"patient_id": patient_id, "reader_id": reader_id}
    kept = {"through_at": through_at, "content": content}
    statement = insert_into(session, ReaderCourse).values(**key, **kept)
    await session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=kept))
