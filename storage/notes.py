"""What clinicians write to patients, sealed; and what a member of staff has been asked to type."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.acting import Asked
from alliance.notes import NoteState
from storage.database import new_id, vault_of
from storage.tables import Flag, NoteToPatient, StaffPrompt
from storage.vault import Place


async def draft(
    session: AsyncSession,
    flag: Flag,
    words: str,
    *,
    digest_id: int,
    by_id: int,
    script: str | None = None,
    typed_in: int | None = None,
    now: datetime,
) -> NoteToPatient:
    """Keep what is to be written to a patient, before anybody but its author has seen it."""
    note_id = new_id()
    note = NoteToPatient(
        id=note_id,
        patient_id=flag.patient_id,
        flag_id=flag.id,
        digest_id=digest_id,
        by_id=by_id,
        script=script,
        words=vault_of(session).seal(words, _place(note_id, flag.patient_id)),
        state=NoteState.DRAFT,
        typed_in=typed_in,
        drafted_at=now,
    )
    session.add(note)
    await session.flush()
    return note


async def get(session: AsyncSession, note_id: int) -> NoteToPatient | None:
    """The note of that id, held for this transaction."""
    return await session.get(NoteToPatient, note_id, with_for_update=True)


async def typed_in(session: AsyncSession, by_id: int, message_id: int) -> NoteToPatient | None:
    """The note that somebody typed in that message of their chat."""
    return await session.scalar(
        select(NoteToPatient).where(NoteToPatient.by_id == by_id, NoteToPatient.typed_in == message_id)
    )


async def on_their_way(session: AsyncSession, patient_id: int) -> Sequence[NoteToPatient]:
    """Notes to a patient that were sent and of which nothing more is known, the oldest first."""
    rows = await session.scalars(
        select(NoteToPatient)
        .where(NoteToPatient.patient_id == patient_id, NoteToPatient.state == NoteState.SENT)
        .order_by(NoteToPatient.sent_at, NoteToPatient.id)
    )
    return rows.all()


def words_of(session: AsyncSession, note: NoteToPatient) -> str:
    """The words of a note, opened."""
    return vault_of(session).open(note.words, _place(note.id, note.patient_id))


def say_anew(session: AsyncSession, note: NoteToPatient, words: str) -> None:
    """Put other words into a draft."""
    note.words = vault_of(session).seal(words, _place(note.id, note.patient_id))


async def ask(
    session: AsyncSession, person_id: int, asked: Asked, *, flag_id: int, digest_id: int, now: datetime
) -> None:
    """The next thing that this person types is meant for that flag."""
    await session.merge(
        StaffPrompt(person_id=person_id, asked=asked, flag_id=flag_id, digest_id=digest_id, asked_at=now)
    )
    await session.flush()


async def asked_of(session: AsyncSession, person_id: int, *, since: datetime) -> StaffPrompt | None:
    """What a person has been asked to type, at the longest since that moment."""
    row = await session.get(StaffPrompt, person_id)
    return row if row is not None and row.asked_at >= since else None


async def ask_nothing_more(session: AsyncSession, person_id: int) -> None:
    """What this person types next is meant for nothing."""
    await session.execute(delete(StaffPrompt).where(StaffPrompt.person_id == person_id))


def _place(note_id: int, patient_id: int) -> Place:
    return Place(table="notes_to_patients", column="words", row=note_id, person=patient_id)
