"""Questions about check-ins: what is due, what is open, and what became of them."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import ANSWERABLE, CheckinState
from alliance.enrolment import EnrolmentState
from storage.messages import NUMBER
from storage.statements import insert_into
from storage.tables import Answer, Checkin, Enrolment, Message, Person, SkippedItem

_OPEN = tuple(ANSWERABLE)
# an uncertain one stays uncertain: it closes only by an answer
_CAN_BE_CLOSED = Checkin.state.in_((CheckinState.QUEUED, CheckinState.OPEN)) | (
    (Checkin.state == CheckinState.ANSWERED) & Checkin.remark_open
)
NEXT_DUE = select(func.min(Enrolment.next_due_at)).where(Enrolment.state == EnrolmentState.ACTIVE)
NEXT_REMINDER = select(func.min(Checkin.remind_at)).where(Checkin.state == CheckinState.OPEN)
NEXT_END = select(func.min(Checkin.expires_at)).where(_CAN_BE_CLOSED)


async def due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Enrolment]:
    """Enrolments whose next check-in has fallen due, the longest waiting first, held for this transaction."""
    rows = await session.scalars(
        select(Enrolment)
        .where(Enrolment.state == EnrolmentState.ACTIVE, Enrolment.next_due_at <= now)
        .order_by(Enrolment.next_due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def claim(session: AsyncSession, checkin: Checkin) -> Checkin | None:
    """Write a check-in down unless its patient, local date and slot have one already: then None."""
    values = {column.key: getattr(checkin, column.key) for column in Checkin.__table__.columns if column.key != "id"}
    statement = insert_into(session, Checkin).values(values).on_conflict_do_nothing().returning(Checkin)
    return await session.scalar(statement)


async def get(session: AsyncSession, checkin_id: int) -> Checkin | None:
    """The check-in of that id."""
    return await session.get(Checkin, checkin_id)


async def open_of(session: AsyncSession, patient_id: int, *, now: datetime) -> Checkin | None:
    """The newest check-in of a patient that still takes an answer or a sentence."""
    return await session.scalar(
        select(Checkin)
        .where(
            Checkin.patient_id == patient_id,
            Checkin.expires_at > now,
            Checkin.state.in_((*_OPEN, CheckinState.ANSWERED)),
        )
        .order_by(Checkin.due_at.desc())
        .limit(1)
    )


async def is_newest(session: AsyncSession, checkin: Checkin) -> bool:
    """Whether a patient has not been due for another check-in since."""
    later = exists().where(Checkin.patient_id == checkin.patient_id, Checkin.due_at > checkin.due_at)
    return not await session.scalar(select(later))


async def last_asked_before(session: AsyncSession, checkin: Checkin) -> datetime | None:
    """When the patient's check-in before this one was due, of those that went out or may have; None for the first."""
    return await session.scalar(
        select(func.max(Checkin.due_at)).where(
            Checkin.patient_id == checkin.patient_id,
            Checkin.due_at < checkin.due_at,
            Checkin.state.not_in((CheckinState.MISSED, CheckinState.UNDELIVERABLE, CheckinState.CANCELLED)),
        )
    )


async def still_open(session: AsyncSession, patient_id: int) -> Sequence[Checkin]:
    """Check-ins of a patient that are not finished, whatever the time."""
    rows = await session.scalars(select(Checkin).where(Checkin.patient_id == patient_id, Checkin.state.in_(_OPEN)))
    return rows.all()


async def has_day(session: AsyncSession, patient_id: int, on: date) -> bool:
    """Whether a patient has had a check-in on that local day, whatever became of it."""
    query = select(Checkin.id).where(Checkin.patient_id == patient_id, Checkin.local_date == on).limit(1)
    return await session.scalar(query) is not None


async def waiting_for_a_remark(session: AsyncSession, patient_id: int) -> Sequence[Checkin]:
    """Check-ins of a patient whose items are all answered and that still take a sentence."""
    rows = await session.scalars(
        select(Checkin).where(
            Checkin.patient_id == patient_id, Checkin.state == CheckinState.ANSWERED, Checkin.remark_open
        )
    )
    return rows.all()


async def to_remind(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Checkin]:
    """Open, delivered check-ins whose reminder is due."""
    rows = await session.scalars(
        select(Checkin)
        .where(Checkin.state == CheckinState.OPEN, Checkin.remind_at <= now, Checkin.expires_at > now)
        .order_by(Checkin.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def to_close(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Checkin]:
    """Check-ins past their time: unfinished ones, and answered ones still open for a sentence."""
    rows = await session.scalars(
        select(Checkin)
        .where(
            Checkin.expires_at <= now,
            _CAN_BE_CLOSED,
        )
        .order_by(Checkin.expires_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def how_many(
    session: AsyncSession,
    clinician_id: int,
    *,
    after: datetime,
    until: datetime,
    of: Sequence[int] | None = None,
    ended_by: datetime | None = None,
) -> Sequence[tuple[CheckinState, bool, int]]:
    """How many check-ins of a clinician's patients are open or ended in that stretch: state, any reply, number.

    A reply is what the detector takes for one: an answer, an item that was skipped, or something written. ``of``
    leaves it to some of the patients; ``ended_by`` leaves it to those that had come to their end by then.
    """
    replied = or_(
        exists().where(Answer.checkin_id == Checkin.id),
        exists().where(SkippedItem.checkin_id == Checkin.id),
        exists().where(Message.checkin_id == Checkin.id, Message.kind != NUMBER),
    ).label("has_replied")
    rows = await session.execute(
        select(Checkin.state, replied, func.count())
        .where(
            Checkin.clinician_id == clinician_id,
            or_(Checkin.ended_at.is_(None), Checkin.ended_at > after),
            Checkin.due_at <= until,
            *(() if of is None else (Checkin.patient_id.in_(of),)),
            *(() if ended_by is None else (Checkin.ended_at <= ended_by,)),
        )
        .group_by(Checkin.state, replied)
    )
    return [(CheckinState(state), bool(has_replied), number) for state, has_replied, number in rows]


async def put_off(session: AsyncSession, patient_id: int, *, until: datetime) -> None:
    """Look at a patient's due check-in again at that moment; its local date and slot stay."""
    await session.execute(update(Enrolment).where(Enrolment.patient_id == patient_id).values(next_due_at=until))


def end(checkin: Checkin, state: CheckinState, *, at: datetime) -> None:
    """Bring a check-in to its end: no reminder any more, and since when."""
    checkin.state, checkin.ended_at, checkin.remind_at, checkin.later_at = state, at, None, None


async def completed(session: AsyncSession) -> frozenset[int]:
    """The ids of check-ins of which every item was answered or skipped."""
    rows = await session.scalars(select(Checkin.id).where(Checkin.completed_at.is_not(None)))
    return frozenset(rows)


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many check-ins stand in each state."""
    rows = await session.execute(select(Checkin.state, func.count()).group_by(Checkin.state))
    return {key: value for key, value in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker


async def schedule(
    session: AsyncSession, enrolment: Enrolment, *, at: datetime | None, on: date | None, slot: str | None
) -> None:
    """Write down when this patient's next check-in falls due; None for never."""
    enrolment.next_due_at, enrolment.next_due_on, enrolment.next_slot = at, on, slot
    await session.flush()


async def patient_of(session: AsyncSession, checkin: Checkin) -> Person:
    """Whose check-in it is."""
    person = await session.get(Person, checkin.patient_id)
    if person is None:
        raise KeyError(checkin.patient_id)
    return person


async def ended_in(
    session: AsyncSession, *, since: datetime, until: datetime, clinician_id: int | None = None
) -> dict[str, int]:
    """How many check-ins came to which end in that stretch, of one clinician's patients or of everybody's."""
    hers = () if clinician_id is None else (Checkin.clinician_id == clinician_id,)
    rows = await session.execute(
        select(Checkin.state, func.count())
        .where(Checkin.ended_at > since, Checkin.ended_at <= until, *hers)
        .group_by(Checkin.state)
    )
    return {state: number for state, number in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker
