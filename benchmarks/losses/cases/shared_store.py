"""Several processes notice what falls due in one database, as workers of a web application do; nobody is killed.

Lost is what was due and never happened; doubled is what happened once too often.
"""

import asyncio
from datetime import timedelta

from benchmarks.lives.caseload import caseload
from benchmarks.lives.house import TOKEN, house
from benchmarks.lives.nursery import Life
from benchmarks.lives.postgres import fresh_database
from benchmarks.lives.quiet import until_quiet
from benchmarks.lives.waiting import until_still
from benchmarks.losses.cases.due import ENDS_WITHIN, JOB_STORE, QUIET_FOR, SLOT, asked, file_of_runs
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from benchmarks.losses.usual.job_store import NEVER_TOO_LATE
from bot.clock import SystemClock
from sandbox import Sandbox

CASE = "several processes ask what is due"
SCHEDULERS = 4
JOBS = 200
FIRST_IN, SPREAD = 3.0, 3.0  # seconds from the beginning to the first job, and from there to the last


async def measured(bench: Bench) -> list[Count]:
    """A job store and our table; the latter needs PostgreSQL, and where there is none the case is left out."""
    if bench.postgres is None or bench.quick:
        return []
    async with fresh_database(bench.postgres, "checkin_shared") as url:
        return [await job_store(bench), await _ours(bench, url)]


async def job_store(bench: Bench) -> Count:
    """Schedulers that all look into one job store."""
    place = bench.place("shared job store")
    jobs = place / "jobs.sqlite3"
    ran = file_of_runs(jobs)
    now = SystemClock().now().timestamp()
    moments = [str(now + FIRST_IN + SPREAD * n / JOBS) for n in range(JOBS)]

    async def start(*given: str) -> Life:
        return await bench.nursery.start(JOB_STORE, str(jobs), NEVER_TOO_LATE, *given, folder=place)

    async def runs() -> int:
        return len(rows_of(ran, "SELECT number FROM ran"))

    first = await start(*moments)
    await first.until(lambda: "scheduled" in first.said, ENDS_WITHIN)
    lives = [first, *[await start() for _ in range(SCHEDULERS - 1)]]
    await asyncio.sleep(FIRST_IN)
    await until_still(runs, seconds=QUIET_FOR, within=ENDS_WITHIN)
    for life in lives:
        await life.killed()
    lost, doubled = count_of([(n,) for n in range(JOBS)], rows_of(ran, "SELECT number FROM ran"))
    return Count(
        case=CASE,
        design="APScheduler, one job store for all",
        of=JOBS,
        unit="jobs",
        lost=lost,
        doubled=doubled,
        more={"schedulers_that_died": first.said.count("Exception in thread")},
    )


async def _ours(bench: Bench, url: str) -> Count:
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(bench.place("checkin shared"), sandbox=sandbox, nursery=bench.nursery, database_url=url) as clinic,
    ):
        database = clinic.opened()
        try:
            begin = SystemClock().now() + timedelta(seconds=FIRST_IN)
            moments = [begin + timedelta(seconds=SPREAD * n / JOBS) for n in range(JOBS)]
            phones = await caseload(clinic, database, moments, slot=SLOT)
            lives = [await clinic.begins("run", "--role", "worker") for _ in range(SCHEDULERS)]
            await asyncio.sleep(FIRST_IN + SPREAD)
            await until_quiet(clinic, database, within=ENDS_WITHIN)
            for life in lives:
                await life.stopped()
            chats = [phone.user_id for phone in phones]
            return await asked(clinic, database, chats, case=CASE, design="checkin run --role worker")
        finally:
            await database.close()
