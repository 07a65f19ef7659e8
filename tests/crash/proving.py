"""A clinic whose program is killed on purpose, and two judges: the soak's, and one that knows no code."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.history.checker import judge
from benchmarks.history.reading import read_history
from benchmarks.history.records import Harm, History, Row
from benchmarks.lives.house import TOKEN, House, by_webhook, house
from benchmarks.lives.journal import Journal
from benchmarks.lives.nursery import Nursery
from benchmarks.lives.postgres import fresh_database
from benchmarks.lives.quiet import hasten, until_quiet
from benchmarks.lives.waiting import until_so
from bot.clock import SystemClock
from sandbox import Pace, Person, Sandbox
from storage import people
from storage.database import Database
from storage.tables import Person as Somebody
from storage.trouble import Trouble

HURRIED = "tests.crash.hurried"
A_MOMENT = 1.0  # seconds between two looks whether anything rests
QUIET_WITHIN = 180.0  # seconds, on a machine that has other things to do
NOBODY_THERE = timedelta(minutes=5)  # how late a page may be in a run in which the program is dead half of the time
IMPATIENT = Pace(hurry=20.0)  # Telegram waits up to two minutes between two tries at a webhook that is gone


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One clinic under proof, with everything that may be asked about it."""

    clinic: House
    database: Database
    sandbox: Sandbox
    journal: Journal

    async def history(self) -> History:
        """What the three witnesses say by now."""
        written = self.journal.write(self.clinic.folder / "journal.jsonl")
        address = self.clinic.database_url
        return await read_history(
            written,
            address.removeprefix("sqlite:///"),
            self.clinic.folder / "log.txt",
            end_at=SystemClock().now(),
        )

    async def harm(self, *, outside: int = 0) -> list[Harm]:
        """What the independent judge finds."""
        return judge(await self.history(), slack=NOBODY_THERE, outside=outside)

    async def rests(self) -> None:
        """The program lives until it has nothing left to do, the rests before copies passed over, and stops."""
        async with self.clinic.lives() as life:
            assert await until_so(self._is_quiet, within=QUIET_WITHIN), await self._what_waits()
            assert await life.stopped() == 0

    async def staffed(self) -> Person:
        """Dr Cole has a phone and is on call."""
        phone = self.sandbox.person("Cole")
        phone.opens()
        self.sandbox.world.queue.clear()
        async with self.database.writing() as session:
            cole = await session.scalar(select(Somebody).where(Somebody.code_name == "COLE"))
            assert cole is not None
            cole.chat_id = phone.user_id
            await people.set_on_call(session, [cole.id])
        return phone

    async def _what_waits(self) -> list[Row]:
        history = await self.history()
        waits = [row for row in history.rows("outbox") if row["state"] in {"queued", "sending"}]
        waits += [{"update": row["seq"]} for row in history.rows("inbox") if row["state"] == "waiting"]
        return [{"pending": self.sandbox.pending}, *waits]

    async def _is_quiet(self) -> bool:
        try:
            rested = await hasten(self.database)
        except Trouble:  # the program was quicker, again and again
            return False
        return not rested and await until_quiet(self.clinic, self.database, within=A_MOMENT)


Opening = Callable[[AsyncExitStack], Awaitable[str]]


async def in_a_file(_held: AsyncExitStack) -> str:
    """A clinic on SQLite, in its own folder."""
    return ""


def on(server: str, name: str) -> Opening:
    """A clinic with a database of its own on a server, dropped at the end."""

    async def opening(held: AsyncExitStack) -> str:
        return await held.enter_async_context(fresh_database(server, name))

    return opening


@asynccontextmanager
async def proving(
    folder: Path,
    nursery: Nursery,
    opening: Opening,
    *,
    webhook: bool = False,
    seed: int = 1,
    program: str = HURRIED,
    more: dict[str, str] | None = None,
) -> AsyncGenerator[Proof]:
    """An empty clinic; Telegram limits nothing, because the hurried program keeps no pace."""
    async with AsyncExitStack() as held:
        sandbox = await held.enter_async_context(
            Sandbox(token=TOKEN, seed=seed, flood=None, pace=IMPATIENT if webhook else Pace())
        )
        journal = Journal(sandbox)
        clinic = await held.enter_async_context(
            house(
                folder,
                sandbox=sandbox,
                nursery=nursery,
                database_url=await opening(held),
                more={**(by_webhook() if webhook else {}), **(more or {})},
                program=program,
            )
        )
        database = clinic.opened()
        held.push_async_callback(database.close)
        yield Proof(clinic=clinic, database=database, sandbox=sandbox, journal=journal)
