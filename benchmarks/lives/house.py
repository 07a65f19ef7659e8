"""A clinic that runs the real program: its folder, its settings, and its lives, each begun and ended from outside."""

import socket
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from benchmarks.enrolling import Patient, enrol_clinicians, enrol_patients
from benchmarks.lives.nursery import LOG, DiedAtStart, Life, Nursery
from bot.clock import SimulatedClock, SystemClock
from bot.keys import make_key_file, open_vault
from bot.settings import Settings, read_settings
from bot.simulation import Simulation
from bot.wiring import assembled
from sandbox import Sandbox
from storage.database import Database

PROGRAM = "benchmarks.lives.program"
TOKEN = "710000001:opens-nothing-but-the-sandbox"  # noqa: S105  # no bot of Telegram's
WEBHOOK_SECRET = "known-to-this-sandbox-and-its-program-alone"  # noqa: S105  # as above
ASKED_AT = "09:00"
STARTS_WITHIN = 30.0  # seconds, on a machine that has other things to do


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """The folder a clinic runs in, the address of its database, and the Telegram it talks to."""

    folder: Path
    database_url: str
    sandbox: Sandbox
    nursery: Nursery
    more: Mapping[str, str] = field(default_factory=dict[str, str])  # settings beside the necessary ones
    program: str = PROGRAM  # a module with a ``main``, which the nursery knows

    @property
    def environment(self) -> dict[str, str]:
        """What an operator would have set."""
        return {
            "CHECKIN_BOT_TOKEN": TOKEN,
            "CHECKIN_TELEGRAM_API_URL": self.sandbox.url,
            "CHECKIN_DATA_DIR": str(self.folder),
            "CHECKIN_DATABASE_URL": self.database_url,
            "CHECKIN_ENCRYPTION_KEYS_FILE": str(self.folder / "checkin.keys"),
            "CHECKIN_EMERGENCY_NUMBER": "112",
            **self.more,
        }

    @property
    def settings(self) -> Settings:
        """The same settings for this process, whatever its own environment says."""
        given = {name.removeprefix("CHECKIN_").lower(): value for name, value in self.environment.items()}
        return read_settings(_env_file=None, **given)

    def opened(self) -> Database:
        """The clinic's database, to look into from this process; to be closed by whoever asked."""
        return Database(self.database_url, open_vault(self.settings))

    async def begins(self, *words: str, **more: str) -> Life:
        """A life of the program, with more settings for it alone; it may need a moment until it takes updates."""
        words, environment = words or ("run",), {**self.environment, **more}
        return await self.nursery.start(self.program, *words, folder=self.folder, environment=environment)

    def is_up(self) -> Callable[[], bool]:
        """Whether a life begun after this call takes updates in."""
        address = self.more.get("CHECKIN_WEB_ADDRESS")
        return polling(self.sandbox) if address is None else partial(_listens, address)

    @asynccontextmanager
    async def lives(self, **more: str) -> AsyncGenerator[Life]:
        """The bot, taking updates; killed at the end if nobody has ended it. DiedAtStart when it does not come up.

        ``more`` are settings for it alone.
        """
        is_up = self.is_up()
        life = await self.begins(**more)
        try:
            await life.until(is_up, STARTS_WITHIN)
            yield life
        finally:
            await life.killed()


def by_webhook() -> dict[str, str]:
    """The settings of a clinic to which Telegram brings its updates, on a free port of this machine."""
    with socket.socket() as looking:
        looking.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{looking.getsockname()[1]}"
    return {
        "CHECKIN_WEB_ADDRESS": address,
        "CHECKIN_WEBHOOK_URL": f"http://{address}/telegram",
        "CHECKIN_WEBHOOK_SECRET": WEBHOOK_SECRET,
    }


def polling(sandbox: Sandbox) -> Callable[[], bool]:
    """Whether somebody has asked for updates since this was called."""
    entries, before, stale = sandbox.ledger.entries, len(sandbox.ledger.entries), sandbox.world.parked

    def polls() -> bool:
        if sandbox.world.parked not in (None, stale):  # a poll of somebody dead may still hang there
            return True
        return any(entry.method == "getUpdates" and entry.heard for entry in entries[before:])

    return polls


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port))):
            return True
    except ConnectionRefusedError:
        return False


@asynccontextmanager
async def house(
    folder: Path,
    *,
    sandbox: Sandbox,
    nursery: Nursery,
    database_url: str = "",
    more: Mapping[str, str] | None = None,
    program: str = PROGRAM,
) -> AsyncGenerator[House]:
    """A new clinic with its own keys and a migrated, empty database; a SQLite file in the folder if none is given."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nobody else runs in this loop yet
    url = database_url or f"sqlite:///{folder / 'checkin.sqlite3'}"
    new = House(folder=folder, database_url=url, sandbox=sandbox, nursery=nursery, more=more or {}, program=program)
    make_key_file(folder / "checkin.keys")
    # by a process of its own: Alembic's context is one for a whole process, and several houses may be made at once
    migrating = await new.begins("migrate")
    if await migrating.over(STARTS_WITHIN) != 0:
        raise DiedAtStart(migrating.said)
    (folder / LOG).unlink(missing_ok=True)  # what a command says to people is no event of the program
    yield new


async def enrolled(clinic: House, number: int) -> list[Patient]:
    """So many patients of one clinician, enrolled before the first life begins; their next check-in is days away.

    The program is stepped by hand for it, from this moment on, so that its pace costs no time.
    """
    clock = SimulatedClock(SystemClock().now())
    async with assembled(clinic.settings, clock) as program:
        simulation = Simulation(program, clock, updates_waiting=lambda: clinic.sandbox.pending)
        clinicians = await enrol_clinicians(program, clinic.sandbox, simulation, 1)
        return await enrol_patients(program, clinic.sandbox, simulation, number, clinicians=clinicians, at=ASKED_AT)
