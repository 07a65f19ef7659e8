"""A simulated clinic on the real program: clinicians and patients enrolled through the chat of the sandbox."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

from alliance.local_time import instant
from benchmarks.enrolling import Clinician, Patient, ask_every_day, enrol_clinicians, enrol_patients
from bot.clock import SimulatedClock
from bot.keys import make_key_file
from bot.program import Program
from bot.settings import read_settings
from bot.simulation import Simulation
from bot.wiring import assembled, opened
from sandbox import Sandbox
from storage import schema

TOKEN = "710000001:opens-nothing-but-the-sandbox"  # noqa: S105  # no bot of Telegram's
ZONE = "Europe/Madrid"
FIRST_DAY = date(2026, 3, 2)  # a Monday
ENROLLED_AT = time(6, 30)  # before the first digest and the first check-in
ASKED_AT = "09:00"
CASELOAD = 20  # patients of one clinician


@dataclass(frozen=True, kw_only=True, slots=True)
class Ward:
    """Everybody, and the program they talk to."""

    program: Program
    sandbox: Sandbox
    clock: SimulatedClock
    simulation: Simulation
    clinicians: list[Clinician]
    patients: list[Patient]


@asynccontextmanager
async def ward_of(
    number: int, *, folder: Path, seed: int, zone: str = ZONE, day: date = FIRST_DAY
) -> AsyncGenerator[Ward]:
    """A clinic with that many patients, asked every day, in a fresh SQLite database in that folder."""
    clock = SimulatedClock(instant(day, ENROLLED_AT, zone))
    make_key_file(folder / "bench.keys")
    async with Sandbox(token=TOKEN, clock=clock, seed=seed) as sandbox:
        settings = read_settings(
            _env_file=None,
            bot_token=TOKEN,
            telegram_api_url=sandbox.url,
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'bench.sqlite3'}",  # whatever the environment says
            encryption_keys_file=folder / "bench.keys",
            clinic_zone=zone,
            emergency_number="112",
        )
        async with opened(settings) as database:
            await schema.migrate(database)
        async with assembled(settings, clock) as program:
            simulation = Simulation(program, clock, updates_waiting=lambda: sandbox.pending)
            clinicians = await enrol_clinicians(program, sandbox, simulation, -(-number // CASELOAD))
            patients = await enrol_patients(program, sandbox, simulation, number, clinicians=clinicians, at=ASKED_AT)
            await ask_every_day(program, patients)
            yield Ward(
                program=program,
                sandbox=sandbox,
                clock=clock,
                simulation=simulation,
                clinicians=clinicians,
                patients=patients,
            )
