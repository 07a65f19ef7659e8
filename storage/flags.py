"""Questions about flags: what is open for a clinician, what was done about it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.acting import MOVES
from alliance.flags import FlagState
from storage.acting import forget_flag
from storage.tables import Flag, FlagActed

# the own clinician's go along when the patient gets another one; a routed flag stays with its reader
_OWN, _FOR_READER = ~Flag.is_routed, Flag.is_routed & (Flag.clinician_id == bindparam("reader"))
_LIVE = select(Flag).where(Flag.patient_id == bindparam("of"), Flag.state != FlagState.RESOLVED)
_LIVE_OF, _LIVE_FOR_READER = _LIVE.where(_OWN), _LIVE.where(_FOR_READER)
_NEWEST = (
    select(Flag)
    .where(Flag.patient_id == bindparam("of"), Flag.signal.in_(bindparam("signals", expanding=True)))
    .order_by(Flag.id.desc())
    .limit(1)
)
_LATEST, _LATEST_FOR_READER = _NEWEST.where(_OWN), _NEWEST.where(_FOR_READER)


async def latest(
    session: AsyncSession, patient_id: int, *, signals: Sequence[str], reader_id: int | None = None
) -> Flag | None:
    """The newest flag of that patient and one of these signals, in whatever state.

    Of those of the patient's own clinician; with a reader, of those for what the patient gave to that reader.
    """
    values: dict[str, object] = {"of": patient_id, "signals": signals}
    if reader_id is None:
        return await session.scalar(_LATEST, values)
    return await session.scalar(_LATEST_FOR_READER, values | {"reader": reader_id})


async def live_of(session: AsyncSession, patient_id: int, *, reader_id: int | None = None) -> Sequence[Flag]:
    """Every flag of a patient that is not resolved, of the own clinician or of that reader."""
    if reader_id is None:
        return (await session.scalars(_LIVE_OF, {"of": patient_id})).all()
    return (await session.scalars(_LIVE_FOR_READER, {"of": patient_id, "reader": reader_id})).all()


async def raise_flag(session: AsyncSession, flag: Flag) -> Flag:
    """Write a new flag down."""
    session.add(flag)
    await session.flush()
    return flag


async def withdraw(session: AsyncSession, flag: Flag) -> None:
    """Take back a flag that nobody has acted on: what raised it was put right."""
    await forget_flag(session, flag.id)
    await session.delete(flag)
    await session.flush()


async def get(session: AsyncSession, flag_id: int) -> Flag | None:
    """The flag of that id, held for this transaction."""
    return await session.get(Flag, flag_id, with_for_update=True)


async def open_for(session: AsyncSession, clinician_id: int) -> Sequence[Flag]:
    """A clinician's flags that are not resolved, the oldest first."""
    rows = await session.scalars(
        select(Flag)
        .where(Flag.clinician_id == clinician_id, Flag.state != FlagState.RESOLVED)
        .order_by(Flag.raised_at, Flag.id)
    )
    return rows.all()


async def every(session: AsyncSession) -> Sequence[Flag]:
    """All flags, the oldest first."""
    return (await session.scalars(select(Flag).order_by(Flag.raised_at, Flag.id))).all()


async def record_action(session: AsyncSession, flag_id: int, *, person_id: int, action: str, now: datetime) -> None:
    """Remember what somebody did about a flag."""
    session.add(FlagActed(flag_id=flag_id, person_id=person_id, action=action, acted_at=now))
    await session.flush()


async def was_acted_on(session: AsyncSession, patient_id: int, *, after: datetime | None) -> bool:
    """Whether anybody has done something about a flag of this patient since then; None for ever."""
    acted = exists().where(FlagActed.flag_id == Flag.id, Flag.patient_id == patient_id)
    if after is not None:
        acted = acted.where(FlagActed.acted_at > after)
    return bool(await session.scalar(select(acted)))


async def last_action(session: AsyncSession, flag_id: int) -> FlagActed | None:
    """The latest thing that was done about a flag."""
    return await session.scalar(
        select(FlagActed).where(FlagActed.flag_id == flag_id).order_by(FlagActed.id.desc()).limit(1)
    )


async def last_settling(session: AsyncSession, flag_id: int) -> FlagActed | None:
    """The latest thing done that says what became of a flag; putting it off or handing it over says nothing of it."""
    return await session.scalar(
        select(FlagActed)
        .where(FlagActed.flag_id == flag_id, FlagActed.action.not_in(MOVES))
        .order_by(FlagActed.id.desc())
        .limit(1)
    )


async def actions(session: AsyncSession, flag_id: int) -> Sequence[FlagActed]:
    """Everything that was done about a flag, the oldest first."""
    rows = await session.scalars(select(FlagActed).where(FlagActed.flag_id == flag_id).order_by(FlagActed.id))
    return rows.all()


async def verdicts_of(
    session: AsyncSession, *, since: datetime, until: datetime, person_id: int | None = None
) -> list[tuple[int, str]]:
    """What was done about flags in that stretch, by one person or by anybody: flag and action, the oldest first."""
    theirs = () if person_id is None else (FlagActed.person_id == person_id,)
    rows = await session.execute(
        select(FlagActed.flag_id, FlagActed.action)
        .where(FlagActed.acted_at > since, FlagActed.acted_at <= until, *theirs)
        .order_by(FlagActed.id)
    )
    return [(flag_id, action) for flag_id, action in rows]


async def with_actions(
    session: AsyncSession, *, since: datetime
) -> list[tuple[Flag, tuple[tuple[str, datetime], ...]]]:
    """Every flag raised since then with all that was done about it, the oldest first."""
    rows = (await session.scalars(select(Flag).where(Flag.raised_at > since).order_by(Flag.raised_at, Flag.id))).all()
    done: dict[int, list[tuple[str, datetime]]] = {flag.id: [] for flag in rows}
    acted = await session.execute(
        select(FlagActed.flag_id, FlagActed.action, FlagActed.acted_at)
        .join(Flag, Flag.id == FlagActed.flag_id)
        .where(Flag.raised_at > since)
        .order_by(FlagActed.id)
    )
    for flag_id, action, acted_at in acted:
        done[flag_id].append((action, acted_at))
    return [(flag, tuple(done[flag.id])) for flag in rows]
