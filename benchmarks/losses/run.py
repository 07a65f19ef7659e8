"""One run: every case in turn, each in a folder of its own."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.lives.house import PROGRAM
from benchmarks.lives.nursery import nursery
from benchmarks.lives.postgres import postgres_server
from benchmarks.losses.cases import (
    backups,
    clocks_go_back,
    due,
    ids_anew,
    one_bad_update,
    received,
    sent,
    sessions,
    shared_store,
    workers,
)
from benchmarks.losses.counting import Bench, Count

CASES: dict[str, Callable[[Bench], Awaitable[list[Count]]]] = {
    "received": received.measured,
    "bad-update": one_bad_update.measured,
    "ids-anew": ids_anew.measured,
    "sent": sent.measured,
    "due": due.measured,
    "workers": workers.measured,
    "shared-store": shared_store.measured,
    "clocks": clocks_go_back.measured,
    "backups": backups.measured,
    "sessions": sessions.measured,
}
VICTIMS = (
    PROGRAM,
    received.POLLING,
    received.WEBHOOK,
    ids_anew.NAIVE,
    sent.NAIVE,
    due.JOB_STORE,
    workers.UNFENCED,
    clocks_go_back.CRON,
    backups.WRITER,
    backups.COPY,
    sessions.ONE_SESSION,
    sessions.READ_THEN_WRITE,
)

AT_ONCE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How much is done: messages written and kills on each design, and the seed of all that is left to chance."""

    updates: int
    kills: int
    seed: int
    quick: bool
    cases: Sequence[str] = tuple(CASES)


async def run(plan: Plan, progress: Callable[[str], None]) -> list[Count]:
    """Measure the cases of the plan, telling the name of each before it begins.

    One after the other; a quick run takes three at a time, since most of the time of a case is waiting.
    """
    turns = asyncio.Semaphore(AT_ONCE if plan.quick else 1)

    async def measured(bench: Bench, name: str) -> list[Count]:
        async with turns:
            progress(name)
            return await CASES[name](bench)

    with tempfile.TemporaryDirectory(prefix="checkin-bench-") as folder, postgres_server() as postgres:
        async with nursery(VICTIMS) as parent:
            bench = Bench(
                nursery=parent,
                folder=Path(folder),
                postgres=postgres,
                quick=plan.quick,
                updates=plan.updates,
                kills=plan.kills,
                seed=plan.seed,
            )
            found = await asyncio.gather(*(measured(bench, name) for name in plan.cases))
    return [count for counts in found for count in counts]
