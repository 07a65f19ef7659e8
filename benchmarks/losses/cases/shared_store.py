"""Several processes notice what falls due in one database, as workers of a web application do; nobody is killed.

Lost is what was due and never happened; doubled is what happened once too often.
"""

import asyncio

from benchmarks.lives.nursery import Life
from benchmarks.lives.waiting import until_still
from benchmarks.losses.cases.due import ENDS_WITHIN, JOB_STORE, QUIET_FOR, file_of_runs
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from benchmarks.losses.usual.job_store import NEVER_TOO_LATE
from bot.clock import SystemClock

CASE = "several processes ask what is due"
SCHEDULERS = 4
JOBS, FEW_JOBS = 200, 60  # of the full run and of a quick one
FIRST_IN, SPREAD = 3.0, 3.0  # seconds from the beginning to the first job, and from there to the last


async def job_store(bench: Bench) -> Count:
    """Schedulers that all look into one job store."""
    place = bench.place("shared job store")
    jobs = place / "jobs.sqlite3"
    ran = file_of_runs(jobs)
    now = SystemClock().now().timestamp()
    number = FEW_JOBS if bench.quick else JOBS
    moments = [str(now + FIRST_IN + SPREAD * n / number) for n in range(number)]

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
    lost, doubled = count_of([(n,) for n in range(number)], rows_of(ran, "SELECT number FROM ran"))
    return Count(
        case=CASE,
        design="APScheduler, one job store for all",
        of=number,
        unit="jobs",
        lost=lost,
        doubled=doubled,
    )
