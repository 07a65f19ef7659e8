"""Who did what to what, and when: rows that the database lets nobody change."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables import AuditEntry


async def record(
    session: AsyncSession,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    object_kind: str,
    object_id: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Note one act in the transaction of its effects, so that neither is there without the other.

    ``actor_id`` is None for the program itself and the command line. ``detail`` holds our own ids and
    settings, never words of anybody. Entries are refused any change and any deletion by triggers.
    """
    await session.execute(
        insert(AuditEntry).values(
            at=at,
            actor_id=actor_id,
            action=action,
            object_kind=object_kind,
            object_id=object_id,
            detail=dict(detail or {}),
        )
    )


async def record_each(
    session: AsyncSession, *, at: datetime, actor_id: int | None, action: str, object_kind: str, ids: Sequence[int]
) -> None:
    """Note the same act about each of several people or things, in one statement."""
    if ids:
        rows: list[dict[str, object]] = [
            {
                "at": at,
                "actor_id": actor_id,
                "action": action,
                "object_kind": object_kind,
                "object_id": object_id,
                "detail": dict[str, object](),
            }
            for object_id in ids
        ]
        await session.execute(insert(AuditEntry), rows)
