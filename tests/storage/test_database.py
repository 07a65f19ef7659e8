"""Tests of storage.database: one writer at a time, all or nothing, and errors that say what to do."""

import asyncio
import stat
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import (
    CannotOpen,
    Database,
    NotDurable,
    Unwritable,
    check_durability,
    new_id,
    vault_of,
)
from storage.tables import Heartbeat, PollingState
from storage.vault import Vault

TASKS = 100
UNREACHABLE = "postgresql://somebody:a-secret@127.0.0.1:1/clinic"


async def test_a_hundred_who_read_and_then_write_lose_nothing(sqlite_database: Database) -> None:
    async with sqlite_database.writing() as session:
        await session.execute(insert(PollingState).values(id=1, next_offset=0))

    async def count_one_on() -> None:
        async with sqlite_database.writing() as session:
            found = await session.scalar(select(PollingState.next_offset))
            await session.execute(update(PollingState).values(next_offset=(found or 0) + 1))

    await asyncio.gather(*(count_one_on() for _ in range(TASKS)))

    async with sqlite_database.reading() as session:
        assert await session.scalar(select(PollingState.next_offset)) == TASKS


async def test_two_databases_on_one_file_lose_nothing_either(sqlite_database: Database, vault: Vault) -> None:
    other = Database(sqlite_database.url_for_humans, vault)
    async with other.writing() as session:
        await session.execute(insert(PollingState).values(id=1, next_offset=0))

    async def count_one_on(database: Database) -> None:
        async with database.writing() as session:
            found = await session.scalar(select(PollingState.next_offset))
            await session.execute(update(PollingState).values(next_offset=(found or 0) + 1))

    await asyncio.gather(*(count_one_on(one) for one in (sqlite_database, other) for _ in range(10)))

    async with other.reading() as session:
        assert await session.scalar(select(PollingState.next_offset)) == 20
    await other.close()


async def test_a_block_that_fails_leaves_nothing(database: Database, moment: datetime) -> None:
    async def fail_halfway() -> None:
        async with database.writing() as session:
            await session.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()

    assert await _beats(database) == set()


async def test_one_of_three_savepoints_fails_and_two_are_kept(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        for name in ("intake", "sender", "digests"):
            savepoint = await session.begin_nested()
            await session.execute(insert(Heartbeat).values(loop=name, beat_at=moment))
            if name == "sender":
                await savepoint.rollback()
            else:
                await savepoint.commit()

    assert await _beats(database) == {"intake", "digests"}


async def test_a_row_that_breaks_a_rule_costs_only_its_savepoint(database: Database, moment: datetime) -> None:
    async with database.writing() as session:
        await session.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                await session.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))
        await session.execute(insert(Heartbeat).values(loop="sender", beat_at=moment))

    assert await _beats(database) == {"intake", "sender"}


async def test_looking_cannot_change_anything(database: Database, moment: datetime) -> None:
    with pytest.raises((DBAPIError, Unwritable)):
        async with database.reading() as session:
            await session.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))

    assert await _beats(database) == set()


async def test_looking_goes_on_while_somebody_writes(database: Database, moment: datetime) -> None:
    async with database.writing() as writer:
        await writer.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))

        seen_meanwhile = await _beats(database)

    assert seen_meanwhile == set()
    assert await _beats(database) == {"intake"}


async def test_writing_goes_on_while_somebody_looks(database: Database, moment: datetime) -> None:
    async with database.reading() as reader:
        before = await reader.scalar(select(func.count()).select_from(Heartbeat))
        async with database.writing() as writer:
            await writer.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))

        after = await reader.scalar(select(func.count()).select_from(Heartbeat))

    assert (before, after) == (0, 0)  # one look is one moment


async def test_a_cancelled_commit_is_finished_first(database: Database, moment: datetime) -> None:
    at_the_commit = asyncio.Event()

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(insert(Heartbeat).values(loop="intake", beat_at=moment))
            at_the_commit.set()

    task = asyncio.create_task(write())
    await at_the_commit.wait()  # the block's end follows without a pause, so the commit has begun
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await _beats(database) == {"intake"}
    assert database.connections_in_use == 0


async def test_cancelled_anywhere_no_connection_is_lost(database: Database, moment: datetime) -> None:
    async def write(name: str) -> None:
        async with database.writing() as session:
            await session.execute(insert(Heartbeat).values(loop=name, beat_at=moment))
            await session.execute(select(Heartbeat))

    for turns in range(24):  # of the event loop, each at another step of the block
        task = asyncio.create_task(write(f"loop {turns}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert database.connections_in_use == 0
    await write("the last one")
    assert "the last one" in await _beats(database)


async def test_the_file_is_closed_to_other_users(sqlite_database: Database) -> None:
    path = Path(sqlite_database.engine.url.database or "")
    new = Database(f"sqlite:///{path.with_name('new.sqlite3')}", vault=Vault({1: bytes(32)}))

    async with new.writing() as session:
        await session.execute(text("CREATE TABLE anything (id INTEGER)"))
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("new.sqlite3*")}

    assert modes == {0o600}
    await new.close()


async def test_a_durable_database_is_accepted(database: Database) -> None:
    await check_durability(database)


@pytest.mark.parametrize(
    ("pragma", "question"),
    [("synchronous = NORMAL", "synchronous"), ("foreign_keys = OFF", "foreign_keys")],
)
async def test_a_forgetful_database_is_refused(sqlite_database: Database, pragma: str, question: str) -> None:
    async with sqlite_database.connected() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        await raw.driver_connection.execute(f"PRAGMA {pragma}")  # stays with this connection of the pool

    with pytest.raises(NotDurable, match=question):
        await check_durability(sqlite_database)


async def test_a_database_in_memory_is_refused(vault: Vault) -> None:
    database = Database("sqlite://", vault)

    with pytest.raises(NotDurable, match="journal_mode"):
        await check_durability(database)
    await database.close()


async def test_a_folder_that_is_not_there_is_named_in_words(tmp_path: Path, vault: Vault) -> None:
    database = Database(f"sqlite:///{tmp_path}/nowhere/checkin.sqlite3", vault)

    with pytest.raises(CannotOpen, match=r"cannot be opened: look at its address.*nowhere"):
        async with database.writing():
            pass
    with pytest.raises(CannotOpen):
        async with database.reading():
            pass
    await database.close()


async def test_a_file_that_is_no_database_is_named_in_words(tmp_path: Path, vault: Vault) -> None:
    (tmp_path / "letter.txt").write_text("Dear clinic, " * 100)
    database = Database(f"sqlite:///{tmp_path}/letter.txt", vault)

    with pytest.raises(CannotOpen):
        async with database.writing():
            pass
    await database.close()


async def test_a_server_that_is_not_there_is_named_without_its_password(vault: Vault) -> None:
    database = Database(UNREACHABLE, vault)

    with pytest.raises(CannotOpen) as raised:
        async with database.writing():
            pass

    assert "a-secret" not in str(raised.value)
    assert "127.0.0.1" in str(raised.value)
    await database.close()


async def test_a_full_disk_is_named_in_words_and_nothing_is_stored(sqlite_database: Database, moment: datetime) -> None:
    async with sqlite_database.writing() as session:  # the limit stays with this connection of the pool
        pages = await session.scalar(text("PRAGMA page_count"))
        await session.execute(text(f"PRAGMA max_page_count = {pages}"))

    with pytest.raises(Unwritable, match="SQLITE_FULL"):
        async with sqlite_database.writing() as session:
            await session.execute(insert(Heartbeat).values(loop="x" * 1_000_000, beat_at=moment))

    assert await _beats(sqlite_database) == set()
    assert sqlite_database.connections_in_use == 0


@pytest.mark.parametrize("url", ["mysql://clinic", "clinic.sqlite3", "", "postgresql://u:pw@host:port/x"])
def test_an_address_of_another_kind_is_refused_without_quoting_it(url: str, vault: Vault) -> None:
    with pytest.raises(CannotOpen) as raised:
        Database(url, vault)

    assert "pw" not in str(raised.value)


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///x", "sqlite+aiosqlite"),
        ("sqlite+aiosqlite:///x", "sqlite+aiosqlite"),
        ("postgres://h/x", "postgresql+asyncpg"),
        ("postgresql://h/x", "postgresql+asyncpg"),
        ("postgresql+asyncpg://h/x", "postgresql+asyncpg"),
    ],
)
def test_a_plain_address_is_given_the_async_driver(given: str, driver: str, vault: Vault) -> None:
    database = Database(given, vault)

    assert database.url_for_humans.startswith(driver + "://")
    assert database.is_sqlite == driver.startswith("sqlite")


def test_a_password_is_not_shown(vault: Vault) -> None:
    assert "a-secret" not in Database(UNREACHABLE, vault).url_for_humans


async def test_a_session_knows_its_vault(database: Database, vault: Vault) -> None:
    async with database.writing() as writer, database.reading() as reader:
        assert vault_of(writer) is vault
        assert vault_of(reader) is vault


def test_ids_are_positive_and_do_not_repeat() -> None:
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(0 < one < 2**62 for one in ids)


async def _beats(database: Database) -> set[str]:
    async with database.reading() as session:
        return set(await session.scalars(select(Heartbeat.loop)))


async def test_an_error_of_the_database_quotes_nothing_that_was_to_be_written(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(DBAPIError) as failed:
            await session.execute(text("SELECT nothing FROM nowhere WHERE said = :said"), {"said": "only for Dr Cole"})

    assert "only for Dr Cole" not in str(failed.value)
