"""Backups that were verified before they got their name, and restores that change nothing when they fail."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from storage import after_restore, backup_file, backup_postgresql, backup_sqlite, heartbeats, keys, schema
from storage.after_restore import PutRight
from storage.backup_file import Backup, CannotBackUp, NoBackup
from storage.database import Database
from storage.figures import BACKUP
from storage.trouble import Trouble
from storage.vault import Vault

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SUFFIX = {SQLITE: ".sqlite3", POSTGRESQL: ".dump"}

__all__ = ["Backup", "CannotBackUp", "NoBackup", "NotEmpty", "Restored", "make", "note", "restore"]


class NotEmpty(Trouble):
    """There is a database with rows in it already, and nothing was touched: --replace keeps it aside and puts
    the backup in its place.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What stands now, as of when, and where what was there before is kept."""

    backup: Backup
    put_right: PutRight
    aside: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Copied:
    revision: str
    rows: Mapping[str, int]


async def make(database: Database, vault: Vault, target: Path, *, now: datetime) -> Backup:
    """Back a database up while it is written: into a folder, or a file that is not there yet.

    It gets its name only when its rows are complete, the database's own check finds nothing wrong, and a
    sealed name could be opened. ``now`` must be read before; what is committed later may be missing. Raises
    Trouble. On SQLite to be called from another process than the running bot's.
    """
    kind = SQLITE if database.is_sqlite else POSTGRESQL
    file = await asyncio.to_thread(backup_file.place_for, target, now=now, suffix=SUFFIX[kind])
    with backup_file.unfinished_beside(file) as unfinished:
        copied = await (_copied_file if database.is_sqlite else _dumped)(database, vault, unfinished)
        return await asyncio.to_thread(
            backup_file.finish, unfinished, file, made_at=now, kind=kind, revision=copied.revision, rows=copied.rows
        )


async def note(database: Database, *, now: datetime) -> None:
    """Remember when the last backup was made, so that its age is seen. Raises Trouble."""
    async with database.writing("backup") as session:
        await heartbeats.beat(session, BACKUP, now)


async def restore(database: Database, vault: Vault, file: Path, *, now: datetime, replace: bool) -> Restored:
    """Put a backup in the place of a database, brought to this program's tables and put right.

    Raises NoBackup, NotEmpty (unless ``replace``), InUse, WrongKeys, NewerDatabase; the present database is
    then as it was. With ``replace`` it is kept aside. Nothing else may have the database open.
    """
    backup = await asyncio.to_thread(backup_file.read, file)
    kind = SQLITE if database.is_sqlite else POSTGRESQL
    if backup.manifest.kind != kind:
        raise NoBackup(because=f"it is of {backup.manifest.kind}, and the database is {kind}")
    name = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    if database.is_sqlite:
        return await _restore_file(_path(database), vault, backup, name, now=now, replace=replace)
    return await _restore_server(database, backup, name, now=now, replace=replace)


async def _restore_file(
    file: Path, vault: Vault, backup: Backup, name: str, *, now: datetime, replace: bool
) -> Restored:
    staging, aside = file.with_name(f"{file.name}.restoring"), file.with_name(f"{file.name}.before-restore-{name}")
    if not replace and not await asyncio.to_thread(backup_sqlite.is_unused, file):
        raise NotEmpty(str(file))
    try:
        await asyncio.to_thread(backup_sqlite.stage, backup.file, staging, expected=backup.manifest.rows)
        staged = Database(f"sqlite:///{staging}", vault)
        try:
            right = await _made_current(staged, backup, now=now)
        finally:
            await staged.close()
        was_there = await asyncio.to_thread(backup_sqlite.put_in_place, staging, file, aside)
    except BaseException:
        backup_sqlite.discard(staging)
        raise
    return Restored(backup=backup, put_right=right, aside=str(aside) if was_there else None)


async def _restore_server(database: Database, backup: Backup, name: str, *, now: datetime, replace: bool) -> Restored:
    async with database.connected() as connection:
        unused = await backup_postgresql.is_unused(connection)
        if not unused and not replace:
            raise NotEmpty(database.url_for_humans)
        was_there = await backup_postgresql.set_aside(connection, name)
        await connection.commit()
    await database.close()  # its connections remember statements about tables that are elsewhere now
    try:
        await backup_postgresql.load(database.engine.url, backup.file)
        async with database.connected() as connection:
            await backup_postgresql.check_rows(connection, backup.manifest.rows)
        right = await _made_current(database, backup, now=now)
    except BaseException:
        await database.close()
        async with database.connected() as connection:
            await backup_postgresql.put_back(connection, name)
            await connection.commit()
        raise
    if unused:
        async with database.connected() as connection:
            await backup_postgresql.drop_aside(connection, name)
            await connection.commit()
    kept = was_there and not unused
    return Restored(
        backup=backup, put_right=right, aside=f"schema {backup_postgresql.SET_ASIDE}{name}" if kept else None
    )


async def _made_current(database: Database, backup: Backup, *, now: datetime) -> PutRight:
    """Its keys fit, its tables are this program's, and it believes nothing that is no longer so."""
    await schema.migrate(database)
    async with database.writing("restore") as session:
        await keys.check(session)
        return await after_restore.put_right(session, made_at=backup.manifest.made_at, now=now)


async def _copied_file(database: Database, vault: Vault, unfinished: Path) -> _Copied:
    async with database.reading():  # says in words what is wrong with a file that cannot be opened
        pass
    rows = await asyncio.to_thread(backup_sqlite.copy, _path(database), unfinished)
    there = Database(f"sqlite:///{unfinished}", vault)
    try:
        async with there.reading() as session:
            revision = await _usable(session)
    finally:
        await there.close()
    await asyncio.to_thread(backup_sqlite.alone, unfinished)
    return _Copied(revision=revision, rows=rows)


async def _dumped(database: Database, _vault: Vault, unfinished: Path) -> _Copied:
    async with database.reading() as session:
        revision = await _usable(session)
        return _Copied(revision=revision, rows=await backup_postgresql.dump(session, unfinished))


async def _usable(session: AsyncSession) -> str:
    """Open one sealed name, as the program would at its start; the revision of the tables."""
    await keys.check(session)
    return str(await session.scalar(text("SELECT version_num FROM alembic_version")))


def _path(database: Database) -> Path:
    return Path(database.engine.url.database or "")
