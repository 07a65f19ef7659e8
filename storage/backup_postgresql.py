"""Backups of PostgreSQL by its own tools, pg_dump and pg_restore, as of one snapshot."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from storage.backup_file import CannotBackUp, CannotRestore, NoBackup
from storage.trouble import InUse, Trouble

SCHEMA = "public"
SET_ASIDE = "before_restore_"  # schemas of this name hold what was there before a restore


async def dump(session: AsyncSession, unfinished: Path) -> dict[str, int]:
    """Dump what this session sees, verify the dump by reading all of it, and count its rows.

    The session must be a reading one: its snapshot is what pg_dump is given.
    """
    snapshot = await session.scalar(text("SELECT pg_export_snapshot()"))
    connection = await session.connection()
    counts, url = await rows(connection), connection.engine.url
    await _run(
        *("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={SET_ASIDE}*"),
        *(f"--snapshot={snapshot}", f"--file={unfinished}", f"--dbname={_libpq(url)}"),
        url=url,
    )
    found = await _rows_in(unfinished)
    wrong = sorted(table for table in counts if found.get(table) != counts[table])
    if wrong:
        raise CannotBackUp(because=f"the dump lacks rows of {', '.join(wrong)}")
    return counts


async def set_aside(connection: AsyncConnection, name: str) -> bool:
    """Give what is there another name and make room; whether there was anything. Raises InUse."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if await connection.scalar(others):
        raise InUse(connection.engine.url.render_as_string(hide_password=True))
    was_there = bool(await rows(connection))
    await connection.execute(text(f'ALTER SCHEMA "{SCHEMA}" RENAME TO "{SET_ASIDE}{name}"'))
    await connection.execute(text(f'CREATE SCHEMA "{SCHEMA}"'))
    return was_there


async def put_back(connection: AsyncConnection, name: str) -> None:
    """Undo ``set_aside`` after a restore that failed."""
    await connection.execute(text(f'DROP SCHEMA IF EXISTS "{SCHEMA}" CASCADE'))
    await connection.execute(text(f'ALTER SCHEMA "{SET_ASIDE}{name}" RENAME TO "{SCHEMA}"'))


async def drop_aside(connection: AsyncConnection, name: str) -> None:
    """Throw away an empty schema that was set aside."""
    await connection.execute(text(f'DROP SCHEMA "{SET_ASIDE}{name}" CASCADE'))


async def load(url: URL, backup: Path) -> None:
    """Restore a dump into an empty schema, all of it or nothing."""
    await _run(
        *("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"),
        *(f"--dbname={_libpq(url)}", str(backup)),
        url=url,
        failed=CannotRestore,
    )


async def check_rows(connection: AsyncConnection, expected: Mapping[str, int]) -> None:
    """Raise NoBackup unless exactly these rows are there."""
    if await rows(connection) != dict(expected):
        raise NoBackup(because="its rows are not those of its manifest")


async def is_unused(connection: AsyncConnection) -> bool:
    """Whether there is nothing in it that anybody could miss."""
    counts = await rows(connection)
    return not any(
        number for table, number in counts.items() if table not in {"alembic_version", "heartbeats", "polling"}
    )


async def rows(connection: AsyncConnection) -> dict[str, int]:
    """How many rows each table has."""
    tables = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = :of"), {"of": SCHEMA})
    return {table: await _count(connection, table) for table in sorted(tables)}


async def _count(connection: AsyncConnection, table: str) -> int:
    return await connection.scalar(text(f'SELECT count(*) FROM "{SCHEMA}"."{table}"')) or 0  # noqa: S608  # a name from its own catalogue


async def _rows_in(dump: Path) -> dict[str, int]:
    """The rows of a dump, counted by reading all of it as pg_restore would write it."""
    process = await _started("pg_restore", "--data-only", "--file=-", str(dump))
    assert process.stdout is not None  # noqa: S101  # it was asked for; tells the type checker
    counts: dict[str, int] = {}
    table: str | None = None
    while line := await process.stdout.readline():
        if table is None and line.startswith(b"COPY "):
            table = line.split(b" ")[1].split(b".")[1].decode().strip('"')
            counts[table] = 0
        elif line == b"\\.\n":
            table = None
        elif table is not None:
            counts[table] += 1
    if await process.wait():
        raise CannotBackUp(because="pg_restore cannot read the dump")  # its words are few: no pipe fills up
    return counts


async def _run(*words: str, url: URL, failed: type[Trouble] = CannotBackUp) -> None:
    process = await _started(*words, password=url.password, failed=failed)
    _, err = await process.communicate()
    if process.returncode:
        said = err.decode(errors="replace").strip().splitlines()
        reasons = [line.strip() for line in said if "error:" in line or "detail:" in line]
        raise failed(because="; ".join(reasons[:2]) or f"{words[0]} gave no reason")


async def _started(
    *words: str, password: str | None = None, failed: type[Trouble] = CannotBackUp
) -> asyncio.subprocess.Process:
    program = shutil.which(words[0])
    if program is None:
        raise failed(because=f"{words[0]} is not on this machine: install PostgreSQL's client programs")
    secret = {"PGPASSWORD": password} if password else {}
    return await asyncio.create_subprocess_exec(
        program,
        *words[1:],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **secret},
        limit=2**26,  # bytes of one line; a row holds what one person wrote
    )


def _libpq(url: URL) -> str:
    """The address as PostgreSQL's own programs read it, without the password, which others could see."""
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
