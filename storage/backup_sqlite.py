"""Backups of SQLite by its backup API: one moment of the file, while its writer goes on."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from storage.backup_file import ONLY_THE_OWNER, CannotBackUp, NoBackup, on_disk
from storage.engines import WAIT_FOR_LOCK
from storage.trouble import InUse

APPEND_ONLY = ("approvals", "audit", "audit_links", "consents", "inbox", "messages")  # rows of these never vanish
LOGS = ("-wal", "-shm")


def copy(source: Path, unfinished: Path) -> dict[str, int]:
    """Copy one moment of a file that may be written meanwhile, verify the copy, and count its rows.

    To be called from a process of its own: the running bot must not close a descriptor of its file.
    """
    try:
        with closing(_opened(source)) as live, closing(_opened(unfinished)) as there:
            live.execute("PRAGMA query_only = ON")
            before = rows(live)
            live.backup(there)  # all pages in one step: in several, each write would make it start again
            _alone(there)
            after, wrong = rows(there), wrong_in(there)
    except sqlite3.Error as error:
        raise CannotBackUp(because=_name(error)) from error
    missing = [table for table in APPEND_ONLY if after.get(table, 0) < before.get(table, 0)]
    if wrong or missing or not after:
        raise CannotBackUp(because=wrong or f"the copy lacks rows of {', '.join(missing) or 'every table'}")
    return after


def stage(backup: Path, staging: Path, *, expected: Mapping[str, int]) -> None:
    """Lay a backup beside the place where it is to go, and see that all of its rows are there."""
    discard(staging)
    os.close(os.open(staging, os.O_RDWR | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER))
    try:
        with closing(_opened(backup)) as source, closing(_opened(staging)) as there:
            source.backup(there)
            found, wrong = rows(there), wrong_in(there)
    except sqlite3.Error as error:
        raise NoBackup(because=_name(error)) from error
    if wrong or found != dict(expected):
        raise NoBackup(because=wrong or "its rows are not those of its manifest")


def is_unused(file: Path) -> bool:
    """Whether there is nothing in it that anybody could miss."""
    if not file.exists():
        return True
    try:
        with closing(_opened(file)) as there:
            counts = rows(there)
    except sqlite3.Error:
        return False  # whatever it is, somebody may want it
    return not any(
        number for table, number in counts.items() if table not in {"alembic_version", "heartbeats", "polling"}
    )


def put_in_place(staging: Path, file: Path, aside: Path) -> bool:
    """Put the staged file where it belongs, the present one aside whole; whether there was one.

    Raises InUse when another process has it open, and changes nothing then.
    """
    alone(staging)
    was_there = file.exists()
    if was_there:
        _take_alone(file)
        for log in ("", *LOGS):
            if (part := Path(f"{file}{log}")).exists():
                part.rename(f"{aside}{log}")
    on_disk(staging)
    staging.rename(file)
    on_disk(file.parent)
    return was_there


def alone(file: Path) -> None:
    """Make one file of a database and its log, if nobody else has it open."""
    with closing(_opened(file)) as there:
        _alone(there)


def discard(file: Path) -> None:
    """Throw a file and its logs away."""
    for log in ("", *LOGS):
        Path(f"{file}{log}").unlink(missing_ok=True)


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has, all as of one moment."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    connection.execute("BEGIN")
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables.fetchall()}  # noqa: S608  # a name from its own schema
    connection.execute("ROLLBACK")
    return counts


def wrong_in(connection: sqlite3.Connection) -> str:
    """What SQLite finds wrong in a file; empty when nothing is."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return "its integrity check fails"
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    return f"rows of {dangling[0]} refer to nothing" if dangling else ""


def _take_alone(file: Path) -> None:
    """Empty the log into the file; SQLite refuses that while anybody else has it open."""
    try:
        with closing(_opened(file, wait=0)) as there:
            _alone(there)
    except sqlite3.OperationalError as error:
        if _name(error).startswith("SQLITE_BUSY"):
            raise InUse(str(file)) from error
    except sqlite3.DatabaseError:
        pass  # damaged: it is kept as it is, with its logs


def _alone(connection: sqlite3.Connection) -> None:
    """One file without a log beside it."""
    connection.execute("PRAGMA journal_mode = DELETE").fetchone()


def _name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", type(error).__name__)


def _opened(file: Path, *, wait: int = WAIT_FOR_LOCK) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout = {wait}")
    return connection
