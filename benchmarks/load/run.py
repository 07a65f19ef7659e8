"""One run: the real program under load, a burst at its end, and the same load on a process that does no work."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil
from sqlalchemy import ColumnElement, func, select

from alliance.delivery import Lane
from benchmarks.lives.chance import chance_of
from benchmarks.lives.house import PROGRAM, STARTS_WITHIN, TOKEN, House, house, polling
from benchmarks.lives.nursery import Life, Nursery, nursery
from benchmarks.lives.waiting import until_so
from benchmarks.load.beside import Backups, Desk
from benchmarks.load.clinic import Patient, fill, phones
from benchmarks.load.counting import Evidence, Stored, Waits, doubled, lost, waits
from benchmarks.load.traffic import Traffic
from bot.clock import SystemClock
from sandbox import Sandbox
from sandbox.ledger import Entry
from sandbox.updates import Fate, Update
from storage.database import Database
from storage.inbox import InboxState
from storage.outbox import UNFINISHED
from storage.tables import Alert, Answer, Digest, Incoming, Message, Outgoing

CEILING = "benchmarks.load.ceiling"
A_SECOND = 60  # updates
BURST = 10  # times as many
DIGESTS = 25  # clinicians whose digest falls due at once: 500 patients
DIGESTS_EVERY = 30.0  # seconds
SETTLES = 1.0  # seconds after the start that are not measured
INBOX_EMPTY_WITHIN = 300.0  # seconds after the burst
SPOKEN = ("sendMessage", "editMessageText")

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How large, how long, and what is left to chance."""

    patients: int
    seconds: float
    burst_seconds: float
    outbox_empty_within: float  # seconds after the burst; what is left then is told
    ceiling_seconds: float
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What was measured of one program; times in seconds, memory in bytes."""

    updates: int
    lost: int
    doubled: int
    dead_letters: int
    steady: Waits
    burst: Waits
    a_second: float  # messages and edits that reached Telegram
    too_fast: int  # sends that Telegram refused as too fast
    memory_at_start: int
    memory_at_end: int
    cpu_per_update: float  # of everything the program did until the last one was handled
    inbox_empty_after: float
    outbox_at_burst_end: int
    sends_needed: int  # after the burst, for its outbox to be empty
    outbox_empty_after: float | None  # None: it was not, within the time of the plan
    outbox_left: int
    digests: int
    backups: int
    backups_failed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ceiling:
    """The same of the process that does nothing but poll, store and send."""

    updates: int
    store: Sequence[float]
    a_second: float
    cpu_per_update: float


async def run(
    folder: Path, plan: Plan, *, database_url: str = "", progress: Progress = lambda _: None
) -> tuple[Found, Ceiling]:
    """Measure both; the folder is empty, and so is the database if one is named."""
    progress("imports")
    async with nursery([PROGRAM, CEILING]) as parent:
        ceiling = await _ceiling(folder / "ceiling", plan, parent, progress)
        return await _ours(folder / "clinic", plan, parent, database_url, progress), ceiling


async def _ours(folder: Path, plan: Plan, parent: Nursery, database_url: str, progress: Progress) -> Found:
    progress(f"{plan.patients:,} patients")
    async with (
        Sandbox(token=TOKEN, seed=plan.seed) as sandbox,
        house(folder, sandbox=sandbox, nursery=parent, database_url=database_url) as clinic,
    ):
        confirmed = _told(sandbox)
        database = clinic.opened()
        try:
            rounds = range(max(1, round(plan.seconds / DIGESTS_EVERY)))
            first = SystemClock().now() + timedelta(seconds=STARTS_WITHIN / 3)
            everybody = await fill(
                clinic,
                database,
                patients=plan.patients,
                digests_at=[first + timedelta(seconds=n * DIGESTS_EVERY) for n in rounds],
                of_each=DIGESTS,
            )
            traffic = Traffic(patients=everybody.patients, chance=chance_of(plan.seed, "traffic"))
            desk = Desk(
                staff={phone.user_id: phone for phone in everybody.staff}, ledger=sandbox.ledger, traffic=traffic
            )
            async with clinic.lives() as life, _beside(desk.run()):
                return await _measured(clinic, database, life, plan, traffic, confirmed, progress)
        finally:
            await database.close()


async def _measured(
    clinic: House,
    database: Database,
    life: Life,
    plan: Plan,
    traffic: Traffic,
    confirmed: Mapping[int, datetime],
    progress: Progress,
) -> Found:
    sandbox, backups, watch = clinic.sandbox, Backups(house=clinic), SystemClock()
    await asyncio.sleep(SETTLES)
    process = psutil.Process(life.pid)
    memory, cpu, entries = process.memory_info().rss, _cpu(process), len(sandbox.ledger.entries)
    async with _beside(backups.run()):
        progress(f"{A_SECOND} updates a second")
        await traffic.go_on(a_second=A_SECOND, seconds=plan.seconds)
        spoken, steady = _spoken(sandbox.ledger.entries[entries:]), len(traffic.done)
    progress("burst")
    await traffic.go_on(a_second=A_SECOND * BURST, seconds=plan.burst_seconds)
    over, waiting_out, before = watch.monotonic(), await _outbox(database), len(sandbox.ledger.entries)
    progress("until the queues are empty")
    await until_so(lambda: _inbox_is_empty(sandbox, database), within=INBOX_EMPTY_WITHIN)
    inbox_after, used = watch.monotonic() - over, _cpu(process) - cpu
    is_empty = await until_so(
        lambda: _outbox_is_empty(database), within=max(0.0, plan.outbox_empty_within - inbox_after)
    )
    outbox_after = watch.monotonic() - over
    await _let_crises_be_told(database)
    evidence = await _evidence(database, traffic, confirmed, sandbox.ledger.entries)
    return Found(
        updates=len(traffic.done),
        lost=lost(evidence),
        doubled=doubled(evidence),
        dead_letters=await _count(database, Incoming.state == InboxState.DEAD),
        steady=waits(evidence, traffic.done[:steady]),
        burst=waits(evidence, traffic.done[steady:]),
        a_second=spoken / plan.seconds,
        too_fast=len(sandbox.ledger.excesses),
        memory_at_start=memory,
        memory_at_end=process.memory_info().rss,
        cpu_per_update=used / len(traffic.done),
        inbox_empty_after=inbox_after,
        outbox_at_burst_end=waiting_out,
        sends_needed=_spoken(sandbox.ledger.entries[before:]),
        outbox_empty_after=outbox_after if is_empty else None,
        outbox_left=await _outbox(database),
        digests=await _count(database, Digest.id > 0),
        backups=backups.made,
        backups_failed=backups.failed,
    )


async def _ceiling(folder: Path, plan: Plan, parent: Nursery, progress: Progress) -> Ceiling:
    progress("the ceiling")
    folder.mkdir()  # noqa: ASYNC240  # nobody else runs in this loop yet
    async with Sandbox(token=TOKEN, seed=plan.seed) as sandbox:
        confirmed = _told(sandbox)
        everybody = [
            Patient(phone=phone, checkin_id=n, message_id=sandbox.world.next_message_id(), items=("a", "b", "c"))
            for n, phone in enumerate(phones(sandbox, plan.patients, who="Patient"))
        ]
        traffic = Traffic(patients=everybody, chance=chance_of(plan.seed, "traffic"))
        polls = polling(sandbox)
        environment = {
            "CEILING_API": f"{sandbox.url}/bot{TOKEN}/",
            "CEILING_DATABASE": str(folder / "raw.sqlite3"),
        }
        life = await parent.start(CEILING, folder=folder, environment=environment)
        try:
            await life.until(polls, STARTS_WITHIN)
            process = psutil.Process(life.pid)
            cpu = _cpu(process)
            await traffic.go_on(a_second=A_SECOND, seconds=plan.ceiling_seconds)
            return Ceiling(
                updates=len(traffic.done),
                store=[
                    (confirmed[one.update_id] - one.at).total_seconds()
                    for one in traffic.done
                    if one.update_id in confirmed
                ],
                a_second=_spoken(sandbox.ledger.entries) / plan.ceiling_seconds,
                cpu_per_update=(_cpu(process) - cpu) / len(traffic.done),
            )
        finally:
            await life.killed()


def _told(sandbox: Sandbox) -> Mapping[int, datetime]:
    """When the program's next poll said of each update that it is committed; fills up as that happens."""
    confirmed: dict[int, datetime] = {}

    def tell(update: Update, fate: Fate) -> None:
        if fate is Fate.CONFIRMED:
            confirmed[update.update_id] = sandbox.world.now()

    sandbox.world.queue.tell = tell
    return confirmed


@asynccontextmanager
async def _beside(work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        if not task.done():
            task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _inbox_is_empty(sandbox: Sandbox, database: Database) -> bool:
    return not sandbox.pending and not await _count(database, Incoming.state == InboxState.WAITING)


async def _outbox_is_empty(database: Database) -> bool:
    return not await _outbox(database)


async def _outbox(database: Database) -> int:
    return await _count(database, Outgoing.state.in_(UNFINISHED))


async def _let_crises_be_told(database: Database) -> None:
    """The last of them wrote at the end of the burst."""

    async def are_told() -> bool:
        return not await _count(database, Outgoing.state.in_(UNFINISHED), Outgoing.lane == Lane.SAFETY)

    await until_so(are_told, within=STARTS_WITHIN)


async def _evidence(
    database: Database, traffic: Traffic, confirmed: Mapping[int, datetime], entries: Sequence[Entry]
) -> Evidence:
    async with database.reading() as session:
        stored = await session.execute(select(Incoming.update_id, Incoming.received_at, Incoming.state))
        kept = await session.execute(
            select(Message.chat_id, Message.message_id, func.count()).group_by(Message.chat_id, Message.message_id)
        )
        answers = await session.execute(select(Answer.checkin_id, Answer.item_id))
        alerts = await session.execute(select(Alert.id, Alert.chat_id))
        return Evidence(
            done=traffic.done,
            stored=[
                Stored(update_id=update_id, received_at=at, is_settled=state != InboxState.WAITING)
                for update_id, at, state in stored
            ],
            messages={(chat_id, message_id): times for chat_id, message_id, times in kept},
            answers={(checkin_id, item_id) for checkin_id, item_id in answers},
            alerts={row.id: row.chat_id for row in alerts},
            confirmed=confirmed,
            entries=entries,
        )


async def _count(database: Database, *conditions: ColumnElement[bool]) -> int:
    async with database.reading() as session:
        return await session.scalar(select(func.count()).where(*conditions)) or 0


def _spoken(entries: Sequence[Entry]) -> int:
    return sum(entry.method in SPOKEN and entry.message_id is not None for entry in entries)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
