"""Questions asked of the audit: whether anything of it was changed, and what it says."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.audit_trail import BEGINNING, Act, Damage, Inspection, Link, read_link
from storage.audit import ENTRIES, NEVER_BOUND, SEAL, act_of
from storage.database import vault_of
from storage.tables import AuditEntry, AuditHead, AuditLink
from storage.vault import Tampered

AT_ONCE = 5_000  # entries read together when all are looked at
_CHAIN = (
    ENTRIES.add_columns(AuditLink.position, AuditLink.digits)
    .select_from(AuditLink)
    .outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
    .order_by(AuditLink.position)
    .execution_options(yield_per=AT_ONCE)
)
_HEAD = select(AuditHead)


async def inspect(session: AsyncSession, *, seen_before: Link | None = None) -> tuple[Link, tuple[Damage, ...]]:
    """Look the whole chain through: where it ends, and what does not hold.

    The end is sealed with the key ring, which is not in the database: whoever can write to the tables alone can
    neither rewrite the chain nor cut off its end unnoticed. That an older end was put back with its seal shows only
    a link that was noted elsewhere: ``seen_before`` has to be met.
    """
    inspection = Inspection(seen_before=seen_before)
    async for link, act in _chain(session):
        inspection.meet(link, act)
    stray = await session.scalars(select(AuditEntry.id).where(NEVER_BOUND).order_by(AuditEntry.id))
    damages = inspection.close(sealed_end=await _sealed_end(session), never_bound=stray.all())
    return inspection.end, damages


async def end_of(session: AsyncSession) -> Link:
    """Where the chain ends now."""
    head = await session.scalar(_HEAD)
    return Link(position=head.position, digits=head.digits) if head else Link(position=0, digits=BEGINNING)


async def latest(
    session: AsyncSession,
    *,
    object_id: int | None = None,
    actor_id: int | None = None,
    action: str | None = None,
    since: datetime | None = None,
    limit: int,
) -> Sequence[Act]:
    """The newest entries, the newest first: about one object, by one person, of one kind, since a moment."""
    query = ENTRIES
    for column, value in (
        (AuditEntry.object_id, object_id),
        (AuditEntry.actor_id, actor_id),
        (AuditEntry.action, action),
    ):
        query = query if value is None else query.where(column == value)
    if since is not None:
        query = query.where(AuditEntry.at >= since)
    rows = await session.execute(query.order_by(AuditEntry.id.desc()).limit(limit))
    return [act_of(*row) for row in rows]


async def _chain(session: AsyncSession) -> AsyncIterator[tuple[Link, Act | None]]:
    found = await session.stream(_CHAIN)
    async for rows in found.partitions():
        for *entry, position, digits in rows:
            yield Link(position=position, digits=digits), None if entry[0] is None else act_of(*entry)


async def _sealed_end(session: AsyncSession) -> Link | None:
    head = await session.scalar(_HEAD)
    if head is None or head.seal is None:
        return None
    try:
        return read_link(vault_of(session).open(head.seal, SEAL))
    except Tampered:
        return None
