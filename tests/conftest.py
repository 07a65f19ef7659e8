"""What all tests stand on: no outside world, a fixed moment, and both databases, migrated and empty."""

import asyncio
import gc
import itertools
import os
import shutil
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import asyncpg
import pytest
from httpx._config import create_ssl_context
from httpx._transports import default as httpx_transports
from sqlalchemy import make_url

from benchmarks.lives.postgres import postgres_server as a_server
from storage import schema
from storage.database import Database
from storage.tables import Base
from storage.vault import KEY_LENGTH, Vault

os.environ["PTB_TIMEDELTA"] = "1"  # read by python-telegram-bot at import; without it RetryAfter warns

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SHARED, BARE = f"checkin_shared_{os.getpid()}", f"checkin_bare_{os.getpid()}"
KEPT_FOR_GOOD = ("approvals", "audit", "audit_links", "consents")
_numbers = itertools.count(1)

# the triggers of what is kept for good are off while a test's rows are thrown away; numbers start from 1 again
_EMPTY = ";".join(
    [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in KEPT_FOR_GOOD),
        *(f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)),  # noqa: S608
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in KEPT_FOR_GOOD),
        "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'",
    ]
)


class OutsideWorld(Exception):
    """A test wanted to talk to another machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Generator[None]:
    """Loopback and sockets in the file system; nothing else."""
    connect = socket.socket.connect

    def connect_nearby(self: socket.socket, address: tuple[str, int]) -> None:
        is_far = self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(str(address[0]))
        if is_far:
            raise OutsideWorld(address)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_nearby)
        patch.setattr(socket.socket, "connect_ex", connect_nearby)
        yield


@pytest.fixture(scope="session", autouse=True)
def _certificates_read_once() -> Generator[None]:
    """To read the machine's certificates takes longer than a whole check-in and gives the same value every time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx_transports, "create_ssl_context", cache(create_ssl_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def _kept_out_of_tidying() -> None:
    """What is there before the first test stays to the end: thousands of tests, and all that was imported for them.

    To look through it again whenever unreachable objects are looked for takes a tenth of the time.
    """
    gc.freeze()


@pytest.fixture
def moment() -> datetime:
    """Monday, 2 March 2026, eight in the morning UTC."""
    return datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def vault() -> Vault:
    """A vault with one key."""
    return Vault({1: b"k" * KEY_LENGTH})


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def ground(request: pytest.FixtureRequest) -> Path | str:
    """What databases are made from: a file to copy, or a server. Not async, so that no loop runs yet when
    the server is started for the first test that needs it.
    """
    return request.getfixturevalue("sqlite_template" if request.param == SQLITE else "postgres_server")


@pytest.fixture
async def database(ground: Path | str, vault: Vault, tmp_path: Path) -> AsyncGenerator[Database]:
    """A migrated, empty database; the test runs once on each kind. No connection may be left lent out.

    On PostgreSQL it is one database, emptied before each test: to make a new one takes half a second.
    Tests that change tables take ``bare_database``.
    """
    url = _copied(ground, tmp_path) if isinstance(ground, Path) else await emptied(ground)
    async with lent(Database(url, vault)) as opened:
        yield opened


@pytest.fixture
async def sqlite_database(sqlite_template: Path, vault: Vault, tmp_path: Path) -> AsyncGenerator[Database]:
    """A migrated, empty SQLite database, for what cannot differ between the two kinds."""
    async with lent(Database(_copied(sqlite_template, tmp_path), vault)) as opened:
        yield opened


@pytest.fixture
async def bare_database(ground: Path | str, vault: Vault, tmp_path: Path) -> AsyncGenerator[Database]:
    """A database of its own without any table; the test runs once on each kind."""
    if isinstance(ground, Path):
        async with lent(Database(f"sqlite:///{tmp_path / 'bare.sqlite3'}", vault)) as opened:
            yield opened
        return
    await _run(ground, f"CREATE DATABASE {BARE}")
    try:
        async with lent(Database(_address(ground, BARE), vault)) as opened:
            yield opened
    finally:
        await _run(ground, f"DROP DATABASE {BARE} WITH (FORCE)")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, vault: Vault) -> Path:
    """A SQLite file, migrated once, to be copied. Closed, so that its write-ahead log is empty."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    asyncio.run(_migrated(f"sqlite:///{path}", vault))
    return path


@pytest.fixture(scope="session")
def postgres_server(vault: Vault) -> Generator[str]:
    """The address of a PostgreSQL server with a migrated database on it.

    CHECKIN_TEST_POSTGRES_URL names a real one; otherwise one is started from a wheel, once.
    """
    with a_server() as url:
        assert url is not None, "neither a server is named nor is the wheel of one installed"
        asyncio.run(_run(url, f"CREATE DATABASE {SHARED}"))
        try:
            asyncio.run(_migrated(_address(url, SHARED), vault))
            yield url
        finally:
            asyncio.run(_run(url, f"DROP DATABASE {SHARED} WITH (FORCE)"))


@asynccontextmanager
async def lent(database: Database) -> AsyncGenerator[Database]:
    """A database for one test, closed afterwards; no connection may be left lent out."""
    try:
        yield database
        assert database.connections_in_use == 0, "a connection was never given back"
    finally:
        await database.close()


async def emptied(server: str) -> str:
    """The address of the one database on a server that tests share, with nothing in it."""
    await _run(_address(server, SHARED), _EMPTY)
    return _address(server, SHARED)


async def _migrated(url: str, vault: Vault) -> None:
    async with lent(Database(url, vault)) as opened:
        await schema.migrate(opened)


async def _run(url: str, statements: str) -> None:
    connection = await asyncpg.connect(_address(url))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


def _address(url: str, name: str | None = None) -> str:
    parsed = make_url(url).set(drivername="postgresql")
    return (parsed.set(database=name) if name else parsed).render_as_string(hide_password=False)


def _copied(template: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copy(template, folder / f'{next(_numbers)}.sqlite3')}"


def _is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
