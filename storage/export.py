"""Questions of an export: every check-in and every answer of some patients, in the order in which they were asked."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.messages import NUMBER
from storage.tables import Answer, Checkin, Message


async def checkins_of(session: AsyncSession, patient_ids: Sequence[int], *, since: date | None) -> Sequence[Checkin]:
    """Every check-in of these patients from that day on, whatever became of it."""
    rows = await session.scalars(
        select(Checkin)
        .where(Checkin.patient_id.in_(patient_ids), *(() if since is None else (Checkin.local_date >= since,)))
        .order_by(Checkin.patient_id, Checkin.due_at, Checkin.id)
    )
    return rows.all()


async def answers_of(
    session: AsyncSession, patient_ids: Sequence[int], *, since: date | None
) -> dict[int, list[Answer]]:
    """Every answer of these check-ins, by check-in, in the order of the first tap."""
    rows = await session.scalars(
        select(Answer)
        .join(Checkin, Checkin.id == Answer.checkin_id)
        .where(Checkin.patient_id.in_(patient_ids), *(() if since is None else (Checkin.local_date >= since,)))
        .order_by(Answer.id)
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        found.setdefault(row.checkin_id, []).append(row)
    return found


async def newest_words(session: AsyncSession, patient_id: int) -> list[Message]:
    """What a patient has written, each message in its newest version, in the order in which it was sent."""
    rows = await session.scalars(
        select(Message)
        .where(Message.person_id == patient_id, Message.words.is_not(None), Message.kind != NUMBER)
        .order_by(Message.message_id, Message.version)
    )
    return list({row.message_id: row for row in rows}.values())
