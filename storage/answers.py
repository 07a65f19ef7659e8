"""Questions about what was answered in check-ins, and what was passed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.checkin import DELIVERED
from storage.statements import dialect_of, insert_if_new, insert_or_replace
from storage.tables import Answer, Checkin, Enrolment, PatientClinician, SkippedItem

Delivered: TypeAlias = list[tuple[Checkin, dict[str, list[float]]]]  # with the fractions given, by domain

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

_KEY = ("checkin_id", "item_id")
_NOT_SKIPPED = (
    delete(SkippedItem)
    .where(SkippedItem.checkin_id == bindparam("of"), SkippedItem.item_id == bindparam("item"))
    .execution_options(synchronize_session=False)  # no skip is ever held as an object
)
_RATINGS = select(Answer.item_id, Answer.rating).where(Answer.checkin_id == bindparam("of"))
_ANSWERED = select(Answer.checkin_id).where(Answer.checkin_id.in_(bindparam("of", expanding=True)))
_SKIPPED = select(SkippedItem.checkin_id, SkippedItem.item_id).where(
    SkippedItem.checkin_id.in_(bindparam("of", expanding=True))
)
_DELIVERED = (
    select(Checkin)
    .where(Checkin.patient_id == bindparam("of"), Checkin.state.in_(tuple(DELIVERED)))
    .order_by(Checkin.due_at.desc())
    .limit(bindparam("limit"))
)
_FRACTIONS = (
    select(Answer.checkin_id, Answer.domain, Answer.fraction)
    .join(Checkin, Checkin.id == Answer.checkin_id)
    .where(Answer.checkin_id.in_(bindparam("of", expanding=True)), ~_ABOUT_A_COLLEAGUE)
    .order_by(Answer.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What the person saw who gave an answer: which questions, in which form and language, and about whom."""

    instrument: str | None = None
    form: str | None = None
    language: str | None = None
    about_id: int | None = None  # the clinician that a bond item meant


NOT_KEPT = Seen()


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
    replacing = tuple(column for column in values if column not in _KEY)
    await session.execute(insert_or_replace(dialect_of(session), Answer, key=_KEY, replacing=replacing), values)
    await session.execute(_NOT_SKIPPED, {"of": checkin_id, "item": item_id})


async def record_skip(session: AsyncSession, checkin_id: int, *, item_id: str, domain: str, now: datetime) -> None:
    """Keep that an item was passed over."""
    values = {"checkin_id": checkin_id, "item_id": item_id, "domain": domain, "skipped_at": now}
    await session.execute(insert_if_new(dialect_of(session), SkippedItem, returning="checkin_id"), values)


async def ratings(session: AsyncSession, checkin_id: int) -> dict[str, int]:
    """The answers of one check-in by item id."""
    rows = await session.execute(_RATINGS, {"of": checkin_id})
    return {key: value for key, value in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker


async def ratings_of(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The answers of several check-ins by item id, by check-in; one without any is left out."""
    rows = await session.execute(
        select(Answer.checkin_id, Answer.item_id, Answer.rating).where(Answer.checkin_id.in_(checkin_ids))
    )
    found: dict[int, dict[str, int]] = {}
    for checkin_id, item_id, rating in rows:
        found.setdefault(checkin_id, {})[item_id] = rating
    return found


async def answered_among(session: AsyncSession, checkin_ids: Sequence[int]) -> frozenset[int]:
    """Those of these check-ins to which at least one answer was given, about whomever."""
    return frozenset(await session.scalars(_ANSWERED, {"of": checkin_ids}))


async def skipped(session: AsyncSession, checkin_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """The items passed over, by check-in; one without any is left out."""
    rows = await session.execute(_SKIPPED, {"of": checkin_ids})
    found: dict[int, frozenset[str]] = {}
    for checkin_id, item_id in rows:
        found[checkin_id] = found.get(checkin_id, frozenset()) | {item_id}
    return found


async def delivered(session: AsyncSession, patient_id: int, *, limit: int) -> Delivered:
    """The latest delivered check-ins of a patient, oldest first, with the fractions given by domain.

    What was said of the bond with a colleague of the primary clinician is left out: it is another bond.
    """
    rows = await session.scalars(_DELIVERED, {"of": patient_id, "limit": limit})
    return await _with_fractions(session, rows.all()[::-1])


async def delivered_of(session: AsyncSession, patient_ids: Sequence[int], *, limit: int) -> dict[int, Delivered]:
    """The same of several patients at once, by patient; ``limit`` is for each of them."""
    place = func.row_number().over(partition_by=Checkin.patient_id, order_by=Checkin.due_at.desc()).label("place")
    newest = (
        select(Checkin.id, place)
        .where(Checkin.patient_id.in_(patient_ids), Checkin.state.in_(tuple(DELIVERED)))
        .subquery()
    )
    wanted = select(newest.c.id).where(newest.c.place <= limit)
    rows = await session.scalars(select(Checkin).where(Checkin.id.in_(wanted)).order_by(Checkin.due_at))
    found: dict[int, Delivered] = {patient_id: [] for patient_id in patient_ids}
    for checkin, fractions in await _with_fractions(session, rows.all()):
        found[checkin.patient_id].append((checkin, fractions))
    return found


async def _with_fractions(session: AsyncSession, checkins: Sequence[Checkin]) -> Delivered:
    given: dict[int, dict[str, list[float]]] = {checkin.id: {} for checkin in checkins}
    rows = await session.execute(_FRACTIONS, {"of": list(given)})
    for checkin_id, domain, fraction in rows:
        given[checkin_id].setdefault(domain, []).append(fraction)
    return [(checkin, given[checkin.id]) for checkin in checkins]
