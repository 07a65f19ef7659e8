"""Questions about programmes: which there are, who is on them, and what surrounds a patient's next dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import CheckinState
from alliance.enrolment import ENDED
from alliance.flags import FlagState
from alliance.local_time import QuietHours
from alliance.visits import VisitState
from storage.tables import Checkin, ClosedDays, Enrolment, Flag, KeptProgramme, Preference, ProgrammeVersion, Visit

_NEVER_SENT = (CheckinState.MISSED, CheckinState.HELD, CheckinState.CANCELLED)


async def add(session: AsyncSession, *, name: str, now: datetime) -> KeptProgramme:
    """Keep a new name; it must be free."""
    row = KeptProgramme(name=name, name_folded=_folded(name), kept_at=now, retired_at=None)
    session.add(row)
    await session.flush()
    return row


async def add_version(session: AsyncSession, version: ProgrammeVersion) -> ProgrammeVersion:
    """Keep another version; nobody is on it yet."""
    session.add(version)
    await session.flush()
    return version


async def by_name(session: AsyncSession, name: str) -> KeptProgramme | None:
    """The programme of that name, whatever the case it is written in."""
    return await session.scalar(select(KeptProgramme).where(KeptProgramme.name_folded == _folded(name)))


async def every(session: AsyncSession, *, retired: bool = False) -> Sequence[KeptProgramme]:
    """All programmes by name; those that are retired only when asked for."""
    which = () if retired else (KeptProgramme.retired_at.is_(None),)
    return (await session.scalars(select(KeptProgramme).where(*which).order_by(KeptProgramme.name_folded))).all()


async def latest(session: AsyncSession, programme_id: int) -> ProgrammeVersion:
    """The newest version; raises KeyError for a programme without any."""
    row = await session.scalar(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.programme_id == programme_id)
        .order_by(ProgrammeVersion.number.desc())
        .limit(1)
    )
    if row is None:
        raise KeyError(programme_id)
    return row


async def version(session: AsyncSession, version_id: int) -> ProgrammeVersion:
    """The version of that id; raises KeyError when there is none."""
    row = await session.get(ProgrammeVersion, version_id)
    if row is None:
        raise KeyError(version_id)
    return row


async def on_it(session: AsyncSession, programme_id: int) -> Sequence[tuple[int, int]]:
    """Who is on any version of a programme and has not ended: the patient's id and the number of the version."""
    rows = await session.execute(
        select(Enrolment.patient_id, ProgrammeVersion.number)
        .join(ProgrammeVersion, ProgrammeVersion.id == Enrolment.programme_version_id)
        .where(ProgrammeVersion.programme_id == programme_id, Enrolment.state.not_in(tuple(ENDED)))
        .order_by(Enrolment.patient_id)
    )
    return [(patient_id, number) for patient_id, number in rows]


async def enrolments(session: AsyncSession, patient_ids: Iterable[int]) -> Mapping[int, Enrolment]:
    """The enrolments of these patients, by patient."""
    rows = await session.scalars(select(Enrolment).where(Enrolment.patient_id.in_(list(patient_ids))))
    return {row.patient_id: row for row in rows}


async def quiet_of(session: AsyncSession, patient_ids: Iterable[int]) -> Mapping[int, QuietHours]:
    """The own quiet hours of these patients; those without any are left out."""
    rows = await session.execute(
        select(Preference.patient_id, Preference.quiet_from, Preference.quiet_until).where(
            Preference.patient_id.in_(list(patient_ids)),
            Preference.quiet_from.is_not(None),
            Preference.quiet_until.is_not(None),
        )
    )
    return {
        patient_id: QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))
        for patient_id, start, end in rows
        if start is not None and end is not None
    }


async def visits_since(
    session: AsyncSession, patient_ids: Iterable[int], since: datetime
) -> Mapping[int, list[tuple[datetime, bool]]]:
    """When visits of these patients are or were, and whether each is still planned; those called off are left out."""
    rows = await session.execute(
        select(Visit.patient_id, Visit.starts_at, Visit.state)
        .where(
            Visit.patient_id.in_(list(patient_ids)),
            Visit.starts_at >= since,
            Visit.state != VisitState.CANCELLED,
        )
        .order_by(Visit.starts_at)
    )
    found: dict[int, list[tuple[datetime, bool]]] = {}
    for patient_id, starts_at, state in rows:
        found.setdefault(patient_id, []).append((starts_at, state == VisitState.PLANNED))
    return found


async def flagged_since(session: AsyncSession, patient_ids: Iterable[int]) -> Mapping[int, datetime]:
    """Since when the oldest flag of each of these patients is not resolved; those without one are left out.

    What was routed to a reader of the patient's choice is left out: the dates of check-ins would tell others of it.
    """
    rows = await session.execute(
        select(Flag.patient_id, func.min(Flag.raised_at))
        .where(Flag.patient_id.in_(list(patient_ids)), Flag.state != FlagState.RESOLVED, ~Flag.is_routed)
        .group_by(Flag.patient_id)
    )
    return {patient_id: raised_at for patient_id, raised_at in rows}  # noqa: C416  # rows are tuples only to the eye


async def asked_since(session: AsyncSession, patient_ids: Iterable[int], since: date) -> Mapping[int, dict[date, int]]:
    """How many check-ins of each local day since then each patient was sent, or is being sent."""
    rows = await session.execute(
        select(Checkin.patient_id, Checkin.local_date, func.count())
        .where(
            Checkin.patient_id.in_(list(patient_ids)),
            Checkin.local_date >= since,
            Checkin.state.not_in(_NEVER_SENT),
        )
        .group_by(Checkin.patient_id, Checkin.local_date)
    )
    found: dict[int, dict[date, int]] = {}
    for patient_id, on, number in rows:
        found.setdefault(patient_id, {})[on] = number
    return found


async def closed_since(session: AsyncSession, since: date) -> Sequence[ClosedDays]:
    """Days since then on which the clinic asks nobody, the first to come first."""
    rows = await session.scalars(
        select(ClosedDays)
        .where(ClosedDays.last >= since, ClosedDays.reopened_at.is_(None))
        .order_by(ClosedDays.first, ClosedDays.id)
    )
    return rows.all()


async def close_days(session: AsyncSession, row: ClosedDays) -> ClosedDays:
    """Write down that the clinic asks nobody on some days."""
    session.add(row)
    await session.flush()
    return row


async def closed(session: AsyncSession, row_id: int) -> ClosedDays | None:
    """Those closed days, held for this transaction."""
    return await session.get(ClosedDays, row_id, with_for_update=True)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
