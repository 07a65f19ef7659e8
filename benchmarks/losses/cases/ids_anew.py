"""Telegram numbers its updates anew, as it may after a quiet week; then people go on writing.

Lost is what was written afterwards and never handled in that time; doubled counts each handling that was one too
many.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from benchmarks.lives.crowd import Crowd, Written, kept_of
from benchmarks.lives.house import STARTS_WITHIN, TOKEN, enrolled, house, polling
from benchmarks.lives.waiting import until_so
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from sandbox import Sandbox

CASE = "update ids begin anew"
UNIT = "messages after it"
NAIVE = "benchmarks.losses.usual.naive_poller"
BEFORE, AFTER = 20, 150  # messages; the second is more than one answer of getUpdates holds
LOWEST = 2_000_001  # the lowest number that Telegram begins with
TIME, LITTLE_TIME = 12.0, 8.0  # seconds, of the full run and of a quick one


async def measured(bench: Bench) -> list[Count]:
    """The usual design and ours, each for the same time."""
    return [await _naive(bench), await _ours(bench)]


async def _naive(bench: Bench) -> Count:
    place = bench.place("naive poller")
    file = place / "heard.sqlite3"
    async with Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox:
        crowd = Crowd(people=[sandbox.person("Ana"), sandbox.person("Ben")], chance=bench.chance(CASE))
        polls = polling(sandbox)
        life = await bench.nursery.start(NAIVE, sandbox.url, TOKEN, str(file), folder=place)
        await life.until(polls, STARTS_WITHIN)

        async def missing() -> int:
            return _count(crowd.written, file)[0]

        await _write(bench, sandbox, crowd, missing)
        await life.killed()
    lost, doubled = _count(crowd.written[BEFORE:], file)
    return Count(case=CASE, design="offset = highest id + 1", of=AFTER, unit=UNIT, lost=lost, doubled=doubled)


async def _ours(bench: Bench) -> Count:
    place = bench.place("checkin ids anew")
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(place, sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        patients = await enrolled(clinic, 2)
        crowd = Crowd(people=[patient.person for patient in patients], chance=bench.chance(CASE))
        database = clinic.opened()
        try:
            async with clinic.lives() as life:

                async def missing() -> int:
                    return (await kept_of(database, crowd.written)).lost

                await _write(bench, sandbox, crowd, missing)
                await life.stopped()
            kept = await kept_of(database, crowd.written[BEFORE:])
        finally:
            await database.close()
    return Count(
        case=CASE,
        design="checkin run, SQLite",
        ours=True,
        of=AFTER,
        unit=UNIT,
        lost=kept.lost,
        doubled=kept.doubled,
    )


async def _write(bench: Bench, sandbox: Sandbox, crowd: Crowd, missing: Callable[[], Awaitable[int]]) -> None:
    """Some messages with the old numbers, all of them handled; then the others, with new numbers."""

    async def all_handled() -> bool:
        return not await missing()

    async def all_confirmed() -> bool:
        return not sandbox.pending and await all_handled()

    crowd.write(BEFORE)
    await until_so(all_confirmed, within=STARTS_WITHIN)
    sandbox.restart_update_ids(LOWEST)
    crowd.write(AFTER)
    await until_so(all_handled, within=LITTLE_TIME if bench.quick else TIME)


def _count(written: Sequence[Written], file: Path) -> tuple[int, int]:
    wanted = [(one.chat_id, one.message_id) for one in written]
    return count_of(wanted, rows_of(file, "SELECT chat_id, message_id FROM heard"))
