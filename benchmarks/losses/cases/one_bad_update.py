"""One update that cannot be read stands before fifty good ones, and there is only so much time.

Lost is a good update that was not handled in that time.
"""

from collections.abc import Awaitable, Callable

from benchmarks.lives.crowd import Crowd, kept_of
from benchmarks.lives.house import TOKEN, enrolled, house
from benchmarks.lives.quiet import until_quiet
from benchmarks.lives.waiting import until_so
from benchmarks.losses.cases.received import POLLING
from benchmarks.losses.counting import Bench, Count, count_of, rows_of
from sandbox import Sandbox
from storage import inbox

CASE = "one bad update ahead"
UNIT = "good messages"
GOOD = 50
BAD = {"message": {"message_id": 7, "chat": {"id": 7, "type": "private"}}}  # a message without its date
TIME, LITTLE_TIME = 10.0, 6.0  # seconds, of the full run and of a quick one


async def measured(bench: Bench) -> list[Count]:
    """The usual design and ours, each for the same time."""
    return [await _polling(bench), await _ours(bench)]


async def _polling(bench: Bench) -> Count:
    place = bench.place("ptb bad update")
    file = place / "heard.sqlite3"
    async with Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox:
        crowd = Crowd(people=[sandbox.person("Ana"), sandbox.person("Ben")], chance=bench.chance(CASE))
        _queue(sandbox, crowd)
        life = await bench.nursery.start(POLLING, sandbox.url, TOKEN, str(file), folder=place)

        async def missing() -> int:
            wanted = [(one.chat_id, one.message_id) for one in crowd.written]
            return count_of(wanted, rows_of(file, "SELECT chat_id, message_id FROM heard"))[0]

        lost = await _in_time(bench, missing)
        await life.killed()
        asked = len(sandbox.ledger.calls("getUpdates"))
    return Count(
        case=CASE,
        design="python-telegram-bot, polling",
        of=GOOD,
        unit=UNIT,
        lost=lost,
        doubled=0,
        more={"polls": asked, "log_kilobytes": life.log.stat().st_size // 1000},
    )


async def _ours(bench: Bench) -> Count:
    place = bench.place("checkin bad update")
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(place, sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        patients = await enrolled(clinic, 2)
        crowd = Crowd(people=[patient.person for patient in patients], chance=bench.chance(CASE))
        _queue(sandbox, crowd)
        asked = len(sandbox.ledger.calls("getUpdates"))
        database = clinic.opened()
        try:
            life = await clinic.begins()

            async def missing() -> int:
                return (await kept_of(database, crowd.written)).lost

            await _in_time(bench, missing)
            await until_quiet(clinic, database, within=LITTLE_TIME)  # the bad one is tried three times
            await life.stopped()
            kept = await kept_of(database, crowd.written)
            async with database.reading() as session:
                set_aside = await inbox.dead(session)
        finally:
            await database.close()
        asked = len(sandbox.ledger.calls("getUpdates")) - asked
    return Count(
        case=CASE,
        design="checkin run, SQLite",
        ours=True,
        of=GOOD,
        unit=UNIT,
        lost=kept.lost,
        doubled=kept.doubled,
        more={"polls": asked, "log_kilobytes": life.log.stat().st_size // 1000, "dead_letters": set_aside},
    )


def _queue(sandbox: Sandbox, crowd: Crowd) -> None:
    sandbox.inject(dict(BAD))
    crowd.write(GOOD)


async def _in_time(bench: Bench, missing: Callable[[], Awaitable[int]]) -> int:
    """What is still missing when the time is over, or 0 as soon as nothing is."""

    async def all_handled() -> bool:
        return not await missing()

    await until_so(all_handled, within=LITTLE_TIME if bench.quick else TIME)
    return await missing()
