"""What a patient has decided about how the chat speaks to them, and what it waits to be told."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from alliance.local_time import QuietHours
from storage.tables import Preference


async def own_quiet(session: AsyncSession, patient_id: int) -> QuietHours | None:
    """The patient's own quiet hours; None where only the clinic's count."""
    row = await session.get(Preference, patient_id)
    if row is None or row.quiet_from is None or row.quiet_until is None:
        return None
    return QuietHours(start=time.fromisoformat(row.quiet_from), end=time.fromisoformat(row.quiet_until))


async def set_own_quiet(session: AsyncSession, patient_id: int, quiet: QuietHours | None) -> None:
    """Keep the patient's own quiet hours, or none."""
    row = await _row(session, patient_id)
    row.quiet_from = f"{quiet.start:%H:%M}" if quiet else None
    row.quiet_until = f"{quiet.end:%H:%M}" if quiet else None
    await session.flush()


async def goals_on_screen(session: AsyncSession, patient_id: int) -> bool:
    """Whether the patient wants their goals named beside the question about them; no, until they say so."""
    row = await session.get(Preference, patient_id)
    return row is not None and row.goals_on_screen


async def show_goals(session: AsyncSession, patient_id: int, *, on_screen: bool) -> None:
    """Remember whether goals are named beside the question."""
    (await _row(session, patient_id)).goals_on_screen = on_screen
    await session.flush()


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneAsked:
    """When the patient chose the zone that counts, was asked whether it still does, and said that it does."""

    set_at: datetime | None = None
    asked_at: datetime | None = None
    kept_at: datetime | None = None


async def zone_asked(session: AsyncSession, patient_id: int) -> ZoneAsked:
    """What there was about the patient's zone so far."""
    row = await session.get(Preference, patient_id)
    if row is None:
        return ZoneAsked()
    return ZoneAsked(set_at=row.zone_set_at, asked_at=row.zone_asked_at, kept_at=row.zone_kept_at)


async def note_zone(
    session: AsyncSession, patient_id: int, *, asked_at: datetime | None = None, kept_at: datetime | None = None
) -> None:
    """Remember that it was asked, or that the zone is right."""
    row = await _row(session, patient_id)
    row.zone_asked_at = asked_at or row.zone_asked_at
    row.zone_kept_at = kept_at or row.zone_kept_at
    await session.flush()


async def note_new_zone(session: AsyncSession, patient_id: int, *, now: datetime) -> None:
    """Another zone counts from now on: what was done before was done by another clock, and it may be asked again."""
    row = await _row(session, patient_id)
    row.zone_set_at, row.zone_kept_at = now, None
    await session.flush()


async def hears_of_reading(session: AsyncSession, patient_id: int) -> bool:
    """Whether the patient is told that something was read; yes, until they say no."""
    row = await session.get(Preference, patient_id)
    return row is None or row.hears_of_reading


async def hear_of_reading(session: AsyncSession, patient_id: int, *, is_on: bool) -> None:
    """Remember whether the patient is told that something was read."""
    (await _row(session, patient_id)).hears_of_reading = is_on
    await session.flush()


async def awaited(session: AsyncSession, patient_id: int, *, since: datetime) -> str | None:
    """The page of the menu that has been waiting, at the longest since that moment, for something typed."""
    row = await session.get(Preference, patient_id)
    if row is None or row.awaiting_since is None or row.awaiting_since < since:
        return None
    return row.awaiting


async def wait_for(session: AsyncSession, patient_id: int, place: str | None, *, now: datetime) -> None:
    """The next thing typed is meant for that page, or for none."""
    row = await session.get(Preference, patient_id)
    if row is None and place is None:
        return
    row = row or await _row(session, patient_id)
    row.awaiting, row.awaiting_since = place, now if place else None
    await session.flush()


async def _row(session: AsyncSession, patient_id: int) -> Preference:
    row = await session.get(Preference, patient_id)
    if row is None:
        row = Preference(patient_id=patient_id, goals_on_screen=False, hears_of_reading=True)
        session.add(row)
    return row
