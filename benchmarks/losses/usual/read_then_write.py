"""Reads a number, adds one, writes it, in a transaction each, as SQLAlchemy and the driver begin them.

Follows https://docs.sqlalchemy.org/en/20/orm/session_transaction.html; that the SQLite driver begins the
transaction only before the first write is said at
https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
"""

import asyncio
import sys

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


def main() -> None:
    """Words: database file, number of additions; the table ``counter`` is there, with one row."""
    database, number = sys.argv[1:]
    asyncio.run(_add(database, int(number)))


async def _add(database: str, number: int) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}", connect_args={"timeout": 30})
    sessions = async_sessionmaker(engine)

    async def add_one() -> None:
        async with sessions.begin() as session:
            value = await session.scalar(text("SELECT value FROM counter"))
            await session.execute(text("UPDATE counter SET value = :value"), {"value": (value or 0) + 1})

    ends = await asyncio.gather(*(add_one() for _ in range(number)), return_exceptions=True)
    print(sum(end is not None for end in ends), flush=True)  # how many were told that something is wrong
    await engine.dispose()
