"""A night: what is kept of every patient is read from a database and evaluated, on one core."""

import asyncio
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

from sqlalchemy import insert

from alliance.course_json import as_json
from benchmarks.detection.speed import courses
from benchmarks.report import Result
from bot.clinic import read_clinic
from bot.settings import Settings
from storage import schema
from storage.database import Database
from storage.tables import KeptCourse, Person
from storage.vault import Vault
from workflows.look_through import look_through
from workflows.unit import Unit

PATIENTS = 100_000
DIFFERENT = 40  # courses of two years; more of them would take longer to make than to evaluate
AT_ONCE = 5_000  # rows
NOW = datetime(2028, 1, 10, tzinfo=UTC)


def measured(patients: int) -> list[Result]:
    """Fill a database with that many patients' courses and evaluate them all once."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core, the database's thread too
    with tempfile.TemporaryDirectory(prefix="checkin-bench-") as folder:
        seconds, computing, looked = asyncio.run(_night(Path(folder), patients))
    return [
        Result(name="ours", metric="nightly_evaluation", value=seconds, unit=f"seconds for {looked:,} patients"),
        # of the core itself: what an idle machine would need
        Result(name="ours", metric="nightly_computing", value=computing, unit=f"CPU seconds for {looked:,} patients"),
        Result(name="ours", metric="evaluations", value=looked / seconds, unit="patients per second"),
    ]


async def _night(folder: Path, patients: int) -> tuple[float, float, int]:
    database = Database(f"sqlite:///{folder / 'checkin.sqlite3'}", Vault({1: bytes(32)}))
    await schema.migrate(database)
    await _fill(database, patients)
    clinic = read_clinic(Settings(), bot_username="bench")
    async with database.reading() as session:
        began, computing, looked = perf_counter(), process_time(), 0
        async for found in look_through(Unit(session=session, now=NOW, clinic=clinic, origin="bench")):
            looked += found.markers is not None
        seconds, computing = perf_counter() - began, process_time() - computing
    await database.close()
    return seconds, computing, looked


async def _fill(database: Database, patients: int) -> None:
    kept = [as_json(course) for course in courses(DIFFERENT)]
    for first in range(1, patients + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, patients + 1))
        people = [
            {
                "id": number,
                "code_name": f"P-{number}",
                "code_name_folded": f"p-{number}",
                "language": "en",
                "zone": "UTC",
                "created_at": NOW,
            }
            for number in numbers
        ]
        rows = [{"patient_id": number, "through_at": NOW, "content": kept[number % len(kept)]} for number in numbers]
        async with database.writing() as session:
            await session.execute(insert(Person), people)
            await session.execute(insert(KeptCourse), rows)
