"""Questions about when somebody did something in their chat: wrote, tapped a number, skipped, chose."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, Checkin, FollowUp, Message, SkippedItem


async def of(session: AsyncSession, patient_id: int, *, since: datetime) -> Sequence[datetime]:
    """The moments since then, in order; of a message that at which it was sent, however late it arrived."""
    of_checkins = (
        select(moment)
        .join(Checkin, Checkin.id == table.checkin_id)
        .where(Checkin.patient_id == patient_id, moment >= since)
        for table, moment in (
            (Answer, Answer.answered_at),
            (SkippedItem, SkippedItem.skipped_at),
            (FollowUp, FollowUp.chosen_at),
        )
    )
    written = select(Message.sent_at).where(Message.person_id == patient_id, Message.sent_at >= since)
    rows = await session.scalars(union_all(written, *of_checkins))
    return sorted(at for at in rows if at is not None)
