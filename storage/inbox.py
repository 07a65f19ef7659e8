"""Updates, stored as they came before Telegram is told that we have them, and handed out in fair turns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.columns import Sealed
from storage.database import vault_of
from storage.raw_updates import InboxState, RawUpdate
from storage.statements import dialect_of, insert_if_new, insert_or_replace
from storage.tables import Incoming, PollingState
from storage.turns import chats_to_handle, turns_of
from storage.vault import Place, Tampered

MOST_ATTEMPTS = 3  # one failure may be chance, three are the update's own
THE_ONLY_ROW = 1
_DONE = (
    update(Incoming)
    .where(Incoming.seq == bindparam("number"), Incoming.state == InboxState.WAITING)
    .values(state=InboxState.DONE, handled_at=bindparam("at"))
    .execution_options(synchronize_session=False)  # no row of the inbox is ever held as an object
)
SYNTHETIC = "synthetic:"  # begins the identity of a made-up crisis; no hash of an update has such letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """An update to handle; ``attempts`` counts those that failed, 0 to 2."""

    seq: int
    update_id: int
    raw: str
    received_at: datetime
    attempts: int
    synthetic: str | None = None  # the language of a made-up crisis; None for what came from Telegram


async def store(session: AsyncSession, updates: Sequence[RawUpdate], *, now: datetime) -> int:
    """Store a batch in its order and say how many of it were new; those known already are left as they are.

    Promise: once this is committed, each of them will be handled, or become a dead letter, exactly once.
    Bytes that are no UTF-8 come back as lone surrogates; nothing is lost and nothing is parsed.
    """
    if not updates:
        return 0
    vault = vault_of(session)
    turns = await turns_of(session, updates, now=now)
    rows = [
        {
            "identity": update.identity,
            "update_id": update.update_id,
            "chat_id": update.chat_id,
            "turn": turn,
            "received_at": now,
            "raw": vault.seal(_text(update.raw), _place(update.identity)),
            "state": InboxState.WAITING,
            "attempts": 0,
        }
        for update, turn in zip(updates, turns, strict=True)
    ]
    once = insert_if_new(dialect_of(session), Incoming, returning="seq")
    return len((await session.scalars(once, rows)).all())


async def next_offset(session: AsyncSession) -> int | None:
    """The offset to ask Telegram for, or None before the first batch."""
    return await session.scalar(select(PollingState.next_offset).where(PollingState.id == THE_ONLY_ROW))


async def remember_offset(session: AsyncSession, offset: int) -> None:
    """Ask from here on the next time; a lower number than before is taken as it is, ids may be reset."""
    statement = insert_or_replace(dialect_of(session), PollingState, key=("id",), replacing=("next_offset",))
    await session.execute(statement, {"id": THE_ONLY_ROW, "next_offset": offset})


async def waiting(session: AsyncSession, *, limit: int) -> list[Waiting]:
    """The updates to handle, in the order of their turns. Needs a writing session.

    Where several workers share a server, the chats they belong to are this transaction's alone until it ends:
    the effects of an update and the right to handle its chat are committed, or lost, together. One that does
    not open in its place (Tampered) becomes a dead letter here and delays nobody.
    """
    query = select(
        Incoming.seq,
        Incoming.update_id,
        Incoming.raw,
        Incoming.received_at,
        Incoming.attempts,
        Incoming.identity,
    ).where(Incoming.state == InboxState.WAITING)
    if session.get_bind().dialect.name != "sqlite":
        query = query.where(Incoming.chat_id.in_(await chats_to_handle(session, limit=limit)))
    rows = await session.execute(query.order_by(Incoming.turn, Incoming.seq).limit(limit))
    found: list[Waiting] = []
    for seq, update_id, sealed, received_at, attempts, identity in rows.all():
        try:
            raw = _opened(session, sealed, identity)
        except Tampered:
            await _bury(session, seq, cause=Tampered.__name__)
            continue
        found.append(
            Waiting(
                seq=seq,
                update_id=update_id,
                raw=raw,
                received_at=received_at,
                attempts=attempts,
                synthetic=identity.removeprefix(SYNTHETIC) if identity.startswith(SYNTHETIC) else None,
            )
        )
    return found


async def done(session: AsyncSession, seq: int, *, now: datetime) -> None:
    """Note in the transaction of its effects that an update was handled."""
    await session.execute(_DONE, {"number": seq, "at": now})


async def failed(session: AsyncSession, seq: int, *, cause: str, now: datetime) -> bool:
    """Count a failed attempt; True when it was the third, which makes a dead letter of the update.

    ``cause`` is the class of the error, never its text, which may quote the patient.
    """
    is_last = Incoming.attempts + 1 >= MOST_ATTEMPTS
    state = await session.scalar(
        update(Incoming)
        .where(Incoming.seq == seq, Incoming.state == InboxState.WAITING)
        .values(
            attempts=Incoming.attempts + 1,
            cause=cause,
            state=case((is_last, InboxState.DEAD.value), else_=InboxState.WAITING.value),
            handled_at=case((is_last, now), else_=None),
        )
        .returning(Incoming.state)
    )
    return state == InboxState.DEAD


async def count_waiting(session: AsyncSession) -> int:
    """How many updates wait to be handled."""
    return await _count(session, InboxState.WAITING)


async def count(session: AsyncSession) -> int:
    """How many updates are stored, whatever became of them."""
    return await session.scalar(select(func.count()).select_from(Incoming)) or 0


async def dead(session: AsyncSession) -> int:
    """How many updates nobody could handle."""
    return await _count(session, InboxState.DEAD)


async def empty_old(session: AsyncSession, *, before: datetime) -> int:
    """Forget the content of what was handled before that moment, and say how many rows were emptied.

    The identities stay, so that a late redelivery is still known. Dead letters keep theirs: a person has
    to look at them.
    """
    statement = (
        update(Incoming)
        .where(Incoming.raw.is_not(None), Incoming.handled_at < before, Incoming.state == InboxState.DONE)
        .values(raw=None)
    )
    return len((await session.scalars(statement.returning(Incoming.seq))).all())


async def _count(session: AsyncSession, state: InboxState) -> int:
    return await session.scalar(select(func.count()).where(Incoming.state == state)) or 0


async def _bury(session: AsyncSession, seq: int, *, cause: str) -> None:
    await session.execute(update(Incoming).where(Incoming.seq == seq).values(state=InboxState.DEAD, cause=cause))


def _opened(session: AsyncSession, sealed: Sealed | None, identity: str) -> str:
    if sealed is None:
        raise Tampered(Tampered.__doc__)  # only what was handled is ever emptied
    return vault_of(session).open(sealed, _place(identity))


def _place(identity: str) -> Place:
    return Place(table="inbox", column="raw", row=identity, person=None)


def _text(raw: bytes | str) -> str:
    return raw.decode("utf-8", errors="surrogateescape") if isinstance(raw, bytes) else raw
