"""Questions about what is remembered of a patient's course for readers beside the own clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.statements import dialect_of, insert_or_replace
from storage.tables import ReaderCourse

_EVERY = select(ReaderCourse.content).where(ReaderCourse.patient_id == bindparam("of"))


async def of(session: AsyncSession, patient_id: int, reader_id: int) -> Mapping[str, object] | None:
    """What is kept of a patient's course for one reader."""
    return await session.scalar(
        select(ReaderCourse.content).where(ReaderCourse.patient_id == patient_id, ReaderCourse.reader_id == reader_id)
    )


async def every_of(session: AsyncSession, patient_id: int) -> Sequence[Mapping[str, object]]:
    """What is kept of a patient's course for all other readers."""
    return (await session.scalars(_EVERY, {"of": patient_id})).all()


async def keep(
    session: AsyncSession, patient_id: int, reader_id: int, *, through_at: datetime, content: dict[str, object]
) -> None:
    """Keep a patient's course for one reader in place of what was kept."""
    key = {"patient_id": patient_id, "reader_id": reader_id}
    kept = {"through_at": through_at, "content": content}
    statement = insert_or_replace(dialect_of(session), ReaderCourse, key=tuple(key), replacing=tuple(kept))
    await session.execute(statement, {**key, **kept})
