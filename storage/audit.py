"""Who did what to what, and when: rows that the database lets nobody change."""

from collections.abc import Mapping
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
