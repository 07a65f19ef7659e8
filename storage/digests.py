"""Questions about digests: who gets one now, what was said on which date."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.delivery import OutboxState
from storage.tables import Digest, DigestReader, Outgoing, Person


class Picture(StrEnum):
    """What became of the picture of a digest that has something to draw."""

    WANTED = "wanted"
    QUEUED = "queued"  # it is in the outbox, or was
    FAILED = "failed"  # it could not be drawn; the text went out without it


NEXT = select(func.min(Person.next_digest_at))
MOST_LOST = 60  # digests in a row, looked through for the last one that arrived
_NEVER_READ = (OutboxState.BLOCKED, OutboxState.REJECTED, OutboxState.CANCELLED, OutboxState.EXPIRED)


async def due(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Person]:
    """Clinicians whose digest has fallen due, the longest waiting first, held for this transaction."""
    rows = await session.scalars(
        select(Person)
        .where(Person.next_digest_at <= now)
        .order_by(Person.next_digest_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return rows.all()


async def on(session: AsyncSession, clinician_id: int, local_date: date) -> Digest | None:
    """The digest a clinician was sent on that date."""
    return await session.scalar(
        select(Digest).where(Digest.clinician_id == clinician_id, Digest.local_date == local_date)
    )


async def latest(session: AsyncSession, clinician_id: int) -> Digest | None:
    """The last digest of a clinician, whatever its date."""
    return await session.scalar(
        select(Digest)
        .where(Digest.clinician_id == clinician_id)
        .order_by(Digest.built_at.desc(), Digest.id.desc())
        .limit(1)
    )


def key_of(clinician_id: int, local_date: date, number: int) -> str:
    """What one message of a digest is for, in the outbox."""
    return f"digest:{clinician_id}:{local_date}:{number}"


async def latest_that_arrived(session: AsyncSession, clinician_id: int, *, by_herself: bool = False) -> Digest | None:
    """The last digest whose first message Telegram took; what a lost one said is told in the next.

    ``by_herself`` passes over those that somebody else read in her place.
    """
    hers = (Digest.id.not_in(select(DigestReader.digest_id)),) if by_herself else ()
    newest_first = select(Digest).where(Digest.clinician_id == clinician_id, *hers).order_by(Digest.built_at.desc())
    newest = await session.scalar(newest_first.limit(1))
    if newest is None or not await _lost(session, clinician_id, [newest.local_date]):
        return newest
    before = await session.execute(
        newest_first.with_only_columns(Digest.id, Digest.local_date).offset(1).limit(MOST_LOST)
    )
    on = {digest_id: local_date for digest_id, local_date in before}  # noqa: C416  # rows are tuples only to the eye
    lost = await _lost(session, clinician_id, list(on.values()))
    arrived = next((digest_id for digest_id, local_date in on.items() if local_date not in lost), None)
    return None if arrived is None else await session.get(Digest, arrived)


async def _lost(session: AsyncSession, clinician_id: int, days: Sequence[date]) -> frozenset[date]:
    """The days of which the first message of the digest never reached anybody."""
    keys = {key_of(clinician_id, on, 0): on for on in days}
    never = await session.scalars(
        select(Outgoing.key).where(Outgoing.key.in_(list(keys)), Outgoing.state.in_(_NEVER_READ))
    )
    return frozenset(keys[key] for key in never)


async def was_read_by(session: AsyncSession, digest_id: int, reader_id: int) -> None:
    """Remember that somebody else read a digest in its clinician's place."""
    session.add(DigestReader(digest_id=digest_id, reader_id=reader_id))
    await session.flush()


async def reader_of(session: AsyncSession, digest: Digest) -> int:
    """Who was sent a digest: its clinician, or whoever stood in for her."""
    other = await session.scalar(select(DigestReader.reader_id).where(DigestReader.digest_id == digest.id))
    return digest.clinician_id if other is None else other


async def put_off(session: AsyncSession, clinician_id: int, *, until: datetime) -> None:
    """Look at a clinician's due digest again at that moment; its date stays."""
    await session.execute(update(Person).where(Person.id == clinician_id).values(next_digest_at=until))


async def get(session: AsyncSession, digest_id: int) -> Digest | None:
    """The digest of that id."""
    return await session.get(Digest, digest_id)


async def record(
    session: AsyncSession,
    clinician_id: int,
    *,
    local_date: date,
    covers_from: datetime,
    content: dict[str, object],
    now: datetime,
) -> Digest:
    """Keep a digest as it was arranged; a second one for the same date violates the unique key."""
    digest = Digest(
        clinician_id=clinician_id,
        local_date=local_date,
        covers_from=covers_from,
        built_at=now,
        content=content,
    )
    session.add(digest)
    await session.flush()
    return digest


async def to_draw(session: AsyncSession, *, built_after: datetime, limit: int) -> Sequence[Digest]:
    """Digests of since then whose picture is still to be drawn, the oldest first."""
    rows = await session.scalars(
        select(Digest)
        .where(Digest.picture == Picture.WANTED, Digest.built_at > built_after)
        .order_by(Digest.built_at, Digest.id)
        .limit(limit)
    )
    return rows.all()


async def drew(session: AsyncSession, digest_id: int, picture: Picture) -> bool:
    """Write down what became of a picture; whether it was still wanted."""
    won = update(Digest).where(Digest.id == digest_id, Digest.picture == Picture.WANTED).values(picture=picture)
    return await session.scalar(won.returning(Digest.id)) is not None


async def every(session: AsyncSession) -> Sequence[Digest]:
    """All digests, by date."""
    return (await session.scalars(select(Digest).order_by(Digest.local_date, Digest.clinician_id))).all()


async def naming(session: AsyncSession, code_name: str) -> Sequence[Digest]:
    """Every digest in which a code name stands, whoever's it was, oldest first."""
    written = json.dumps(code_name)  # as the column holds it
    rows = await session.scalars(
        select(Digest)
        .where(cast(Digest.content, Text).contains(written, autoescape=True))
        .order_by(Digest.local_date, Digest.id)
    )
    return rows.all()
