"""The tables of a database brought to the state this program needs, or refused."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.trouble import NewerDatabase, NotMigrated

ONE_MIGRATES = 0x636865636B696E  # any number, ours: the advisory lock that makes migrating processes queue


async def migrate(database: Database) -> tuple[str | None, str]:
    """Bring the tables to this program's state, all of it or nothing; the revision before and after.

    The first is None for a database without tables. Raises NewerDatabase when a newer program wrote it.
    """
    async with database.connected() as connection:
        if database.is_sqlite:
            await _foreign_keys(connection, switched="OFF")  # a table that is copied and replaced is referred to
        async with connection.begin():
            if not database.is_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_MIGRATES})
            before, after = await connection.run_sync(_upgrade, database.url_for_humans)
        if database.is_sqlite:
            await _foreign_keys(connection, switched="ON")
    return before, after


async def check(database: Database) -> None:
    """Raise NotMigrated or NewerDatabase unless the tables are exactly those of this program."""
    async with database.connected() as connection:
        current = await connection.run_sync(_current)
    _refuse_newer(current, database.url_for_humans)
    if current != newest():
        raise NotMigrated(database.url_for_humans, because=f"found {current}, needed {newest()}")


def newest() -> str:
    """The revision that this program's tables are of."""
    return str(_scripts().get_current_head())


async def is_empty(database: Database) -> bool:
    """Whether no program has ever made its tables here."""
    async with database.connected() as connection:
        return await connection.run_sync(_current) is None


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings for our migrations; no file is read, and no address is in them."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def _upgrade(connection: Connection, where: str) -> tuple[str | None, str]:
    before = _current(connection)
    _refuse_newer(before, where)
    command.upgrade(config(connection), "head")
    if connection.dialect.name == "sqlite":
        _refuse_dangling(connection)
    return before, str(_current(connection))


def _refuse_dangling(connection: Connection) -> None:
    """What foreign keys would have refused while they were off."""
    dangling = connection.execute(text("PRAGMA foreign_key_check")).first()
    if dangling is not None:
        raise RuntimeError(f"the migration would leave rows of {dangling[0]} that refer to nothing")


def _refuse_newer(current: str | None, where: str) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if current is not None and current not in known:
        raise NewerDatabase(where, because=f"found {current}")


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(config())


async def _foreign_keys(connection: AsyncConnection, *, switched: str) -> None:
    """Straight to the driver: inside a transaction, which SQLAlchemy would begin, SQLite ignores this."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None  # noqa: S101  # it was just opened; tells the type checker
    await driver.execute(f"PRAGMA foreign_keys = {switched}")
