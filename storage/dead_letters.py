"""Updates that nobody could handle: looked at by a person, handed back to the program, or closed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Sealed
from storage.database import vault_of
from storage.inbox import InboxState
from storage.tables import Incoming
from storage.vault import Place, Tampered

UNREADABLE = "unreadable"  # the kind of what does not open in its place, or is no JSON object


class NoDeadLetter(LookupError):
    """There is no dead letter of that number; `checkin deadletters` lists them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadLetter:
    """An update that was set aside; ``kind`` is Telegram's word for it, such as message."""

    number: int
    received_at: datetime
    kind: str
    cause: str  # the class of the error
    attempts: int


async def listed(session: AsyncSession) -> list[DeadLetter]:
    """All of them, the oldest first, without a word of what is in them."""
    rows = await session.scalars(select(Incoming).where(Incoming.state == InboxState.DEAD).order_by(Incoming.seq))
    return [
        DeadLetter(
            number=row.seq,
            received_at=row.received_at,
            kind=_kind(_opened(session, row.raw, row.identity)),
            cause=row.cause or "",
            attempts=row.attempts,
        )
        for row in rows
    ]


async def content(session: AsyncSession, number: int) -> str | None:
    """What came, as it came; None when it does not open in its place. Raises NoDeadLetter."""
    row = await session.scalar(select(Incoming).where(Incoming.seq == number, Incoming.state == InboxState.DEAD))
    if row is None:
        raise NoDeadLetter(NoDeadLetter.__doc__)
    return _opened(session, row.raw, row.identity)


async def retry(session: AsyncSession, number: int | None = None) -> Sequence[int]:
    """Let the running program handle one, or all, once more from the start; the numbers of those.

    They wait in their old place: before everything that came later.
    """
    statement = update(Incoming).where(Incoming.state == InboxState.DEAD)
    if number is not None:
        statement = statement.where(Incoming.seq == number)
    again = statement.values(state=InboxState.WAITING, attempts=0, cause=None, handled_at=None)
    return sorted(await session.scalars(again.returning(Incoming.seq)))


async def close(session: AsyncSession, number: int, *, now: datetime) -> bool:
    """A person has dealt with it; its content goes with that of all handled updates. Whether there was one."""
    closed = await session.scalar(
        update(Incoming)
        .where(Incoming.seq == number, Incoming.state == InboxState.DEAD)
        .values(state=InboxState.DONE, handled_at=now)
        .returning(Incoming.seq)
    )
    return closed is not None


def _opened(session: AsyncSession, sealed: Sealed | None, identity: str) -> str | None:
    if sealed is None:
        return None
    try:
        return vault_of(session).open(sealed, Place(table="inbox", column="raw", row=identity, person=None))
    except Tampered:
        return None


def _kind(raw: str | None) -> str:
    try:
        found: object = json.loads(raw or "")
    except ValueError:
        return UNREADABLE
    if not isinstance(found, dict):
        return UNREADABLE
    words = (word for word in cast("dict[str, object]", found) if word != "update_id")  # JSON
    kind = next(words, UNREADABLE)
    return kind if kind.replace("_", "").isalpha() and kind.isascii() else UNREADABLE
