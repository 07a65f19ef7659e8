"""The tables of a database brought to the state this program needs, or refused."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.trouble import NewerDatabase, NoRevision, NotMigrated

ONE_MIGRATES = 0x636865636B696E  # any number, ours: the advisory lock that makes migrating processes queue
MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(database: Database, *, to: str | None = None) -> tuple[str | None, str]:
    """Bring the tables to this program's state, all of it or nothing; the revision before and after.

    The first is None for a database without tables. With ``to``, to that revision, forwards or back: on the
    way back what only newer tables and columns know is lost, and nothing else. Raises NewerDatabase when a
    newer program wrote it, NoRevision when there is none of that name.
    """
    if to is not None and to not in revisions():
        raise NoRevision(because=f"asked for {to}, known are {', '.join(revisions())}")
    async with database.connected() as connection:
        if database.is_sqlite:
            await _foreign_keys(connection, switched="OFF")  # a table that is copied and replaced is referred to
        async with connection.begin():
            if not database.is_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_MIGRATES})
            before, after = await connection.run_sync(_move, to or newest(), database.url_for_humans)
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


def revisions() -> tuple[str, ...]:
    """All states that the tables were ever in, the oldest first: each migration's file begins with its own."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def newest() -> str:
    """The state that this program needs."""
    return revisions()[-1]


async def is_empty(database: Database) -> bool:
    """Whether no program has ever made its tables here."""
    async with database.connected() as connection:
        return await connection.run_sync(_current) is None


def _move(connection: Connection, to: str, where: str) -> tuple[str | None, str]:
    before = _current(connection)
    _refuse_newer(before, where)
    is_back = before is not None and revisions().index(to) < revisions().index(before)
    from storage import moving  # noqa: PLC0415  # Alembic is a tenth of a start, and most starts move nothing

    (moving.back if is_back else moving.on)(connection, to)
    if connection.dialect.name == "sqlite":
        _refuse_dangling(connection)
    return before, str(_current(connection))


def _refuse_dangling(connection: Connection) -> None:
    """What foreign keys would have refused while they were off."""
    dangling = connection.execute(text("PRAGMA foreign_key_check")).first()
    if dangling is not None:
        raise RuntimeError(f"the migration would leave rows of {dangling[0]} that refer to nothing")


def _refuse_newer(current: str | None, where: str) -> None:
    if current is not None and current not in revisions():
        raise NewerDatabase(where, because=f"found {current}")


def _current(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


async def _foreign_keys(connection: AsyncConnection, *, switched: str) -> None:
    """Straight to the driver: inside a transaction, which SQLAlchemy would begin, SQLite ignores this."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None  # noqa: S101  # it was just opened; tells the type checker
    await driver.execute(f"PRAGMA foreign_keys = {switched}")
