"""What can be wrong with a database, each said once and with what to do about it."""

import sqlite3

from sqlalchemy.exc import DBAPIError, PendingRollbackError


class Trouble(Exception):
    """The database refuses."""

    def __init__(self, where: str = "", *, because: str = "") -> None:
        sentence = " ".join((type(self).__doc__ or "").split())
        noted = [part for part in (where, because) if part]
        super().__init__(f"{sentence} ({'; '.join(noted)})" if noted else sentence)
        self.because = because


class CannotOpen(Trouble):
    """The database cannot be opened: look at its address, and whether this user may use the file and its
    folder, or whether the server runs and takes the password.
    """


class Unwritable(Trouble):
    """The database cannot be written at the moment: look for a full disk, a read-only folder, or another
    program that holds it.
    """


class NotDurable(Trouble):
    """The database may forget what it has confirmed, so nothing is started on it: use a local disk, and
    leave its safety settings on.
    """


class Pooled(Trouble):
    """A connection pool between this program and PostgreSQL does not keep what a connection has set: give the
    address of the server itself, or that of a pool in session mode, set up as docs/operations.md says.
    """


class NotMigrated(Trouble):
    """The database has no tables yet, or those of an older version: run `checkin migrate`."""


class NoRevision(Trouble):
    """There is no state of the tables of that name, and nothing was touched."""


class WrongKeys(Trouble):
    """The encryption keys are not those this database was written with, and nothing was touched: put the
    right key file back.
    """


class InUse(Trouble):
    """The database is in use, and nothing was touched: stop the bot and every other program that has it
    open.
    """


class NewerDatabase(Trouble):
    """The database was written by a newer version of this program, and nothing was touched: install that
    version.
    """


# SQLite's result codes by name; an extended one begins with its primary one (SQLITE_READONLY_DIRECTORY)
_SQLITE_CANNOT_OPEN = ("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_AUTH", "SQLITE_PERM")
_SQLITE_UNWRITABLE = (
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_READONLY",
    "SQLITE_NOLFS",
)
_POOLED = "08P01"  # PgBouncer's answer to settings that come with a connection; a server knows ours
# PostgreSQL's classes of SQLSTATE (its manual, appendix A)
_SERVER_CANNOT_OPEN = ("08", "28", "3D", "57P03")  # connection, password, no such database, starting up
_SERVER_UNWRITABLE = (
    "53",
    "57P",
    "58",
    "25006",
    "40",
    "55P03",
)  # resources, shutdown, system, read-only, retry


_CONNECTION_LOST = "8s2b"  # SQLAlchemy's code for asking on after the connection broke; another one is our mistake


def translated(error: DBAPIError | PendingRollbackError, where: str) -> Trouble | None:
    """The trouble behind a driver's error, or None when it is a mistake of ours and not the database's."""
    if isinstance(error, PendingRollbackError):
        return Unwritable(where, because="the connection broke") if error.code == _CONNECTION_LOST else None
    name = getattr(error.orig, "sqlite_errorname", None)
    if isinstance(name, str):
        return _by_prefix(name, _SQLITE_CANNOT_OPEN, _SQLITE_UNWRITABLE, where)
    if isinstance(error.orig, sqlite3.Error):
        return None
    state = getattr(error.orig, "sqlstate", None)
    if state == _POOLED:
        return Pooled(where, because=_POOLED)
    if isinstance(state, str):
        return _by_prefix(state, _SERVER_CANNOT_OPEN, _SERVER_UNWRITABLE, where)
    return Unwritable(where, because="the connection broke") if error.connection_invalidated else None


def is_the_databases_own(error: BaseException) -> bool:
    """Whether an error says that the database refuses, and not that what it was asked was wrong."""
    if isinstance(error, DBAPIError | PendingRollbackError):
        return translated(error, "") is not None
    return isinstance(error, Trouble)


def _by_prefix(code: str, closed: tuple[str, ...], unwritable: tuple[str, ...], where: str) -> Trouble | None:
    if code.startswith(closed):
        return CannotOpen(where, because=code)
    if code.startswith(unwritable):
        return Unwritable(where, because=code)
    return None
