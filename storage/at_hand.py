"""SQLite statements of short transactions run where they are asked for, not in the driver's thread.

aiosqlite hands each step of each statement to a thread and waits to be woken: four times a statement, which costs
more than twenty times what SQLite then does. What may have to wait for the disk or for another process goes to the
thread as before: to open the file, to begin, to commit and to roll back.
"""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_Given = ParamSpec("_Given")
_Got = TypeVar("_Got")

# By what they are for (see `Database.writing`): transactions whose every statement finds its few rows by an index, so
# that none holds up the loop for longer than a hand-over would. Not the ticks: a tick may turn over hundreds of rows.
SHORT = frozenset({"intake", "updates", "claim", "record", "claim_elsewhere", "record_elsewhere", "heartbeats"})


class HandyConnection(aiosqlite.Connection):
    """A connection of the driver that can be told to do what it is asked at once."""

    is_at_hand = False

    async def _execute(self, fn: Callable[_Given, _Got], *args: _Given.args, **kwargs: _Given.kwargs) -> _Got:
        if self.is_at_hand:
            return fn(*args, **kwargs)
        return await super()._execute(fn, *args, **kwargs)  # pyright: ignore[reportUnknownMemberType]  # untyped

    async def commit(self) -> None:
        """Wait for the disk in the thread."""
        await super()._execute(self._conn.commit)  # pyright: ignore[reportUnknownMemberType]  # untyped

    async def rollback(self) -> None:
        """In the thread too, behind what it may still be doing for somebody who was cancelled."""
        await super()._execute(self._conn.rollback)  # pyright: ignore[reportUnknownMemberType]  # untyped


def connect(path: str, **keywords: Any) -> HandyConnection:  # Any: what SQLAlchemy passes to sqlite3.connect
    """What `aiosqlite.connect` gives, and handy; two threads use it in turns, never at once."""
    connection = HandyConnection(partial(sqlite3.connect, path, **keywords), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as SQLAlchemy does it
    return connection


@contextmanager
def at_hand(connection: AsyncConnection) -> Generator[None]:
    """Do the statements of this block at once, if it is a transaction on SQLite that has begun."""
    pooled = connection.sync_connection and connection.sync_connection.connection
    driver = pooled and pooled.driver_connection
    if not isinstance(driver, HandyConnection):
        yield
        return
    driver.is_at_hand = True
    try:
        yield
    finally:
        driver.is_at_hand = False
