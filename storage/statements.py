"""Inserts that can say ON CONFLICT, put together once for each of the two databases.

To put a statement together costs more than to ask it. What is asked for every update therefore stands as a constant
beside its question, with its values as parameters; these here differ between the databases.
"""

from functools import cache
from typing import TypeAlias, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningInsert

from storage.tables import Base

Insert: TypeAlias = sqlite.Insert | postgresql.Insert


def dialect_of(session: AsyncSession) -> str:
    """Which of the two databases this session speaks to."""
    return session.get_bind().dialect.name


def insert_into(session: AsyncSession, table: type[Base]) -> Insert:
    """For what is asked rarely, and for what has to come back as an object; it is put together each time."""
    return _insert(dialect_of(session), table)


@cache
def insert_if_new(dialect: str, table: type[Base], *, returning: str) -> ReturningInsert[int]:
    """Leaves out a row that is there already, and returns that column of one that is new."""
    return _insert(dialect, _rows(table)).on_conflict_do_nothing().returning(_rows(table).c[returning])


@cache
def insert_or_replace(dialect: str, table: type[Base], *, key: tuple[str, ...], replacing: tuple[str, ...]) -> Insert:
    """Puts these columns in the place of those of the row that has its key, if there is one."""
    statement = _insert(dialect, _rows(table))
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in replacing}
    )


def _insert(dialect: str, table: Table | type[Base]) -> Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _rows(table: type[Base]) -> Table:
    return cast("Table", table.__table__)
