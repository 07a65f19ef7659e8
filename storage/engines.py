"""How a connection is opened: which driver speaks, what the server or the file is asked for before anything else."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storage.at_hand import connect
from storage.trouble import CannotOpen

WAIT_FOR_LOCK = 10_000  # milliseconds; a backup or the command line may hold the file for a moment
ONLY_THE_OWNER = 0o600  # the file holds what patients said

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}

# A worker that stands still in the middle of a transaction loses it, and with it its locks and its leases; the
# others take over. Milliseconds. A pool in between refuses these, or does not pass them on: see storage/pooler.py.
_SERVER_SETTINGS = {"idle_in_transaction_session_timeout": "10000", "lock_timeout": "8000"}


def with_driver(url: str) -> URL:
    try:
        parsed = make_url(url)
        return parsed.set(drivername=_DRIVERS[parsed.drivername])
    except (ValueError, KeyError) as error:
        raise CannotOpen(because="its address is neither sqlite:///… nor postgresql://…") from error
    except Exception as error:  # SQLAlchemy's ArgumentError quotes the address, password included
        raise CannotOpen(because="its address cannot be read") from error


def server_engine(url: URL) -> AsyncEngine:
    # parameters are what people wrote: no error quotes them; a restarted server is met with a fresh connection
    return create_async_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args={"server_settings": _SERVER_SETTINGS}
    )


def sqlite_engine(url: URL, *, looking: bool = False) -> AsyncEngine:
    """An engine whose transactions begin when we say so: the driver alone begins at the first write."""
    # parameters are what people wrote: no error quotes them
    engine = create_async_engine(url, hide_parameters=True, connect_args={"async_creator_fn": connect})
    begin = "BEGIN" if looking else "BEGIN IMMEDIATE"

    @event.listens_for(engine.sync_engine, "do_connect")
    def touch_closed_to_others(  # pyright: ignore[reportUnusedFunction]  # the event calls it
        _dialect: object, _entry: ConnectionPoolEntry, arguments: list[str], _keywords: dict[str, object]
    ) -> None:
        if arguments[0] != ":memory:":  # before the driver starts its thread, which outlives a failure
            _find(arguments[0], looking=looking)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]  # the event calls it
        _prepare(connection, looking=looking)

    @event.listens_for(engine.sync_engine, "begin")
    def begin_here(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]  # the event calls it
        connection.exec_driver_sql(begin)

    return engine


def _find(path: str, *, looking: bool) -> None:
    """See that the file can be used, making it if it may be written; raises OSError.

    A file that is there is not opened for that. To close any descriptor of it would drop all locks that
    this process has on it (POSIX), and the next process to leave would take the write-ahead log for
    abandoned and delete it under our hands (sqlite.org, How To Corrupt An SQLite Database File, 2.2).
    """
    if not looking:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER))
    if Path(path).is_dir():
        raise IsADirectoryError(path)
    Path(path).stat()  # that it is there at all
    if not os.access(path, os.R_OK if looking else os.R_OK | os.W_OK):
        raise PermissionError(path)


def _prepare(connection: sqlite3.Connection, *, looking: bool) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {WAIT_FOR_LOCK}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "recursive_triggers = ON",  # INSERT OR REPLACE may not delete behind the triggers of the audit
        f"query_only = {'ON' if looking else 'OFF'}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
