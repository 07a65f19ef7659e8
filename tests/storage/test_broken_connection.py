"""A server ends a connection in the middle of a transaction: that is trouble to wait out, and no mistake of ours."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncSession

from storage import wakeups
from storage.database import CannotOpen, Database, Unwritable
from storage.tables import Heartbeat
from storage.trouble import is_the_databases_own
from tests.stories.ward import POSTGRESQL

_END_ALL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)

pytestmark = pytest.mark.parametrize("ground", [POSTGRESQL], indirect=True)


async def test_whoever_asks_on_after_the_connection_broke_is_told_that_the_database_refuses(database: Database) -> None:
    async def asks_on() -> None:
        async with database.writing() as session:
            await _its_connection_is_ended(database, session)
            with suppress(DBAPIError):  # as a library between us and the statement may do
                await session.execute(select(1))
            await session.execute(select(1))

    with pytest.raises(Unwritable):
        await asks_on()

    async with database.writing() as session:
        assert await session.scalar(select(1)) == 1


async def test_so_is_whoever_asks_on_after_a_savepoint_and_it_is_no_updates_fault(database: Database) -> None:
    failed: list[BaseException] = []

    async def asks_on() -> None:
        async with database.writing() as session:
            try:
                async with session.begin_nested():
                    await _its_connection_is_ended(database, session)
                    await session.execute(select(1))
            except DBAPIError as error:
                failed.append(error)
            await session.execute(select(1))

    with pytest.raises(Unwritable):
        await asks_on()

    assert [is_the_databases_own(error) for error in failed] == [True]


async def test_to_ask_on_after_a_mistake_of_ours_stays_a_mistake(database: Database, moment: object) -> None:
    async with database.writing() as session:
        with pytest.raises(IntegrityError):
            await session.execute(insert(Heartbeat).values([{"loop": "a", "beat_at": moment}] * 2))
        with pytest.raises(DBAPIError) as after:
            await session.execute(select(1))
        assert not is_the_databases_own(after.value)
        assert not is_the_databases_own(PendingRollbackError("a flush failed", code="7s2a"))
        await session.rollback()


async def test_who_listens_for_wake_ups_is_told_that_the_connection_is_gone_and_may_listen_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeups, "ASK_AGAIN", 0.05)
    woken, stopping = asyncio.Event(), asyncio.Event()
    listening = asyncio.create_task(wakeups.listen(database, {wakeups.OUTBOX: woken.set}, stopping))
    await _announced_until(database, woken)

    async with database.writing() as session:
        await session.execute(text(_END_ALL_OTHERS))
    async with asyncio.timeout(5):
        with pytest.raises(CannotOpen):
            await listening

    woken.clear()
    again = asyncio.create_task(wakeups.listen(database, {wakeups.OUTBOX: woken.set}, stopping))
    await _announced_until(database, woken)
    stopping.set()
    await again


async def _announced_until(database: Database, woken: asyncio.Event) -> None:
    async with asyncio.timeout(5):
        while not woken.is_set():
            async with database.writing() as session:
                await wakeups.announce(session, wakeups.OUTBOX)
            await asyncio.sleep(0.01)


async def _its_connection_is_ended(database: Database, session: AsyncSession) -> None:
    number = await session.scalar(text("SELECT pg_backend_pid()"))
    async with database.writing() as other:
        await other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
