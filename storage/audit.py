"""Who did what to what, and when: rows that the database lets nobody change, each bound to all before it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.audit_trail import BEGINNING, Act, Link, bound
from storage.columns import SealedColumn
from storage.statements import dialect_of, insert_if_new
from storage.tables import AuditEntry, AuditHead, AuditLink
from storage.vault import Place, Vault

THE_ONLY_ROW = 1
SEAL = Place(table="audit_head", column="seal", row=THE_ONLY_ROW, person=None)
ENTRIES = select(
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.action,
    AuditEntry.object_kind,
    AuditEntry.object_id,
    AuditEntry.detail,
)
NEVER_BOUND = ~select(AuditLink.position).where(AuditLink.entry_id == AuditEntry.id).exists()

NOTED = "noted_in_the_audit"  # numbers of a transaction's entries, among its session's own notes
_ADD = insert(cast("Table", AuditEntry.__table__)).returning(AuditEntry.id)
_BIND = insert(cast("Table", AuditLink.__table__))
_HEAD = select(AuditHead.position, AuditHead.digits).with_for_update()
_THESE = ENTRIES.where(AuditEntry.id.in_(bindparam("these", expanding=True))).order_by(AuditEntry.id)
_MOVED = update(cast("Table", AuditHead.__table__)).values(
    position=bindparam("to"), digits=bindparam("ending_in"), seal=bindparam("sealed", type_=SealedColumn())
)


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
    values = {
        "at": at,
        "actor_id": actor_id,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "detail": dict(detail or {}),
    }
    _note(session, (await session.scalars(_ADD, values)).all())


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
        _note(session, (await session.scalars(_ADD, rows)).all())


async def bind(session: AsyncSession, vault: Vault) -> None:
    """Bind the entries of this transaction to the chain: the last thing before its commit.

    The end of the chain is held until then, so that two transactions never bind to the same entry; as nothing is
    asked for after it, nobody waits for somebody who waits for them. An entry whose savepoint was rolled back is
    not there any more. Entries of before there was a chain are bound with the first.
    """
    noted: set[int] = session.info.pop(NOTED, set())
    if not noted:
        return
    end = await _end(session)
    are_first = not end.position
    these = ENTRIES.where(NEVER_BOUND).order_by(AuditEntry.id) if are_first else _THESE
    links: list[dict[str, object]] = []
    for row in await session.execute(these, {} if are_first else {"these": sorted(noted)}):
        end = bound(act_of(*row), after=end.digits, position=end.position + 1)
        links.append({"position": end.position, "entry_id": row.id, "digits": end.digits})
    if links:
        await session.execute(_BIND, links)
        sealed = vault.seal(str(end), SEAL)
        await session.execute(_MOVED, {"to": end.position, "ending_in": end.digits, "sealed": sealed})


def act_of(
    number: int,
    at: datetime,
    actor_id: int | None,
    action: str,
    object_kind: str,
    object_id: int | None,
    detail: Mapping[str, object],
) -> Act:
    """An entry as it is bound, from the columns of ENTRIES."""
    return Act(
        number=number,
        at=at,
        actor_id=actor_id,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        detail=detail,
    )


def _note(session: AsyncSession, numbers: Sequence[int]) -> None:
    session.info.setdefault(NOTED, set[int]()).update(numbers)


async def _end(session: AsyncSession) -> Link:
    """Where the chain ends, held for this transaction."""
    found = (await session.execute(_HEAD)).first()
    if found is None:
        first = {"id": THE_ONLY_ROW, "position": 0, "digits": BEGINNING, "seal": None}
        await session.execute(insert_if_new(dialect_of(session), AuditHead, returning="id"), first)
        found = (await session.execute(_HEAD)).one()
    return Link(position=found.position, digits=found.digits)
