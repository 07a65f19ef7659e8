"""A backup is made while the program lives, and looked at on its own.

Lost is what was committed before and is not in the backup.
"""

from benchmarks.lives.crowd import Crowd, kept_of
from benchmarks.lives.house import STARTS_WITHIN, TOKEN, enrolled, house
from benchmarks.lives.nursery import DiedAtStart
from benchmarks.lives.quiet import until_quiet
from benchmarks.losses.counting import Bench, Count, rows_of
from bot.keys import open_vault
from sandbox import Sandbox
from storage.database import Database

CASE = "backed up while it is written"
UNIT = "messages"
WRITER, COPY = "benchmarks.losses.usual.live_writer", "benchmarks.losses.usual.copied_file"
MESSAGES = 300
WITHIN = 60.0  # seconds


async def measured(bench: Bench) -> list[Count]:
    """A copy of the file, and ``checkin backup``."""
    return [await _copied(bench), await _ours(bench)]


async def _copied(bench: Bench) -> Count:
    place = bench.place("copied file")
    file, copy = place / "heard.sqlite3", place / "copy.sqlite3"
    writer = await bench.nursery.start(WRITER, str(file), str(MESSAGES), folder=place)
    await writer.until(lambda: "written" in writer.said, STARTS_WITHIN)
    copying = await bench.nursery.start(COPY, str(file), str(copy), folder=place)
    await copying.over()
    await writer.killed()
    lost = MESSAGES - len(rows_of(copy, "SELECT words FROM heard"))
    return Count(case=CASE, design="cp of the file", of=MESSAGES, unit=UNIT, lost=lost, doubled=0)


async def _ours(bench: Bench) -> Count:
    place = bench.place("checkin backup")
    copy = place / "copy.sqlite3"
    async with (
        Sandbox(token=TOKEN, seed=bench.seed, flood=None) as sandbox,
        house(place / "clinic", sandbox=sandbox, nursery=bench.nursery) as clinic,
    ):
        patients = await enrolled(clinic, 2)
        crowd = Crowd(people=[patient.person for patient in patients], chance=bench.chance(CASE))
        database = clinic.opened()
        async with clinic.lives():
            crowd.write(MESSAGES)
            await until_quiet(clinic, database, within=WITHIN)
            backing_up = await clinic.begins("backup", str(copy))
            if await backing_up.over() != 0:
                raise DiedAtStart(backing_up.said)
        await database.close()
        backup = Database(f"sqlite:///{copy}", open_vault(clinic.settings))
        kept = await kept_of(backup, crowd.written)
        await backup.close()
    return Count(
        case=CASE,
        design="checkin backup",
        ours=True,
        of=MESSAGES,
        unit=UNIT,
        lost=kept.lost,
        doubled=kept.doubled,
    )
