"""Something falls due for many people at the same hours, and the process that should notice is killed.

The kills come at the same moments for each design, and each start takes as long as a service manager and an
interpreter need. Lost is what was due and never happened; doubled is what happened once too often.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from alliance.delivery import OutboxState
from benchmarks.lives.caseload import caseload
from benchmarks.lives.house import TOKEN, House, house
from benchmarks.lives.nursery import Life
from benchmarks.lives.post import post_of
from benchmarks.lives.quiet import hasten, until_quiet
from benchmarks.lives.waiting import until_so, until_still
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from bot.clock import SystemClock
from sandbox import Sandbox
from storage.database import Database
from storage.tables import Checkin, Outgoing

CASE = "killed while things fall due"
UNIT = "things due"
JOB_STORE = "benchmarks.losses.usual.job_store"
DUE, FEW_DUE = 500, 80  # of the full run and of a quick one
BETWEEN = 1.0  # seconds from one moment at which several fall due to the next
FIRST_IN = 2.0  # seconds from the beginning, so that the jobs can be added before
SHORTEST_LIFE, LONGEST_LIFE = 0.1, 2.0  # seconds from a start to the kill
DOWN_FOR = 1.6  # seconds from a kill to the next start: a service manager's pause, and the imports of a program
QUIET_FOR = 1.5  # seconds without a job that ran: then nothing runs any more
ENDS_WITHIN = 120.0  # seconds; our pace is 28 a second
ASKED_WITHIN = 20.0  # seconds; the timer looks every five
SLOT = "bench"
GRACES = {"1": "APScheduler job store, grace 1 s", "none": "APScheduler job store, any grace"}

Start = Callable[[], Awaitable[Life]]


async def measured(bench: Bench) -> list[Count]:
    """The job store with its default grace and with none, and our table; side by side, killed together."""
    return list(await asyncio.gather(*(_job_store(bench, grace) for grace in GRACES), _ours(bench)))


def _number(bench: Bench) -> int:
    return FEW_DUE if bench.quick else DUE


def _moments(bench: Bench, now: datetime) -> list[datetime]:
    """When each falls due: at a few hours, many at once, over the time in which there are kills."""
    until = FIRST_IN + sum(_lives(bench)) + bench.kills * DOWN_FOR
    together = [now + timedelta(seconds=FIRST_IN + BETWEEN * n) for n in range(int((until - FIRST_IN) / BETWEEN))]
    return [together[number % len(together)] for number in range(_number(bench))]


def _lives(bench: Bench) -> list[float]:
    return bench.moments(f"{CASE}: kills", shortest=SHORTEST_LIFE, longest=LONGEST_LIFE)


async def _live_and_die(bench: Bench, first: Life, start: Start) -> Life:
    """Kill and start again; the life that is left alone."""
    life = first
    for moment in _lives(bench):
        await asyncio.sleep(moment)
        await life.killed()
        await asyncio.sleep(DOWN_FOR)
        life = await start()
    return life


async def _job_store(bench: Bench, grace: str) -> Count:
    place = bench.place(f"job store {grace}")
    jobs = place / "jobs.sqlite3"
    ran = file_of_runs(jobs)
    moments = [str(at.timestamp()) for at in _moments(bench, SystemClock().now())]

    async def start(*given: str) -> Life:
        return await bench.nursery.start(JOB_STORE, str(jobs), grace, *given, folder=place)

    first = await start(*moments)  # up to two seconds for the jobs to be added; then time begins for all
    await first.until(lambda: "scheduled" in first.said, ENDS_WITHIN)
    life = await _live_and_die(bench, first, start)

    async def runs() -> int:
        return len(rows_of(ran, "SELECT number FROM ran"))

    await until_still(runs, seconds=QUIET_FOR, within=ENDS_WITHIN)
    await life.stopped()
    lost, doubled = count_of([(n,) for n in range(len(moments))], rows_of(ran, "SELECT number FROM ran"))
    left = len(rows_of(jobs, "SELECT id FROM apscheduler_jobs"))
    return Count(
        case=CASE,
        design=GRACES[grace],
        of=len(moments),
        unit=UNIT,
        lost=lost,
        doubled=doubled,
        more={"left_in_store": left},
    )


def file_of_runs(jobs: Path) -> Path:
    """An empty file beside the job store, in which each job writes down that it ran."""
    ran = jobs.with_name(f"{jobs.name}.ran")
    connection = sqlite3.connect(ran)
    connection.execute("CREATE TABLE ran (number INTEGER)")
    connection.commit()
    connection.close()
    return ran


async def _ours(bench: Bench) -> Count:
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(bench.place("checkin due"), sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        database = clinic.opened()
        try:
            phones = await caseload(clinic, database, _moments(bench, SystemClock().now()), slot=SLOT)
            chats = [phone.user_id for phone in phones]
            life = await _live_and_die(bench, await clinic.begins(), clinic.begins)

            async def all_asked() -> bool:
                async with database.reading() as session:
                    return await session.scalar(select(func.count()).select_from(Checkin)) == len(chats)

            await until_so(all_asked, within=ASKED_WITHIN)
            await until_quiet(clinic, database, within=ENDS_WITHIN)
            if await hasten(database):
                await until_quiet(clinic, database, within=ENDS_WITHIN)
            await life.stopped()
            return await asked(clinic, database, chats, case=CASE, design="checkin run, due rows")
        finally:
            await database.close()


async def asked(clinic: House, database: Database, chats: list[int], *, case: str, design: str) -> Count:
    """Each patient has one check-in for the slot, and its question was seen; or the outbox says that nobody knows."""
    async with database.reading() as session:
        rows = await session.execute(
            select(Outgoing.chat_id, Outgoing.state)
            .join(Checkin, Checkin.id == Outgoing.checkin_id)
            .where(Checkin.slot == SLOT, Outgoing.method == "sendMessage", Outgoing.key.startswith("checkin:"))
        )
        questions = [(chat_id, OutboxState(state)) for chat_id, state in rows]
    seen = {entry.chat_id for entry in clinic.sandbox.ledger.calls("sendMessage") if entry.message_id is not None}
    post = await post_of(database, clinic.sandbox.ledger)
    honest = {chat_id for chat_id, state in questions if chat_id in seen or state is OutboxState.UNCERTAIN}
    _, doubled = count_of(chats, [chat_id for chat_id, _ in questions])
    return Count(
        case=case,
        design=design,
        ours=True,
        of=len(chats),
        unit=UNIT,
        lost=sum(chat not in honest for chat in chats),
        doubled=doubled + post.unrecorded_copies + post.beyond_policy,
        more={"extra_copies": post.extra_copies, "said_to_be_uncertain": post.uncertain},
    )
