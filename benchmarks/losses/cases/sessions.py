"""Many tasks of one program use the database at once.

Lost is a row that a task stored and that is not there, or an addition that had no effect.
"""

import asyncio
import sqlite3

from sqlalchemy import func, select

from benchmarks.lives.house import TOKEN, house
from benchmarks.lives.nursery import Life
from benchmarks.losses.counting import Bench, Count, rows_of
from bot.clock import SystemClock
from sandbox import Sandbox
from storage import inbox, people
from storage.database import Database
from storage.tables import Person

ROWS = "tasks that share a session"
ADDITIONS = "read, add one, write, at once"
ONE_SESSION, READ_THEN_WRITE = "benchmarks.losses.usual.one_session", "benchmarks.losses.usual.read_then_write"
TASKS, AT_ONCE = 20, 100
RUNS_WITHIN = 60.0  # seconds


async def measured(bench: Bench) -> list[Count]:
    """A session for everybody and a transaction as the driver begins it; ours: one for each, begun for writing."""
    async with (
        Sandbox(token=TOKEN, seed=bench.seed) as sandbox,
        house(bench.place("checkin sessions"), sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        database = clinic.opened()
        try:
            ours = [await _stored_by_ours(database), await _added_by_ours(database)]
        finally:
            await database.close()
    usual = [await _stored(bench), await _added(bench)]
    return [usual[0], ours[0], usual[1], ours[1]]


async def _stored(bench: Bench) -> Count:
    place = bench.place("one session")
    file = place / "heard.sqlite3"
    life = await bench.nursery.start(ONE_SESSION, str(file), str(TASKS), folder=place)
    await life.over(RUNS_WITHIN)
    rows = len(rows_of(file, "SELECT id FROM heard"))
    return Count(
        case=ROWS,
        design="one AsyncSession",
        of=TASKS,
        unit="rows",
        lost=TASKS - rows,
        doubled=0,
        more={"lost_with_an_error": min(TASKS - rows, _last_number(life))},
    )


async def _stored_by_ours(database: Database) -> Count:
    now = SystemClock().now()

    async def store(number: int) -> None:
        async with database.writing() as session:
            await people.add(session, code_name=f"BIRCH-{number}", name=None, language="en", zone="UTC", now=now)

    await asyncio.gather(*(store(number) for number in range(TASKS)))
    async with database.reading() as session:
        rows = await session.scalar(select(func.count()).select_from(Person)) or 0
    return Count(
        case=ROWS, design="one session for each unit", ours=True, of=TASKS, unit="rows", lost=TASKS - rows, doubled=0
    )


async def _added(bench: Bench) -> Count:
    place = bench.place("read then write")
    file = place / "counter.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript("CREATE TABLE counter (value INTEGER); INSERT INTO counter VALUES (0)")
    connection.close()
    life = await bench.nursery.start(READ_THEN_WRITE, str(file), str(AT_ONCE), folder=place)
    await life.over(RUNS_WITHIN)
    value = int(str(rows_of(file, "SELECT value FROM counter")[0][0]))
    return _additions("SQLAlchemy and aiosqlite as they come", value, errors=_last_number(life))


async def _added_by_ours(database: Database) -> Count:
    async def add_one() -> None:
        async with database.writing() as session:
            value = await inbox.next_offset(session)
            await inbox.remember_offset(session, (value or 0) + 1)

    await asyncio.gather(*(add_one() for _ in range(AT_ONCE)))
    async with database.reading() as session:
        value = await inbox.next_offset(session) or 0
    return _additions("checkin, BEGIN IMMEDIATE", value, ours=True)


def _last_number(life: Life) -> int:
    return int(life.said.split()[-1])


def _additions(design: str, value: int, *, ours: bool = False, errors: int = 0) -> Count:
    lost = AT_ONCE - value
    return Count(
        case=ADDITIONS,
        design=design,
        ours=ours,
        of=AT_ONCE,
        unit="additions",
        lost=lost,
        doubled=0,
        more={} if ours else {"lost_with_an_error": min(lost, errors)},
    )
