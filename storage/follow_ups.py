"""Questions about what was asked after low answers, and what people would like to happen."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.follow_up import Concern
from storage.statements import dialect_of, insert_if_new
from storage.tables import Checkin, FollowUp

_OF_ONE = select(FollowUp).where(FollowUp.checkin_id == bindparam("of")).order_by(FollowUp.id)


async def of(session: AsyncSession, checkin_id: int) -> Sequence[FollowUp]:
    """What was asked about low answers of one check-in, in that order."""
    return (await session.scalars(_OF_ONE, {"of": checkin_id})).all()


async def offer(session: AsyncSession, checkin_id: int, *, domain: str, item_id: str, now: datetime) -> bool:
    """Ask about a low answer, once in a domain; whether it had not been asked before."""
    values = {"checkin_id": checkin_id, "domain": domain, "item_id": item_id, "offered_at": now}
    once = insert_if_new(dialect_of(session), FollowUp, returning="id")
    return await session.scalar(once, values) is not None


async def choose(session: AsyncSession, asked: FollowUp, concern: Concern, *, now: datetime) -> None:
    """Keep what was chosen; a later choice takes its place."""
    asked.concern, asked.chosen_at = concern, now
    await session.flush()


async def leave_open(session: AsyncSession, checkin_id: int, *, now: datetime) -> None:
    """What was asked and not answered is not asked again."""
    await session.execute(
        update(FollowUp)
        .where(FollowUp.checkin_id == checkin_id, FollowUp.concern.is_(None))
        .values(concern=Concern.LEFT_OPEN, chosen_at=now)
        .execution_options(synchronize_session="fetch")
    )


async def take_back(session: AsyncSession, asked: FollowUp) -> None:
    """The answer is no longer low, and nothing was chosen: it was never asked."""
    await session.delete(asked)
    await session.flush()


async def explained(
    session: AsyncSession, clinician_id: int, *, and_of: Sequence[int] = (), after: datetime, until: datetime
) -> list[tuple[Checkin, list[FollowUp]]]:
    """Check-ins of a clinician's patients in which something was chosen in that stretch, with all that was chosen.

    ``and_of`` are patients of others who are asked about as well.
    """
    moments = select(func.max(FollowUp.chosen_at)).where(FollowUp.checkin_id == Checkin.id, _IS_CHOSEN)
    chosen_at = moments.correlate(Checkin).scalar_subquery()
    return await _with_choices(
        session,
        select(Checkin).where(
            or_(Checkin.clinician_id == clinician_id, Checkin.patient_id.in_(and_of)),
            or_(chosen_at.between(after, until), Checkin.wished_at.between(after, until)),
        ),
    )


async def explained_by(
    session: AsyncSession, patient_ids: Sequence[int], *, since: datetime
) -> list[tuple[Checkin, list[FollowUp]]]:
    """The same of these patients, for check-ins that were due from then on, oldest first."""
    return await _with_choices(
        session,
        select(Checkin).where(
            Checkin.patient_id.in_(patient_ids),
            Checkin.due_at >= since,
            or_(
                exists().where(FollowUp.checkin_id == Checkin.id, _IS_CHOSEN).correlate(Checkin),
                Checkin.wish.is_not(None),
            ),
        ),
    )


async def _with_choices(session: AsyncSession, which: Select[Checkin]) -> list[tuple[Checkin, list[FollowUp]]]:
    rows = await session.execute(
        which.add_columns(FollowUp)
        .outerjoin_from(Checkin, FollowUp, (FollowUp.checkin_id == Checkin.id) & _IS_CHOSEN)
        .order_by(Checkin.due_at, Checkin.id, FollowUp.id)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    found = cast("Sequence[tuple[Checkin, FollowUp | None]]", rows.all())
    chosen: dict[Checkin, list[FollowUp]] = {}
    for checkin, one in found:
        chosen.setdefault(checkin, []).extend([] if one is None else [one])
    return list(chosen.items())


_IS_CHOSEN: ColumnElement[bool] = FollowUp.concern.is_not(None) & (FollowUp.concern != Concern.LEFT_OPEN)
