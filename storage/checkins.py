"""Questions about check-ins: what is due, what is open, what was answered and what was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import ANSWERABLE, DELIVERED, CheckinState
from alliance.enrolment import EnrolmentState
from storage.database import insert_into
from storage.messages import NUMBER
from storage.tables import Answer, Checkin, Enrolment, Message, PatientClinician, Person, SkippedItem

_OPEN = tuple(ANSWERABLE)
# an uncertain one stays uncertain: it closes only by an answer
_CAN_BE_CLOSED = Checkin.state.in_((CheckinState.QUEUED, CheckinState.OPEN)) | (
    (Checkin.state == CheckinState.ANSWERED) & Checkin.remark_open
)
# of an answer about the bond: somebody who cares, or cared, for the patient beside the primary clinician
_ABOUT_A_COLLEAGUE = (
    exists()
    .where(
        PatientClinician.patient_id == Checkin.patient_id,
        PatientClinician.clinician_id == Answer.about_id,
        Enrolment.patient_id == Checkin.patient_id,
        Enrolment.clinician_id != Answer.about_id,
    )
    .correlate(Checkin, Answer)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the person saw who gave an answer: which questions, in which form and language, and about whom."""

    instrument: str | None = None
    form: str | None = None
    language: str | None = None
    about_id: int | None = None  # the clinician that a bond item meant


NOT_KEPT = Seen()


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


async def ratings(session: AsyncSession, checkin_id: int) -> dict[str, int]:
    """The answers of one check-in by item id."""
    rows = await session.execute(select(Answer.item_id, Answer.rating).where(Answer.checkin_id == checkin_id))
    return {key: value for key, value in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker


async def answered_among(session: AsyncSession, checkin_ids: Sequence[int]) -> frozenset[int]:
    """Those of these check-ins to which at least one answer was given, about whomever."""
    rows = await session.scalars(select(Answer.checkin_id).where(Answer.checkin_id.in_(checkin_ids)))
    return frozenset(rows)


async def ratings_of(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The answers of several check-ins by item id, by check-in; one without any is left out."""
    rows = await session.execute(
        select(Answer.checkin_id, Answer.item_id, Answer.rating).where(Answer.checkin_id.in_(checkin_ids))
    )
    found: dict[int, dict[str, int]] = {}
    for checkin_id, item_id, rating in rows:
        found.setdefault(checkin_id, {})[item_id] = rating
    return found


async def record_answer(
    session: AsyncSession,
    checkin_id: int,
    *,
    item_id: str,
    domain: str,
    rating: int,
    fraction: float,
    now: datetime,
    message_id: int | None = None,
    is_typed: bool = False,
    seen: Seen = NOT_KEPT,
) -> None:
    """Keep an answer, where it was given and what was seen there.

    A later one to the same item takes its place, as it does of a skip.
    """
    values = {
        "checkin_id": checkin_id,
        "item_id": item_id,
        "domain": domain,
        "rating": rating,
        "fraction": fraction,
        "answered_at": now,
        "message_id": message_id,
        "is_typed": is_typed,
        "instrument": seen.instrument,
        "form": seen.form,
        "language": seen.language,
        "about_id": seen.about_id,
    }
    key = ["checkin_id", "item_id"]
    statement = insert_into(session, Answer).values(values)
    changed = {column: value for column, value in values.items() if column not in key}
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))
    await session.execute(
        delete(SkippedItem).where(SkippedItem.checkin_id == checkin_id, SkippedItem.item_id == item_id)
    )


async def skipped(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The items passed over, by check-in; one without any is left out."""
    rows = await session.execute(
        select(SkippedItem.checkin_id, SkippedItem.item_id).where(SkippedItem.checkin_id.in_(checkin_ids))
    )
    found: dict[int, frozenset[str]] = {}
    for checkin_id, item_id in rows:
        found[checkin_id] = found.get(checkin_id, frozenset()) | {item_id}
    return found


async def record_skip(session: AsyncSession, checkin_id: int, *, item_id: str, domain: str, now: datetime) -> None:
    """Keep that an item was passed over."""
    values = {"checkin_id": checkin_id, "item_id": item_id, "domain": domain, "skipped_at": now}
    await session.execute(insert_into(session, SkippedItem).values(values).on_conflict_do_nothing())


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


async def delivered(
    session: AsyncSession, patient_id: int, *, limit: int
) -> list[tuple[Checkin, dict[str, list[float]]]]:
    """The latest delivered check-ins of a patient, oldest first, with the fractions given by domain.

    What was said of the bond with a colleague of the primary clinician is left out: it is another bond.
    """
    rows = await session.scalars(
        select(Checkin)
        .where(Checkin.patient_id == patient_id, Checkin.state.in_(tuple(DELIVERED)))
        .order_by(Checkin.due_at.desc())
        .limit(limit)
    )
    checkins = rows.all()[::-1]
    given: dict[int, dict[str, list[float]]] = {checkin.id: {} for checkin in checkins}
    answers = await session.execute(
        select(Answer.checkin_id, Answer.domain, Answer.fraction)
        .join(Checkin, Checkin.id == Answer.checkin_id)
        .where(Answer.checkin_id.in_(list(given)), ~_ABOUT_A_COLLEAGUE)
        .order_by(Answer.id)
    )
    for checkin_id, domain, fraction in answers:
        given[checkin_id].setdefault(domain, []).append(fraction)
    return [(checkin, given[checkin.id]) for checkin in checkins]


async def delivered_of(
    session: AsyncSession, patient_ids: Sequence[int], *, limit: int
) -> dict[int, list[tuple[Checkin, dict[str, list[float]]]]]:
    """The same of several patients at once, by patient; ``limit`` is for each of them."""
    place = func.row_number().over(partition_by=Checkin.patient_id, order_by=Checkin.due_at.desc()).label("place")
    newest = (
        select(Checkin.id, place)
        .where(Checkin.patient_id.in_(patient_ids), Checkin.state.in_(tuple(DELIVERED)))
        .subquery()
    )
    wanted = select(newest.c.id).where(newest.c.place <= limit)
    rows = await session.scalars(select(Checkin).where(Checkin.id.in_(wanted)).order_by(Checkin.due_at))
    found: dict[int, list[tuple[Checkin, dict[str, list[float]]]]] = {patient_id: [] for patient_id in patient_ids}
    given: dict[int, dict[str, list[float]]] = {}
    for checkin in rows:
        given[checkin.id] = {}
        found[checkin.patient_id].append((checkin, given[checkin.id]))
    answers = await session.execute(
        select(Answer.checkin_id, Answer.domain, Answer.fraction)
        .join(Checkin, Checkin.id == Answer.checkin_id)
        .where(Answer.checkin_id.in_(list(given)), ~_ABOUT_A_COLLEAGUE)
        .order_by(Answer.id)
    )
    for checkin_id, domain, fraction in answers:
        given[checkin_id].setdefault(domain, []).append(fraction)
    return found


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


async def next_moment(session: AsyncSession) -> datetime | None:
    """The earliest moment at which a check-in has to be sent, reminded of or closed."""
    asked_often = (
        select(func.min(Enrolment.next_due_at)).where(Enrolment.state == EnrolmentState.ACTIVE),
        select(func.min(Checkin.remind_at)).where(Checkin.state == CheckinState.OPEN),
        select(func.min(Checkin.expires_at)).where(_CAN_BE_CLOSED),
    )
    moments = (await session.execute(select(*(one.scalar_subquery() for one in asked_often)))).one()
    return min((moment for moment in moments if moment is not None), default=None)


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
