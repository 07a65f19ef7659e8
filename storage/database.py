"""The database as the rest of us meets it: one way to write, one way to look, errors that say what to do."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Awaitable, Coroutine
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_sessionmaker
from sqlalchemy.pool import QueuePool

from storage import audit, crash_points
from storage.at_hand import SHORT, at_hand
from storage.crash_points import AFTER, BEFORE
from storage.engines import server_engine, sqlite_engine, with_driver
from storage.trouble import CannotOpen, NotDurable, Unwritable, translated
from storage.turns_to_write import TurnsToWrite
from storage.vault import Vault

ID_BITS = 62  # a random id stays positive in a signed 64-bit column, with room to spare

_Opened = TypeVar("_Opened")

__all__ = ["CannotOpen", "Database", "NotDurable", "Unwritable", "check_durability", "is_a_file", "new_id", "vault_of"]


class Database:
    """SQLite or PostgreSQL behind the same two doors, ``writing`` and ``reading``.

    Making one opens nothing. ``nobody_waits`` says that the loop is stepped by hand, as in a simulation: no statement
    holds anybody up then, and SQLite does each where it is asked for. Raises CannotOpen when the address is none of
    the two.
    """

    def __init__(self, url: str, vault: Vault, *, nobody_waits: bool = False) -> None:
        self._url, self._nobody_waits = with_driver(url), nobody_waits
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.engine = sqlite_engine(self._url, looking=False) if self.is_sqlite else server_engine(self._url)
        self._lookers = sqlite_engine(self._url, looking=True) if self.is_sqlite else self.engine
        known = {"vault": vault}
        self._writers = async_sessionmaker(self.engine, expire_on_commit=False, info=known)
        self._readers = async_sessionmaker(self._lookers, expire_on_commit=False, info=known)
        self._turns = TurnsToWrite(one_at_a_time=self.is_sqlite)

    @property
    def url_for_humans(self) -> str:
        """The address without its password."""
        return self._url.render_as_string(hide_password=True)

    @property
    def connections_in_use(self) -> int:
        """How many connections are lent out at this moment; 0 when all is quiet."""
        pools = {engine.pool for engine in (self.engine, self._lookers)}
        return sum(pool.checkedout() for pool in pools if isinstance(pool, QueuePool))

    @asynccontextmanager
    async def writing(self, what: str = "") -> AsyncGenerator[AsyncSession]:
        """One write transaction: all of the block is committed, or nothing of it. ``what`` names its crash points.

        On SQLite it has the write lock from the first line on (BEGIN IMMEDIATE), so what was read in it is
        still true when it writes. On PostgreSQL several writers go on at once: claim rows FOR UPDATE, or
        let one statement decide. A cancellation during the commit waits for its end: then the work
        is committed and the cancellation is raised afterwards. Do not open a second one inside the
        first. Raises CannotOpen or Unwritable when the database refuses; nothing was stored then.
        """
        async with self._turns.turn(what), self._session(self._writers) as session:
            with await self._at_hand(session, what):
                yield session
                await session.flush()
                await audit.bind(session, vault_of(session))
            crash_points.reached(BEFORE, what)
            await _to_the_end(session.commit())
            crash_points.reached(AFTER, what)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncSession]:
        """A look at one moment of the database: it never blocks a writer, and the database refuses writes.

        Raises CannotOpen when there is nothing to look at.
        """
        async with self._session(self._readers) as session:
            if not self.is_sqlite:
                await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            with await self._at_hand(session):
                yield session

    async def close(self) -> None:
        """Give all connections back to the system."""
        await self._lookers.dispose()
        await self.engine.dispose()

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[AsyncConnection]:
        """A bare connection, for migrations alone."""
        async with self._in_words():
            connection = await self._reached(self.engine.connect())
            try:
                yield connection
            finally:
                await _to_the_end(connection.close())

    async def _at_hand(self, session: AsyncSession, what: str = "") -> AbstractContextManager[None]:
        if self._nobody_waits or what in SHORT:
            return at_hand(await session.connection())
        return nullcontext()

    @asynccontextmanager
    async def _session(self, sessions: async_sessionmaker[AsyncSession]) -> AsyncGenerator[AsyncSession]:
        async with self._in_words():
            session = sessions()
            try:
                await self._reached(session.connection())  # begins the transaction
                yield session
            finally:
                await _to_the_end(session.close())  # rolls back what was not committed

    @asynccontextmanager
    async def _in_words(self) -> AsyncGenerator[None]:
        """Say what a driver's error means; a mistake of ours stays as it is."""
        try:
            yield
        except (DBAPIError, PendingRollbackError) as error:
            trouble = translated(error, self.url_for_humans)
            if trouble is None:
                raise
            raise trouble from error

    async def _reached(self, opening: Awaitable[_Opened]) -> _Opened:
        """A connection; here a bare OSError can only mean that there is no database."""
        try:
            return await opening
        except OSError as error:
            raise CannotOpen(self.url_for_humans, because=type(error).__name__) from error


def is_a_file(url: str) -> bool:
    """Whether that address is a SQLite file, which one process has to itself; raises CannotOpen when it is none."""
    return with_driver(url).get_backend_name() == "sqlite"


def vault_of(session: AsyncSession) -> Vault:
    """The vault that belongs to the database of this session."""
    vault = session.info["vault"]
    assert isinstance(vault, Vault)  # noqa: S101  # set in Database; tells the type checker
    return vault


def new_id() -> int:
    """A random id, 1 to 2**62 - 1, known before the insert so that sealed values can be bound to it."""
    return secrets.randbelow(2**ID_BITS - 1) + 1


async def check_durability(database: Database) -> None:
    """Refuse a database that may forget what it has confirmed.

    SQLite must really run with a write-ahead log, full synchronisation and foreign keys; PostgreSQL with
    fsync and synchronous commits. Raises NotDurable, naming the first that is missing.
    """
    questions = _SQLITE_PROMISES if database.is_sqlite else _POSTGRESQL_PROMISES
    async with database.writing("durability") as session:
        for question, good in questions.items():
            answer = str(await session.scalar(text(question))).lower()
            if answer not in good:
                raise NotDurable(database.url_for_humans, because=f"{question} answers {answer}")


_SQLITE_PROMISES = {
    "PRAGMA journal_mode": {"wal"},
    "PRAGMA synchronous": {"2", "3"},  # FULL, EXTRA
    "PRAGMA foreign_keys": {"1"},
}
_POSTGRESQL_PROMISES = {
    "SHOW fsync": {"on"},
    "SHOW full_page_writes": {"on"},
    "SHOW synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
}


async def _to_the_end(work: Coroutine[object, object, None]) -> None:
    """Finish the work even when this task is cancelled meanwhile, and be cancelled only then.

    A commit or a close that is cut short leaks its connection, and nobody knows what was stored.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from task.exception()
    task.result()
