"""A clinic upgrades with everything it has, and can go back: what the older tables know is the same afterwards.

Every revision is tried, also those that are added later.
"""

from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import keys, people, schema
from storage.database import Database
from storage.trouble import NoRevision
from storage.vault import Vault
from tests.storage.old_rows import ANA, fill, snapshot

FIRST = schema.revisions()[0]
STEPS = list(pairwise(schema.revisions()))


@pytest.fixture
async def clinic(bare_database: Database, vault: Vault, moment: datetime) -> Database:
    """A clinic on the first version of the tables, in the middle of its day."""
    await schema.migrate(bare_database, to=FIRST)
    async with bare_database.connected() as connection, connection.begin():
        await connection.run_sync(fill, vault, moment)
    return bare_database


async def rows(database: Database, only: dict[str, list[str]] | None = None) -> dict[str, list[dict[str, object]]]:
    async with database.connected() as connection:
        return await connection.run_sync(snapshot, only)


def columns_of(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    return {table: list(found[0]) if found else [] for table, found in rows.items()}  # an empty one stays so


async def shape(database: Database) -> dict[str, object]:
    """The tables, their columns, indexes, constraints and triggers."""

    def look(connection: Connection) -> dict[str, object]:
        seen = inspect(connection)
        tables: dict[str, object] = {
            table: (
                sorted((column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)),
                sorted(str(index["name"]) for index in seen.get_indexes(table)),
                sorted(str(key["constrained_columns"]) for key in seen.get_foreign_keys(table)),
                sorted(str(key["column_names"]) for key in seen.get_unique_constraints(table)),
            )
            for table in seen.get_table_names()
        }
        return tables | {"triggers": sorted(connection.scalars(text(_TRIGGERS[connection.dialect.name])).all())}

    async with database.connected() as connection:
        return await connection.run_sync(look)


_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


async def test_every_table_of_the_first_version_has_rows_to_lose(clinic: Database) -> None:
    found = await rows(clinic)

    assert {table for table, there in found.items() if not there} == set()
    assert len(found) == 21


async def test_an_upgrade_keeps_every_row_and_column(clinic: Database) -> None:
    before = await rows(clinic)

    moved = await schema.migrate(clinic)

    assert moved == (FIRST, schema.newest())
    assert await rows(clinic, columns_of(before)) == before
    await schema.check(clinic)


async def test_the_way_back_keeps_every_row_and_column_that_the_older_version_knows(clinic: Database) -> None:
    before, looked = await rows(clinic), await shape(clinic)
    await schema.migrate(clinic)

    moved = await schema.migrate(clinic, to=FIRST)

    assert moved == (schema.newest(), FIRST)
    assert await rows(clinic) == before
    assert await shape(clinic) == looked


@pytest.mark.parametrize(("older", "newer"), STEPS, ids=[f"{older} and {newer}" for older, newer in STEPS])
async def test_each_step_can_be_taken_and_taken_back(clinic: Database, older: str, newer: str) -> None:
    await schema.migrate(clinic, to=older)
    before, looked = await rows(clinic), await shape(clinic)

    await schema.migrate(clinic, to=newer)
    there = await rows(clinic, columns_of(before))
    await schema.migrate(clinic, to=older)

    assert there == before
    assert (await rows(clinic), await shape(clinic)) == (before, looked)


async def test_there_and_back_and_there_again_ends_as_an_upgrade_does(clinic: Database) -> None:
    await schema.migrate(clinic)
    once, looked = await rows(clinic), await shape(clinic)

    await schema.migrate(clinic, to=FIRST)
    await schema.migrate(clinic)

    assert await shape(clinic) == looked
    assert {table: len(found) for table, found in (await rows(clinic)).items()} == {
        table: len(found) for table, found in once.items()
    }


async def test_what_was_upgraded_can_be_read_and_written_by_this_program(clinic: Database, moment: datetime) -> None:
    await schema.migrate(clinic)

    async with clinic.writing() as session:
        await keys.check(session)
        ana = await people.get(session, ANA)
        ana.blocked_at = moment
    async with clinic.reading() as session:
        ana = await people.get(session, ANA)
        assert people.display_name(session, ana) == f"Name {ANA}"
        assert ana.blocked_at == moment


@pytest.mark.parametrize("table", ["audit", "consents"])
@pytest.mark.parametrize("revision", schema.revisions())
async def test_what_is_kept_for_good_is_so_on_every_version(clinic: Database, table: str, revision: str) -> None:
    await schema.migrate(clinic)
    await schema.migrate(clinic, to=revision)

    for statement in (f"UPDATE {table} SET id = id + 100", f"DELETE FROM {table}"):  # noqa: S608
        with pytest.raises(DBAPIError, match="never changed"):
            async with clinic.writing() as session:
                await session.execute(text(statement))


async def test_an_unknown_version_is_refused_and_nothing_is_touched(clinic: Database) -> None:
    before = await rows(clinic)

    for unknown in ("base", "9999", "-1", ""):
        with pytest.raises(NoRevision, match=FIRST):
            await schema.migrate(clinic, to=unknown)

    assert await rows(clinic) == before


async def test_a_migration_that_would_lose_rows_is_noticed(clinic: Database) -> None:
    """The twin of the tests above: the comparison itself can fail."""
    before = await rows(clinic)
    async with clinic.connected() as connection, connection.begin():
        await connection.execute(text("UPDATE outbox SET tries = tries + 1 WHERE id = 1"))
        await connection.execute(text("DROP INDEX ix_outbox_due"))

    assert await rows(clinic) != before
    async with clinic.connected() as connection, connection.begin():
        await connection.execute(text("DELETE FROM heartbeats"))
    assert (await rows(clinic, columns_of(before)))["heartbeats"] == []
