"""A simulated clinic on the real program: clinicians and patients enrolled through the chat of the sandbox."""

from collections import deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

from alliance.buttons import ChooseTime, Consent, KeepZone, encode
from alliance.cadence import PRESETS
from alliance.local_time import instant
from alliance.people import SYSTEM, Role
from alliance.welcoming import CONSENT_VERSION
from bot.clock import SimulatedClock
from bot.keys import make_key_file
from bot.program import Program, assembled, opened
from bot.settings import read_settings
from bot.simulation import Simulation
from sandbox import Person, Sandbox
from storage import schema
from workflows import set_cadence
from workflows.invite import invite

TOKEN = "710000001:opens-nothing-but-the-sandbox"  # noqa: S105  # no bot of Telegram's
ZONE = "Europe/Madrid"
FIRST_DAY = date(2026, 3, 2)  # a Monday
ENROLLED_AT = time(6, 30)  # before the first digest and the first check-in
ASKED_AT = "09:00"
CASELOAD = 20  # patients of one clinician


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinician:
    """A clinician's phone, and who that is to the program."""

    person: Person
    id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """A patient's phone, who that is to the program, and what is still to be written: row and words."""

    person: Person
    id: int
    clinician_id: int
    to_write: deque[tuple[int, str]] = field(default_factory=deque[tuple[int, str]])


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
async def ward_of(number: int, *, folder: Path, seed: int) -> AsyncGenerator[Ward]:
    """A clinic with that many patients, asked every day, in a fresh SQLite database in that folder."""
    clock = SimulatedClock(instant(FIRST_DAY, ENROLLED_AT, ZONE))
    make_key_file(folder / "bench.keys")
    async with Sandbox(token=TOKEN, clock=clock, seed=seed) as sandbox:
        settings = read_settings(
            _env_file=None,
            bot_token=TOKEN,
            telegram_api_url=sandbox.url,
            data_dir=folder,
            database_url=f"sqlite:///{folder / 'bench.sqlite3'}",  # whatever the environment says
            encryption_keys_file=folder / "bench.keys",
            clinic_zone=ZONE,
            emergency_number="112",
        )
        async with opened(settings) as database:
            await schema.migrate(database)
        async with assembled(settings, clock) as program:
            simulation = Simulation(program, clock, updates_waiting=lambda: sandbox.pending)
            ward = Ward(
                program=program, sandbox=sandbox, clock=clock, simulation=simulation, clinicians=[], patients=[]
            )
            await _enrol_clinicians(ward, -(-number // CASELOAD))
            await _enrol_patients(ward, number)
            yield ward


async def _enrol_clinicians(ward: Ward, number: int) -> None:
    async with ward.program.database.writing() as session:
        unit = ward.program.unit(session, "bench:clinicians")
        unit.actor = SYSTEM
        for n in range(number):
            invited = await invite(unit, Role.CLINICIAN, code_name=f"CLINICIAN-{n}", name=f"Dr {n}")
            person = ward.sandbox.person(f"Clinician {n}")
            person.opens(invited.link)
            ward.clinicians.append(Clinician(person=person, id=invited.person.id))
    await ward.simulation.settle()


async def _enrol_patients(ward: Ward, number: int) -> None:
    async with ward.program.database.writing() as session:
        unit = ward.program.unit(session, "bench:patients")
        unit.actor = SYSTEM
        for n in range(number):
            of = n % len(ward.clinicians)
            invited = await invite(unit, Role.PATIENT, code_name=f"PATIENT-{n}", clinician=f"CLINICIAN-{of}")
            person = ward.sandbox.person(f"Patient {n}")
            person.opens(invited.link)
            ward.patients.append(Patient(person=person, id=invited.person.id, clinician_id=ward.clinicians[of].id))
    await ward.simulation.settle()
    for press in (Consent(version=CONSENT_VERSION, given=True), KeepZone(right=True), ChooseTime(at=ASKED_AT)):
        for patient in ward.patients:
            patient.person.taps(data=encode(press))
        await ward.simulation.settle()
    async with ward.program.database.writing() as session:
        unit = ward.program.unit(session, "bench:cadence")
        unit.actor = SYSTEM
        for patient in ward.patients:
            known = await set_cadence.patient_of(unit, patient.id)
            await set_cadence.save(unit, await set_cadence.preview(unit, known, rules=PRESETS["daily"], at=None))
