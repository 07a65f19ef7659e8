"""Whoever begins to write has the lock from the first line on, so that what was read is true when it is written."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import text

from storage.database import Database


async def test_while_somebody_has_begun_to_write_nobody_else_can(sqlite_database: Database) -> None:
    file = sqlite_database.engine.url.database or ""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        async with sqlite_database.writing() as session:
            await session.execute(text("SELECT count(*) FROM polling"))  # only looked so far

            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")

        other.execute("BEGIN IMMEDIATE")  # and afterwards anybody can
        other.rollback()
