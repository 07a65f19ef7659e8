"""Questions about visits that came from a calendar: which event is which visit, and which are in it no more."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import vault_of
from storage.tables import CalendarVisit, Visit

_PURPOSE = "calendar event"  # of the marks: a UID may hold an address or a name


def marked(session: AsyncSession, uid: str, place: str | None = None) -> str:
    """The mark under which an event is kept, or with no place the series it belongs to."""
    return _marks(session, uid, place)[0]


async def known(session: AsyncSession, uid: str, place: str) -> CalendarVisit | None:
    """What is known of the event at that place of a series."""
    marks = _marks(session, uid, place)
    return await session.scalar(select(CalendarVisit).where(CalendarVisit.mark.in_(marks)).with_for_update())


async def of_series(session: AsyncSession, uid: str) -> Sequence[CalendarVisit]:
    """Every visit that came from an event or a series."""
    rows = await session.scalars(select(CalendarVisit).where(CalendarVisit.series.in_(_marks(session, uid, None))))
    return rows.all()


async def keep(session: AsyncSession, row: CalendarVisit) -> None:
    """Write down which event a visit came from."""
    session.add(row)
    await session.flush()


async def vanished(
    session: AsyncSession, calendar: str, *, seen: Iterable[tuple[str, str]], after: datetime, until: datetime
) -> tuple[list[CalendarVisit], int]:
    """Visits of that calendar between those moments whose events, by UID and place, are not seen any more.

    With them the number of all that are known there.
    """
    still = {mark for uid, place in seen for mark in _marks(session, uid, place)}
    theirs = (
        CalendarVisit.calendar == calendar,
        CalendarVisit.is_gone.is_(False),
        CalendarVisit.starts_at > after,
        CalendarVisit.starts_at <= until,
    )
    rows = await session.scalars(select(CalendarVisit).where(*theirs).order_by(CalendarVisit.starts_at))
    number = await session.scalar(select(func.count()).select_from(CalendarVisit).where(*theirs)) or 0
    return [row for row in rows if row.mark not in still], number


async def visit_of(session: AsyncSession, row: CalendarVisit) -> Visit | None:
    """The visit itself."""
    return await session.get(Visit, row.visit_id)


async def is_shared(session: AsyncSession, row: CalendarVisit) -> bool:
    """Whether another event that is still there means the same visit."""
    other = await session.scalar(
        select(CalendarVisit.id)
        .where(CalendarVisit.visit_id == row.visit_id, CalendarVisit.id != row.id, CalendarVisit.is_gone.is_(False))
        .limit(1)
    )
    return other is not None


def _marks(session: AsyncSession, uid: str, place: str | None) -> tuple[str, ...]:
    return vault_of(session).marks(uid if place is None else f"{place}|{uid}", purpose=_PURPOSE)
