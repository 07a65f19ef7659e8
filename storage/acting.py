"""What staff did about flags: who holds one, until when it is put off, why it was none; and whom they reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import BigInteger, ColumnElement, delete, exists, func, null, or_, select, union_all, update
from sqlalchemy import cast as as_type
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from alliance.acting import Held, How, Why
from alliance.enrolment import ENDED
from alliance.flags import FlagState
from storage.columns import Moment
from storage.database import vault_of
from storage.statements import insert_into
from storage.tables import (
    Checkin,
    ContactMade,
    Enrolment,
    Flag,
    FlagActed,
    FlagHolder,
    NoteToPatient,
    Snooze,
    StaffPrompt,
    Verdict,
)
from storage.vault import Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Untouched:
    """A flag that nobody has settled, with who holds it and until when it was put off."""

    flag: Flag
    holder: FlagHolder | None
    put_off_until: date | None


async def holder(session: AsyncSession, flag_id: int) -> FlagHolder | None:
    """Who holds a flag beside or instead of the patient's own clinician."""
    return await session.get(FlagHolder, flag_id)


async def holders(session: AsyncSession, flag_ids: Sequence[int]) -> dict[int, FlagHolder]:
    """The same of several flags; one that nobody holds so is left out."""
    rows = await session.scalars(select(FlagHolder).where(FlagHolder.flag_id.in_(flag_ids)))
    return {row.flag_id: row for row in rows}


async def hand_to(
    session: AsyncSession,
    flag_id: int,
    *,
    person_id: int,
    held: Held,
    by_id: int | None,
    told_on: date | None = None,
    now: datetime,
) -> None:
    """Let somebody hold a flag from now on, in place of whoever held it before."""
    await session.merge(
        FlagHolder(flag_id=flag_id, person_id=person_id, held=held, by_id=by_id, since=now, told_on=told_on)
    )
    await session.flush()


async def give_back(session: AsyncSession, flag_id: int) -> None:
    """Let the patient's own clinician have a flag again."""
    await session.execute(delete(FlagHolder).where(FlagHolder.flag_id == flag_id))


async def held_by(session: AsyncSession, person_id: int) -> Sequence[Flag]:
    """Flags of other clinicians' patients that somebody holds and that are not resolved, the oldest first."""
    rows = await session.scalars(
        select(Flag)
        .join(FlagHolder, FlagHolder.flag_id == Flag.id)
        .where(FlagHolder.person_id == person_id, Flag.state != FlagState.RESOLVED)
        .order_by(Flag.raised_at, Flag.id)
    )
    return rows.all()


async def untouched(session: AsyncSession, *, before: datetime) -> list[Untouched]:
    """Flags raised before that moment that nobody has settled, of patients who take part, the oldest first.

    Not those from what a patient has given to somebody they chose: it is not ours to pass on.
    """
    rows = await session.execute(
        select(Flag, FlagHolder, Snooze.until_on)
        .join(Enrolment, Enrolment.patient_id == Flag.patient_id)
        .outerjoin(FlagHolder, FlagHolder.flag_id == Flag.id)
        .outerjoin(Snooze, Snooze.flag_id == Flag.id)
        .where(
            Flag.state == FlagState.RAISED,
            Flag.is_routed.is_(False),
            Flag.raised_at < before,
            Enrolment.state.not_in(ENDED),
        )
        .order_by(Flag.raised_at, Flag.id)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    found = cast("Sequence[tuple[Flag, FlagHolder | None, date | None]]", rows.all())
    return [Untouched(flag=flag, holder=held, put_off_until=until) for flag, held, until in found]


async def untouched_by_the_chosen(
    session: AsyncSession, *, before: datetime
) -> dict[int, list[tuple[datetime, date | None]]]:
    """By reader, when flags for what was given to them were raised that nobody has settled, and put off until when.

    Where the whole team was told at one moment, one who has acted has looked for all of them.
    """
    sibling = aliased(Flag)
    was_settled = exists().where(
        sibling.patient_id == Flag.patient_id,
        sibling.raised_at == Flag.raised_at,
        sibling.state != FlagState.RAISED,
    )
    rows = await session.execute(
        select(Flag.clinician_id, Flag.raised_at, Snooze.until_on)
        .join(Enrolment, Enrolment.patient_id == Flag.patient_id)
        .outerjoin(Snooze, Snooze.flag_id == Flag.id)
        .where(
            Flag.state == FlagState.RAISED,
            Flag.is_routed,
            Flag.raised_at < before,
            Enrolment.state.not_in(ENDED),
            ~was_settled,
        )
        .order_by(Flag.raised_at)
    )
    # SQLAlchemy's types do not know that an outer join may find none
    found: dict[int, list[tuple[datetime, date | None]]] = {}
    for reader_id, raised_at, until in cast("Sequence[tuple[int, datetime, date | None]]", rows.all()):
        found.setdefault(reader_id, []).append((raised_at, until))
    return found


async def put_off(session: AsyncSession, flag_id: int, *, until_on: date, by_id: int, now: datetime) -> None:
    """Put a flag off until a day; another day takes its place."""
    await session.merge(Snooze(flag_id=flag_id, until_on=until_on, by_id=by_id, set_at=now))
    await session.flush()


async def put_off_of(session: AsyncSession, flag_ids: Sequence[int]) -> dict[int, date]:
    """The same of several flags; one that was never put off is left out."""
    rows = await session.execute(select(Snooze.flag_id, Snooze.until_on).where(Snooze.flag_id.in_(flag_ids)))
    return dict(rows.all())


async def put_off_until(session: AsyncSession, flag_id: int) -> date | None:
    """The day until which a flag is or was put off."""
    return await session.scalar(select(Snooze.until_on).where(Snooze.flag_id == flag_id))


async def judge(
    session: AsyncSession, flag: Flag, why: Why, *, by_id: int, words: str | None = None, now: datetime
) -> None:
    """Keep why a flag was no rupture; what is said later takes the place of what was said before."""
    sealed = vault_of(session).seal(words, _verdict_place(flag)) if words else None
    await session.merge(
        Verdict(flag_id=flag.id, patient_id=flag.patient_id, by_id=by_id, why=why, words=sealed, given_at=now)
    )
    await session.flush()


async def verdict(session: AsyncSession, flag: Flag) -> tuple[str, str | None] | None:
    """Why a flag was no rupture, and the typed words if there are any."""
    row = await session.get(Verdict, flag.id)
    if row is None:
        return None
    return row.why, vault_of(session).open(row.words, _verdict_place(flag)) if row.words else None


async def judged(
    session: AsyncSession, *, since: datetime | None, except_for: Sequence[str]
) -> list[tuple[str, str | None, bool, str | None]]:
    """Rule, end, whether anybody did more than ``except_for``, and why not, of each flag raised since then."""
    acted = exists().where(FlagActed.flag_id == Flag.id, FlagActed.action.not_in(except_for))
    query = select(Flag.rule, Flag.resolution, acted, Verdict.why).outerjoin(Verdict, Verdict.flag_id == Flag.id)
    if since is not None:
        query = query.where(Flag.raised_at >= since)
    rows = await session.execute(query.order_by(Flag.id))
    return [(rule, resolution, bool(did), why) for rule, resolution, did, why in rows]


async def record_contact(
    session: AsyncSession, patient_id: int, *, by_id: int, how: How, made_on: date, made_at: datetime, now: datetime
) -> bool:
    """Keep that somebody got in touch with a patient; False where the same was noted for that day before.

    Said twice on one day, the later moment counts: what was asked for in between is answered by the second.
    """
    values = {"patient_id": patient_id, "by_id": by_id, "how": how, "made_on": made_on}
    statement = insert_into(session, ContactMade).values(**values, made_at=made_at, noted_at=now)
    is_new = await session.scalar(statement.on_conflict_do_nothing().returning(ContactMade.id)) is not None
    if not is_new:
        same: list[ColumnElement[bool]] = [getattr(ContactMade, name) == value for name, value in values.items()]
        await session.execute(update(ContactMade).where(*same, ContactMade.made_at < made_at).values(made_at=made_at))
    return is_new


async def reached_at(session: AsyncSession, patient_ids: Sequence[int]) -> dict[int, datetime]:
    """When somebody last got in touch with each of these patients."""
    latest: ColumnElement[datetime] = func.max(ContactMade.made_at, type_=Moment())
    rows = await session.execute(
        select(ContactMade.patient_id, latest)
        .where(ContactMade.patient_id.in_(patient_ids))
        .group_by(ContactMade.patient_id)
    )
    return dict(rows.all())


async def asked_at(
    session: AsyncSession, patient_ids: Sequence[int], *, wish: str, reader_id: int
) -> list[tuple[int, datetime, int | None]]:
    """Whatever asks for somebody to get in touch with one of these patients, and since when.

    That is each time they said that they would like it, with the check-in in which they did, and each unresolved flag
    but for those that are for another reader alone.
    """
    wished = select(Checkin.patient_id, Checkin.wished_at, Checkin.id).where(
        Checkin.patient_id.in_(patient_ids), Checkin.wish == wish, Checkin.wished_at.is_not(None)
    )
    raised = select(Flag.patient_id, Flag.raised_at, as_type(null(), BigInteger)).where(
        Flag.patient_id.in_(patient_ids),
        Flag.state != FlagState.RESOLVED,
        or_(Flag.is_routed.is_(False), Flag.clinician_id == reader_id),
    )
    rows = await session.execute(union_all(wished, raised))
    return [(patient_id, at, checkin_id) for patient_id, at, checkin_id in rows if at is not None]


async def forget_flag(session: AsyncSession, flag_id: int) -> None:
    """Forget what hangs on a flag that is taken back; what was written to the patient stays."""
    for table in (FlagActed, FlagHolder, Snooze, Verdict, StaffPrompt):
        await session.execute(delete(table).where(table.flag_id == flag_id))
    drafts = (NoteToPatient.flag_id == flag_id, NoteToPatient.sent_at.is_(None))
    await session.execute(delete(NoteToPatient).where(*drafts))


def _verdict_place(flag: Flag) -> Place:
    return Place(table="verdicts", column="words", row=flag.id, person=flag.patient_id)
