"""People write, and the process that listens is killed at any moment, started again, and at last left alone.

Every life is met by the same number of messages, written at once when it begins to listen, as happens at the hour
when everybody is asked. Lost is what was written and is nowhere; doubled is what was stored, kept or answered more
often than it was written.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from benchmarks.lives.crowd import Crowd, kept_of
from benchmarks.lives.house import STARTS_WITHIN, TOKEN, enrolled, house, polling
from benchmarks.lives.nursery import Life
from benchmarks.lives.post import post_of
from benchmarks.lives.postgres import fresh_database
from benchmarks.lives.quiet import until_quiet
from benchmarks.lives.waiting import until_so, until_still
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from benchmarks.losses.webhook import delivering
from sandbox import Sandbox

CASE = "killed while people write"
UNIT = "messages"
PEOPLE = 10
SHORTEST_LIFE, LONGEST_LIFE = 0.02, 0.5  # seconds after the first poll
QUIET_FOR = 0.8  # seconds without a new row: then a usual design has nothing left to do
QUIET_WITHIN = 90.0  # seconds
POLLING, WEBHOOK = "benchmarks.losses.usual.ptb_polling", "benchmarks.losses.usual.ptb_webhook"
_HEARD = "SELECT chat_id, message_id FROM heard"

Lives = Callable[[], AbstractAsyncContextManager[Life]]


async def measured(bench: Bench) -> list[Count]:
    """The usual designs and ours, each with a Telegram of its own."""
    counts = [
        await polled(bench, "python-telegram-bot, polling", POLLING),
        await _webhook(bench),
        await _ours(bench, "checkin run, SQLite"),
    ]
    if bench.postgres and not bench.quick:
        async with fresh_database(bench.postgres, "checkin_losses") as url:
            counts.append(await _ours(bench, "checkin run, PostgreSQL", database_url=url))
    return counts


async def polled(bench: Bench, design: str, program: str) -> Count:
    """A design that polls, given the address of the Bot API, a token and a file, and keeps what it hears there."""
    place = bench.place(design)
    async with Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox:

        @asynccontextmanager
        async def lives() -> AsyncGenerator[Life]:
            polls = polling(sandbox)
            life = await bench.nursery.start(program, sandbox.url, TOKEN, str(_file(place)), folder=place)
            await life.until(polls, STARTS_WITHIN)
            yield life
            await life.killed()

        crowd = _crowd(bench, sandbox)
        await _under_kills(bench, crowd, lives, quiet=lambda: _still(place, lambda: sandbox.pending))
        return _usual(design, crowd, place)


async def _webhook(bench: Bench) -> Count:
    place, port = bench.place("ptb webhook"), _free_port()
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        delivering(sandbox, f"http://127.0.0.1:{port}/telegram") as delivery,
    ):

        @asynccontextmanager
        async def lives() -> AsyncGenerator[Life]:
            life = await bench.nursery.start(WEBHOOK, sandbox.url, TOKEN, str(_file(place)), str(port), folder=place)
            await life.until(lambda: _listens(port), STARTS_WITHIN)
            yield life
            await life.killed()

        crowd = _crowd(bench, sandbox)
        await _under_kills(bench, crowd, lives, quiet=lambda: _still(place, lambda: delivery.pending))
        return _usual("python-telegram-bot, webhook", crowd, place)


async def _ours(bench: Bench, design: str, *, database_url: str = "") -> Count:
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(bench.place(design), sandbox=sandbox, nursery=bench.nursery, database_url=database_url) as clinic,
    ):
        patients = await enrolled(clinic, PEOPLE)
        crowd = Crowd(people=[patient.person for patient in patients], chance=bench.chance(CASE))
        database = clinic.opened()
        try:
            await _under_kills(
                bench, crowd, clinic.lives, quiet=lambda: until_quiet(clinic, database, within=QUIET_WITHIN)
            )
            kept, post = await kept_of(database, crowd.written), await post_of(database, sandbox.ledger)
        finally:
            await database.close()
    return Count(
        case=CASE,
        design=design,
        ours=True,
        of=len(crowd.written),
        unit=UNIT,
        lost=kept.lost,
        doubled=kept.doubled + post.unrecorded_copies + post.beyond_policy,
        more={"answers": post.messages, "answers_lost": post.lost, "extra_copies": post.extra_copies},
    )


async def _under_kills(bench: Bench, crowd: Crowd, lives: Lives, *, quiet: Callable[[], Awaitable[object]]) -> None:
    *portions, last = bench.portions(bench.updates)
    moments = bench.moments(f"{CASE}: kills", shortest=SHORTEST_LIFE, longest=LONGEST_LIFE)
    for moment, portion in zip(moments, portions, strict=True):
        async with lives() as life:
            crowd.write(portion)
            await asyncio.sleep(moment)
            await life.killed()
    async with lives() as life:
        crowd.write(last)
        await quiet()
        await life.stopped()


def _crowd(bench: Bench, sandbox: Sandbox) -> Crowd:
    people = [sandbox.person(f"Patient {number}") for number in range(PEOPLE)]
    return Crowd(people=people, chance=bench.chance(CASE))


async def _still(place: Path, pending: Callable[[], int]) -> None:
    """Wait until nothing is pending and no row has come for a while."""

    async def nothing_pending() -> bool:
        return not pending()

    async def heard() -> int:
        return len(rows_of(_file(place), _HEARD))

    await until_so(nothing_pending, within=QUIET_WITHIN)
    await until_still(heard, seconds=QUIET_FOR, within=QUIET_WITHIN)


def _usual(design: str, crowd: Crowd, place: Path) -> Count:
    wanted: Sequence[object] = [(one.chat_id, one.message_id) for one in crowd.written]
    lost, doubled = count_of(wanted, rows_of(_file(place), _HEARD))
    return Count(case=CASE, design=design, of=len(wanted), unit=UNIT, lost=lost, doubled=doubled)


def _file(place: Path) -> Path:
    return place / "heard.sqlite3"


def _free_port() -> int:
    with socket.socket() as looking:
        looking.bind(("127.0.0.1", 0))
        return int(looking.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as knocking:
        return knocking.connect_ex(("127.0.0.1", port)) == 0
