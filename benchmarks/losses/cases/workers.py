"""Several workers share the work; some are killed, and some stand still past their lease and then go on.

A machine that swaps or is moved stands still like that, and wakes up in the belief that no time has passed. Lost is
what nobody did, doubled each effect too many.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

from benchmarks.lives.nursery import Life
from benchmarks.lives.waiting import until_so
from benchmarks.losses.counting import Bench, Count, count_of, rows_of

CASE = "workers killed, and paused past their lease"
UNFENCED = "benchmarks.losses.usual.unfenced_lease"
WORKERS = 3
LEASE = 0.5  # seconds
PAUSE = 0.8  # seconds: longer than the lease
BETWEEN = 0.4  # seconds, at most, from one disturbance to the next
DONE_WITHIN = 60.0  # seconds

Start = Callable[[int], Awaitable[Life]]


async def unfenced(bench: Bench) -> Count:
    """Workers that claim jobs with a lease and do not look again before they write."""
    place = bench.place("unfenced leases")
    file = place / "jobs.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript(
        """
        PRAGMA journal_mode = WAL;
        CREATE TABLE jobs (id INTEGER PRIMARY KEY, done INTEGER DEFAULT 0, leased_until REAL, worker TEXT);
        CREATE TABLE effects (job INTEGER, worker TEXT);
        """
    )
    with connection:
        connection.executemany("INSERT INTO jobs (id) VALUES (?)", [(number,) for number in range(bench.updates)])
    connection.close()

    async def start(number: int) -> Life:
        return await bench.nursery.start(UNFENCED, str(file), f"worker {number}", str(LEASE), folder=place)

    async def done() -> bool:
        return not rows_of(file, "SELECT 1 FROM jobs WHERE done = 0 LIMIT 1")

    await disturbed(bench, start, pause=PAUSE, done=done)
    jobs = [(number,) for number in range(bench.updates)]
    lost, doubled = count_of(jobs, rows_of(file, "SELECT job FROM effects"))
    return Count(case=CASE, design="leases without a fence", of=len(jobs), unit="jobs", lost=lost, doubled=doubled)


async def disturbed(
    bench: Bench,
    start: Start,
    *,
    pause: float,
    done: Callable[[], Awaitable[bool]],
    before_each: Callable[[], None] = lambda: None,
) -> None:
    """Let workers work; kill as many as the bench says and pause as many, in seeded order; end when all is done."""
    chance = bench.chance(CASE)
    disturbances = [False, True] * bench.kills
    chance.shuffle(disturbances)
    lives = [await start(number) for number in range(WORKERS)]
    for is_kill in disturbances:
        before_each()
        await asyncio.sleep(chance.uniform(0.0, BETWEEN))
        number = chance.randrange(WORKERS)
        if is_kill:
            await lives[number].killed()
            lives[number] = await start(number)
        else:
            lives[number].paused()
            await asyncio.sleep(pause)
            lives[number].goes_on()
    await until_so(done, within=DONE_WITHIN)
    for life in lives:
        await life.killed()
