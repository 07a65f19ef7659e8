"""What only one process may do at a time: who holds it, since which turn, and for how long.

A lease is given with a token that grows each time it changes hands (a fencing token: Kleppmann, "How to do
distributed locking", 2016). Whoever acts under a lease shows its token in the transaction of the effect, and
``hold`` keeps the lease from changing hands until that transaction ends. So a process that slept through the
end of its lease finds out before it can do anything twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.statements import insert_into
from storage.tables import LeaseRow


class Fenced(Exception):
    """Another process has taken this over meanwhile; nothing may be done under the old lease any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """One turn of holding a lease; ``token`` is 1 for the first holder ever and grows with each that follows."""

    name: str
    holder: str
    token: int

    @property
    def fence(self) -> int | None:
        """What marks the rows taken under it; None where no other process could take them."""
        return self.token or None


ALONE = Lease(name="alone", holder="alone", token=0)  # of a process that no other can be beside


async def moment(session: AsyncSession, *, now: datetime) -> datetime:
    """The time that all processes share: the server's own clock, or ``now`` where there is but one process."""
    if session.get_bind().dialect.name == "sqlite":
        return now
    return await session.scalar(select(func.clock_timestamp())) or now


async def holder_of(session: AsyncSession, name: str) -> str | None:
    """Who has held it last, whether its time is over or not."""
    return await session.scalar(select(LeaseRow.holder).where(LeaseRow.name == name))


async def take(
    session: AsyncSession, name: str, *, holder: str, lasts: timedelta, now: datetime, gone: str | None = None
) -> Lease | None:
    """Take a lease that nobody holds or whose time is over; None while somebody else holds it.

    ``gone`` names a holder that is known to have ended: its time need not be waited out.
    """
    at = await moment(session, now=now)
    statement = insert_into(session, LeaseRow).values(name=name, holder=holder, token=1, until=at + lasts)
    token = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "token": LeaseRow.token + 1, "until": at + lasts},
            where=or_(LeaseRow.until <= at, LeaseRow.holder == gone),
        ).returning(LeaseRow.token)
    )
    return None if token is None else Lease(name=name, holder=holder, token=token)


async def renew(session: AsyncSession, lease: Lease, *, lasts: timedelta, now: datetime) -> bool:
    """Hold on for that long from now; False when it has changed hands."""
    at = await moment(session, now=now)
    renewed = await session.scalar(
        update(LeaseRow).where(_is(lease)).values(until=at + lasts).returning(LeaseRow.token)
    )
    return renewed is not None


async def give_back(session: AsyncSession, lease: Lease, *, now: datetime) -> None:
    """Let the next one have it at once; its token stays, so that the next one's is higher."""
    at = await moment(session, now=now)
    await session.execute(update(LeaseRow).where(_is(lease)).values(until=at))


async def hold(session: AsyncSession, lease: Lease) -> None:
    """Keep a lease until this transaction ends; raises Fenced when it has changed hands."""
    if lease is ALONE:
        return
    held = await session.scalar(select(LeaseRow.token).where(_is(lease)).with_for_update(read=True))
    if held is None:
        raise Fenced(lease.name)


async def holders(session: AsyncSession, *, now: datetime) -> dict[str, str]:
    """Who holds what at this moment."""
    at = await moment(session, now=now)
    rows = await session.execute(select(LeaseRow.name, LeaseRow.holder).where(LeaseRow.until > at))
    return {name: holder for name, holder in rows}  # noqa: C416  # rows are tuples only to the eye of a type checker


def _is(lease: Lease) -> ColumnElement[bool]:
    return and_(LeaseRow.name == lease.name, LeaseRow.token == lease.token)
