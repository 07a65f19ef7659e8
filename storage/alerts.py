"""Questions about alerts: which is live for a chat, which must be paged again, who has it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.alerts import AlertState
from alliance.delivery import Lane, OutboxState
from storage.tables import Alert, Enrolment, Outgoing, Page, SafetyPress

NEXT_PAGE = select(func.min(Alert.next_page_at)).where(Alert.state != AlertState.RESOLVED)


async def live(session: AsyncSession, chat_id: int) -> Alert | None:
    """The alert of that chat that is not resolved; there is at most one."""
    return await session.scalar(
        select(Alert)
        .where(Alert.chat_id == chat_id, Alert.state != AlertState.RESOLVED)
        .order_by(Alert.id.desc())
        .limit(1)
        .with_for_update()
    )


async def is_live_for(session: AsyncSession, patient_id: int) -> bool:
    """Whether an alert of this patient is not resolved, in whatever chat it was raised."""
    query = select(Alert.id).where(Alert.patient_id == patient_id, Alert.state != AlertState.RESOLVED).limit(1)
    return await session.scalar(query) is not None


async def latest(session: AsyncSession, chat_id: int) -> Alert | None:
    """The last alert of that chat, live or not, held for this transaction."""
    return await session.scalar(
        select(Alert).where(Alert.chat_id == chat_id).order_by(Alert.id.desc()).limit(1).with_for_update()
    )


async def record_press(session: AsyncSession, alert: Alert, *, said: str, message_id: int, now: datetime) -> None:
    """Remember what the person said by a button below the safety message."""
    session.add(SafetyPress(alert_id=alert.id, said=said, message_id=message_id, pressed_at=now))
    await session.flush()


async def last_pressed_at(session: AsyncSession, alert_id: int, *, said: str) -> datetime | None:
    """When the person last pressed that button while this was their alert."""
    return await session.scalar(
        select(func.max(SafetyPress.pressed_at)).where(SafetyPress.alert_id == alert_id, SafetyPress.said == said)
    )


async def presses(session: AsyncSession, alert_id: int) -> Sequence[SafetyPress]:
    """What the person said by the buttons below the safety message, in order."""
    rows = await session.scalars(
        select(SafetyPress).where(SafetyPress.alert_id == alert_id).order_by(SafetyPress.pressed_at, SafetyPress.id)
    )
    return rows.all()


async def raise_alert(session: AsyncSession, alert: Alert) -> Alert:
    """Write a new alert down."""
    session.add(alert)
    await session.flush()
    return alert


async def get(session: AsyncSession, alert_id: int) -> Alert | None:
    """The alert of that id, held for this transaction."""
    return await session.get(Alert, alert_id, with_for_update=True)


async def to_page(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Alert]:
    """Alerts whose next page is due, the longest waiting first."""
    rows = await session.scalars(
        select(Alert)
        .where(Alert.state != AlertState.RESOLVED, Alert.next_page_at <= now)
        .order_by(Alert.next_page_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def with_waiting_pages(session: AsyncSession, *, since: datetime) -> Sequence[Alert]:
    """Alerts that nobody has closed and of which a page has waited for Telegram since that moment."""
    waiting = (
        select(Outgoing.alert_id)
        .where(
            Outgoing.state.in_((OutboxState.QUEUED, OutboxState.SENDING)),
            Outgoing.lane == Lane.SAFETY,
            Outgoing.alert_id.is_not(None),
            Outgoing.created_at <= since,
        )
        .distinct()
    )
    rows = await session.scalars(select(Alert).where(Alert.id.in_(waiting), Alert.state != AlertState.RESOLVED))
    return rows.all()


async def put_off(session: AsyncSession, alert_id: int, *, until: datetime) -> None:
    """Look at an alert again at that moment."""
    await session.execute(update(Alert).where(Alert.id == alert_id).values(next_page_at=until))


async def hurry(session: AsyncSession, owner_id: int, *, now: datetime) -> None:
    """Look at once at every alert that somebody has taken on and can no longer be reached about."""
    await session.execute(
        update(Alert)
        .where(Alert.acknowledged_by == owner_id, Alert.state == AlertState.ACKNOWLEDGED)
        .values(next_page_at=now)
    )


async def record_page(
    session: AsyncSession, alert: Alert, *, person_id: int, now: datetime, wrote_again: bool = False
) -> Page:
    """Remember that one person is being paged on the alert's rung, perhaps because its person wrote again."""
    page = Page(alert_id=alert.id, person_id=person_id, rung=alert.rung, paged_at=now, wrote_again=wrote_again)
    session.add(page)
    await session.flush()
    return page


async def last_paged_at(session: AsyncSession, alert_id: int) -> datetime | None:
    """When anybody was last paged about an alert."""
    return await session.scalar(select(func.max(Page.paged_at)).where(Page.alert_id == alert_id))


async def paged(session: AsyncSession, alert_id: int) -> frozenset[int]:
    """Everybody who has been paged about an alert so far."""
    return frozenset(await session.scalars(select(Page.person_id).where(Page.alert_id == alert_id)))


async def for_patients(session: AsyncSession, patient_ids: Sequence[int], *, since: datetime) -> Sequence[Alert]:
    """Alerts of these patients that are not resolved or were raised since then."""
    rows = await session.scalars(
        select(Alert)
        .where(
            Alert.patient_id.in_(patient_ids),
            (Alert.state != AlertState.RESOLVED) | (Alert.raised_at > since),
        )
        .order_by(Alert.raised_at)
    )
    return rows.all()


async def every(
    session: AsyncSession, *, since: datetime | None = None, until: datetime | None = None, only_open: bool = False
) -> Sequence[Alert]:
    """All alerts, or those raised in that time or not resolved, the oldest first."""
    query = select(Alert).order_by(Alert.raised_at, Alert.id)
    if since is not None:
        query = query.where(Alert.raised_at >= since)
    if until is not None:
        query = query.where(Alert.raised_at < until)
    if only_open:
        query = query.where(Alert.state != AlertState.RESOLVED)
    return (await session.scalars(query)).all()


async def count_raised(session: AsyncSession, *, clinicians: frozenset[int] | None) -> int:
    """How many alerts nobody has taken: of these clinicians' patients, or (None) of anybody."""
    found = select(func.count()).select_from(Alert).where(Alert.state == AlertState.RAISED)
    if clinicians is not None:
        theirs = select(Enrolment.patient_id).where(Enrolment.clinician_id.in_(clinicians))
        found = found.where(Alert.patient_id.in_(theirs))
    return await session.scalar(found) or 0
