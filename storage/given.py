"""When each part of a check-in was given: what decides to whom it was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import Answer, SkippedItem


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """One item answered, or skipped: then without a fraction."""

    item_id: str
    domain: str
    fraction: float | None
    at: datetime
    about_id: int | None = None  # the clinician whom an answer about the bond meant


async def in_checkins(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, list[Given]]:
    """What was answered and skipped in each of these check-ins; one without anything is left out."""
    found: dict[int, list[Given]] = {}
    answers = await session.execute(
        select(Answer.checkin_id, Answer.item_id, Answer.domain, Answer.fraction, Answer.answered_at, Answer.about_id)
        .where(Answer.checkin_id.in_(checkin_ids))
        .order_by(Answer.id)
    )
    for checkin_id, item_id, domain, fraction, at, about_id in answers:
        one = Given(item_id=item_id, domain=domain, fraction=fraction, at=at, about_id=about_id)
        found.setdefault(checkin_id, []).append(one)
    skips = await session.execute(
        select(SkippedItem.checkin_id, SkippedItem.item_id, SkippedItem.domain, SkippedItem.skipped_at)
        .where(SkippedItem.checkin_id.in_(checkin_ids))
        .order_by(SkippedItem.id)
    )
    for checkin_id, item_id, domain, at in skips:
        found.setdefault(checkin_id, []).append(Given(item_id=item_id, domain=domain, fraction=None, at=at))
    return found
