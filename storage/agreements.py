"""Questions about agreements: the versions sent to a patient, sealed, and what is being written."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.agreement import AgreementState
from storage.database import new_id, vault_of
from storage.tables import Agreement, AgreementDraft
from storage.vault import Place

_OPEN = Agreement.state == AgreementState.PROPOSED
NEXT_REMINDER = select(func.min(Agreement.remind_at)).where(_OPEN)
NEXT_END = select(func.min(Agreement.expires_at)).where(_OPEN)


async def add(
    session: AsyncSession,
    words: str,
    *,
    patient_id: int,
    clinician_id: int,
    now: datetime,
    remind_at: datetime,
    expires_at: datetime,
) -> Agreement:
    """Keep the next version of what was agreed with a patient, as it is sent."""
    latest = await session.scalar(select(func.max(Agreement.version)).where(Agreement.patient_id == patient_id))
    agreement_id = new_id()
    row = Agreement(
        id=agreement_id,
        patient_id=patient_id,
        clinician_id=clinician_id,
        version=(latest or 0) + 1,
        words=vault_of(session).seal(words, _place("agreements", agreement_id, patient_id)),
        state=AgreementState.PROPOSED,
        sent_at=now,
        remind_at=remind_at,
        expires_at=expires_at,
    )
    session.add(row)
    await session.flush()
    return row


async def get(session: AsyncSession, agreement_id: int) -> Agreement | None:
    """The version of that id, held for this transaction."""
    return await session.get(Agreement, agreement_id, with_for_update=True)


async def newest(session: AsyncSession, patient_id: int) -> Agreement | None:
    """The version that was sent last, whatever became of it."""
    return await session.scalar(_of(patient_id).limit(1))


async def agreed(session: AsyncSession, patient_id: int) -> Agreement | None:
    """The version that both sides confirmed last."""
    return await session.scalar(_of(patient_id).where(Agreement.state == AgreementState.AGREED).limit(1))


async def every(session: AsyncSession, patient_id: int) -> Sequence[Agreement]:
    """All versions of a patient, the newest first."""
    return (await session.scalars(_of(patient_id))).all()


async def lately(session: AsyncSession, patient_ids: Collection[int], *, since: datetime) -> Sequence[Agreement]:
    """Of these patients what waits for an answer, and what was agreed on or waited for no longer since then."""
    rows = await session.scalars(
        select(Agreement)
        .where(
            Agreement.patient_id.in_(patient_ids),
            or_(
                _OPEN,
                and_(Agreement.state == AgreementState.AGREED, Agreement.answered_at > since),
                and_(Agreement.state == AgreementState.UNANSWERED, Agreement.expires_at > since),
            ),
        )
        .order_by(Agreement.sent_at, Agreement.id)
    )
    return rows.all()


async def replace_unagreed(session: AsyncSession, patient_id: int) -> None:
    """Whatever was not agreed on is replaced by what comes next."""
    await session.execute(
        update(Agreement)
        .where(Agreement.patient_id == patient_id, Agreement.state != AgreementState.AGREED)
        .values(state=AgreementState.REPLACED, remind_at=None)
        .execution_options(synchronize_session="fetch")
    )


async def replace_earlier(session: AsyncSession, agreement: Agreement) -> None:
    """Everything before a version that was agreed on is replaced by it."""
    await session.execute(
        update(Agreement)
        .where(Agreement.patient_id == agreement.patient_id, Agreement.version < agreement.version)
        .values(state=AgreementState.REPLACED, remind_at=None)
        .execution_options(synchronize_session="fetch")
    )


async def due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Agreement]:
    """Open proposals to remind of or to wait for no longer, held for this transaction."""
    rows = await session.scalars(
        select(Agreement)
        .where(_OPEN, or_(Agreement.remind_at <= now, Agreement.expires_at <= now))
        .order_by(Agreement.sent_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


def words_of(session: AsyncSession, row: Agreement) -> str:
    """The parts of a version, as JSON."""
    return vault_of(session).open(row.words, _place("agreements", row.id, row.patient_id))


async def draft(session: AsyncSession, patient_id: int) -> AgreementDraft | None:
    """What is being written for a patient."""
    return await session.scalar(select(AgreementDraft).where(AgreementDraft.patient_id == patient_id))


async def keep_draft(session: AsyncSession, words: str, *, patient_id: int, clinician_id: int, now: datetime) -> None:
    """Keep what is being written in the place of what was there."""
    row = await draft(session, patient_id)
    if row is None:
        row = AgreementDraft(id=new_id(), patient_id=patient_id)
        session.add(row)
    row.clinician_id, row.changed_at = clinician_id, now
    row.words = vault_of(session).seal(words, _place("agreement_drafts", row.id, patient_id))
    await session.flush()


def draft_words(session: AsyncSession, row: AgreementDraft) -> str:
    """The parts that are written so far, as JSON."""
    return vault_of(session).open(row.words, _place("agreement_drafts", row.id, row.patient_id))


async def drop_draft(session: AsyncSession, patient_id: int) -> None:
    """Forget what was being written."""
    await session.execute(delete(AgreementDraft).where(AgreementDraft.patient_id == patient_id))


def _of(patient_id: int) -> Select[Agreement]:
    return select(Agreement).where(Agreement.patient_id == patient_id).order_by(Agreement.version.desc())


def _place(table: str, row: int, patient_id: int) -> Place:
    return Place(table=table, column="words", row=row, person=patient_id)
