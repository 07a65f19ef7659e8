"""The patients' own goals, sealed."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import new_id, vault_of
from storage.tables import Goal
from storage.vault import Place

_GOALS = select(Goal).where(Goal.patient_id.in_(bindparam("of", expanding=True))).order_by(Goal.set_at, Goal.id)


async def add(session: AsyncSession, patient_id: int, words: str, *, now: datetime) -> int:
    """Keep one more goal; its id."""
    goal_id = new_id()
    sealed = vault_of(session).seal(words, _place(goal_id, patient_id))
    session.add(Goal(id=goal_id, patient_id=patient_id, words=sealed, set_at=now))
    await session.flush()
    return goal_id


async def of(session: AsyncSession, patient_id: int) -> dict[int, str]:
    """A patient's goals by id, the oldest first."""
    return (await of_each(session, [patient_id]))[patient_id]


async def of_each(session: AsyncSession, patient_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The same of several patients, by patient."""
    found: dict[int, dict[int, str]] = {patient_id: {} for patient_id in patient_ids}
    for row in await _rows(session, patient_ids):
        found[row.patient_id][row.id] = vault_of(session).open(row.words, _place(row.id, row.patient_id))
    return found


async def set_at(session: AsyncSession, patient_id: int) -> dict[int, datetime]:
    """When each of a patient's goals was set, the oldest first."""
    return {row.id: row.set_at for row in await _rows(session, [patient_id])}


async def remove(session: AsyncSession, patient_id: int, goal_id: int) -> bool:
    """Forget one goal of that patient; whether there was one."""
    query = delete(Goal).where(Goal.id == goal_id, Goal.patient_id == patient_id).returning(Goal.id)
    return await session.scalar(query) is not None


async def _rows(session: AsyncSession, patient_ids: Collection[int]) -> Sequence[Goal]:
    return (await session.scalars(_GOALS, {"of": list(patient_ids)})).all()


def _place(goal_id: int, patient_id: int) -> Place:
    return Place(table="goals", column="words", row=goal_id, person=patient_id)
