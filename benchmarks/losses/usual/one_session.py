"""Many tasks that share one AsyncSession, made once at the start of the program.

What https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html (using AsyncSession with concurrent tasks)
warns of, and what a global ``session`` comes to.
"""

import asyncio
import sys

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from benchmarks.losses.usual.ptb_store import Base, Heard

BETWEEN = 0.002  # seconds from one task to the next: about what a commit takes


def main() -> None:
    """Words: database file, number of tasks."""
    database, tasks = sys.argv[1:]
    asyncio.run(_store(database, int(tasks)))


async def _store(database: str, tasks: int) -> None:
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    session = AsyncSession(engine, expire_on_commit=False)

    async def keep(number: int) -> None:
        await asyncio.sleep(number * BETWEEN)
        session.add(Heard(chat_id=1, message_id=number, words="once"))
        await session.commit()

    ends = await asyncio.gather(*(keep(number) for number in range(tasks)), return_exceptions=True)
    print(sum(end is not None for end in ends), flush=True)  # how many tasks were told that something is wrong
    await asyncio.gather(session.close(), return_exceptions=True)
    await engine.dispose()
