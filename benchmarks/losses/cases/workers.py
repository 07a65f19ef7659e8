"""Several workers share the work; some are killed, and some stand still past their lease and then go on.

A machine that swaps or is moved stands still like that, and wakes up in the belief that no time has passed. Lost is
what nobody did, doubled each effect too many.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable

from benchmarks.lives.crowd import Crowd, kept_of
from benchmarks.lives.house import TOKEN, enrolled, house
from benchmarks.lives.nursery import Life
from benchmarks.lives.post import post_of
from benchmarks.lives.postgres import fresh_database
from benchmarks.lives.quiet import is_quiet
from benchmarks.lives.waiting import until_so
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from sandbox import Sandbox

CASE = "workers killed, and paused past their lease"
UNFENCED = "benchmarks.losses.usual.unfenced_lease"
WORKERS = 3
LEASE = 0.5  # seconds
PAUSE = 0.8  # seconds: longer than the lease
BETWEEN = 0.4  # seconds, at most, from one disturbance to the next
OUR_PAUSE = 13.0  # seconds: ours keep their duties for twelve
OUR_PAUSES = 4
PEOPLE = 10
DONE_WITHIN = 90.0  # seconds

Start = Callable[[int], Awaitable[Life]]


async def measured(bench: Bench) -> list[Count]:
    """Leases that nobody looks at again, and ours where there is PostgreSQL; it takes too long for a quick run."""
    if bench.postgres is None or bench.quick:
        return []
    async with fresh_database(bench.postgres, "checkin_workers") as url:
        return [await unfenced(bench), await _ours(bench, url)]


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

    await disturbed(bench, start, pauses=bench.kills, pause=PAUSE, done=done)
    jobs = [(number,) for number in range(bench.updates)]
    lost, doubled = count_of(jobs, rows_of(file, "SELECT job FROM effects"))
    return Count(case=CASE, design="leases without a fence", of=len(jobs), unit="jobs", lost=lost, doubled=doubled)


async def _ours(bench: Bench, url: str) -> Count:
    """Workers of the real program on one database, while people write."""
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(bench.place("checkin workers"), sandbox=sandbox, nursery=bench.nursery, database_url=url) as clinic,
    ):
        patients = await enrolled(clinic, PEOPLE)
        crowd = Crowd(people=[patient.person for patient in patients], chance=bench.chance(f"{CASE}: people"))
        portions = iter(bench.portions(bench.updates, parts=bench.kills + OUR_PAUSES))
        database = clinic.opened()

        async def start(_number: int) -> Life:
            return await clinic.begins("run", "--role", "worker")

        async def done() -> bool:
            return len(crowd.written) == bench.updates and await is_quiet(clinic, database)

        def write() -> None:
            crowd.write(next(portions))

        try:
            await disturbed(bench, start, pauses=OUR_PAUSES, pause=OUR_PAUSE, done=done, before_each=write)
            kept, post = await kept_of(database, crowd.written), await post_of(database, sandbox.ledger)
        finally:
            await database.close()
    return Count(
        case=CASE,
        design="checkin run --role worker",
        ours=True,
        of=len(crowd.written),
        unit="messages",
        lost=kept.lost,
        doubled=kept.doubled + post.unrecorded_copies + post.beyond_policy,
        more={"answers": post.messages, "answers_lost": post.lost, "extra_copies": post.extra_copies},
    )


async def disturbed(
    bench: Bench,
    start: Start,
    *,
    pauses: int,
    pause: float,
    done: Callable[[], Awaitable[bool]],
    before_each: Callable[[], None] = lambda: None,
) -> None:
    """Let workers work; kill and pause some of them for a while, in seeded order, until all is done."""
    chance = bench.chance(CASE)
    disturbances = [True] * bench.kills + [False] * pauses
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
