"""Pages to one person that go out together: which wait, what a group consists of, and in what order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, Row, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import urgency
from alliance.delivery import Lane
from storage.database import new_id
from storage.gates import Candidate, due_messages
from storage.tables import Alert, GroupedPage, Outgoing, Page


@dataclass(frozen=True, kw_only=True, slots=True)
class OneAlert:
    """An alert with those pages about it that one person is sent at the same time."""

    alert: Alert
    pages: tuple[Page, ...]  # by rung

    @property
    def urgency(self) -> tuple[bool, bool, bool, datetime]:
        """What it is ordered by among others."""
        return urgency(
            state=self.alert.state,
            degree=self.alert.degree,
            rung=self.pages[0].rung,
            raised_at=self.alert.raised_at,
        )


async def waiting(session: AsyncSession, *, chat_id: int, now: datetime) -> list[list[Candidate]]:
    """The pages to one person that are due and unsent, by alert, the most urgent alert first.

    However many wait about one alert, they are one entry: they will be one message, or one part of it.
    """
    rows = await session.execute(_due_pages(), {"now": now, "chat": chat_id})
    by_page: dict[int, Candidate] = {}
    pages: list[tuple[Page, Alert]] = []
    for row, blocked_at, enrolment, checkin, has_answer, page, alert in rows:
        by_page[page.id] = Candidate.of(row, blocked_at, enrolment, checkin, has_answer)
        pages.append((page, alert))
    return [[by_page[page.id] for page in one.pages] for one in by_alert(pages)]


async def about(session: AsyncSession, page_ids: Iterable[int]) -> tuple[OneAlert, ...]:
    """What these pages are about, the most urgent first."""
    rows = await session.execute(
        select(Page, Alert).join(Alert, Alert.id == Page.alert_id).where(Page.id.in_(list(page_ids)))
    )
    return by_alert(_pairs(rows.all()))


def by_alert(pages: Iterable[tuple[Page, Alert]]) -> tuple[OneAlert, ...]:
    """Pages put together by alert, the most urgent alert first."""
    found: dict[int, list[Page]] = {}
    alerts: dict[int, Alert] = {}
    for page, alert in pages:
        found.setdefault(alert.id, []).append(page)
        alerts[alert.id] = alert
    made = [
        OneAlert(alert=alerts[number], pages=tuple(sorted(theirs, key=lambda page: page.rung)))
        for number, theirs in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.urgency, one.alert.id)))


async def record(session: AsyncSession, group: Sequence[OneAlert]) -> int:
    """Remember what one message names, in its order; the number of the group."""
    group_id = new_id()
    session.add_all(
        GroupedPage(group_id=group_id, page_id=page.id, position=position)
        for position, one in enumerate(group)
        for page in one.pages
    )
    await session.flush()
    return group_id


async def members(session: AsyncSession, group_id: int, *, person_id: int) -> tuple[OneAlert, ...]:
    """What a message to that person names, in its order; nothing when it is somebody else's, or unknown."""
    rows = await session.execute(
        select(Page, Alert)
        .join(GroupedPage, GroupedPage.page_id == Page.id)
        .join(Alert, Alert.id == Page.alert_id)
        .where(GroupedPage.group_id == group_id, Page.person_id == person_id)
        .order_by(GroupedPage.position)
    )
    pages = _pairs(rows.all())
    places = {alert.id: place for place, (_, alert) in reversed(list(enumerate(pages)))}
    return tuple(sorted(by_alert(pages), key=lambda one: places[one.alert.id]))


def _pairs(rows: Sequence[Row[Page, Alert]]) -> list[tuple[Page, Alert]]:
    return [(page, alert) for page, alert in rows]


@cache
def _due_pages() -> Select[Outgoing, datetime | None, str, str, bool, Page, Alert]:
    return (
        due_messages()
        .add_columns(Page, Alert)
        .join(Page, Page.id == Outgoing.page_id)
        .join(Alert, Alert.id == Page.alert_id)
        .where(Outgoing.lane == Lane.SAFETY, Outgoing.chat_id == bindparam("chat", type_=BigInteger()))
    )
