"""A clinic of three, made by rows because that costs nothing; its program is stepped by hand and killed."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from alliance.presses import AlertStep
from benchmarks.history.checker import judge
from benchmarks.history.reading import read_history
from benchmarks.history.records import Harm
from benchmarks.lives.journal import Journal
from bot.application import App
from bot.clock import SimulatedClock
from bot.program import Program
from bot.settings import Settings, read_settings
from bot.simulation import Simulation
from bot.timers import TICKS
from sandbox import Person, Sandbox
from storage import crash_points, people
from storage.database import Database
from storage.tables import Enrolment
from storage.tables import Person as Somebody
from storage.trouble import Unwritable
from storage.vault import Vault
from tests.kept_engines import copied_anew, kept_database
from tests.stories.ward import started

TOKEN = "123456:a-token-of-no-bot-at-all-0123456789"
START = datetime(2026, 3, 2, 8, 59, tzinfo=UTC)  # Monday, a minute before everybody is asked
ASKED_AT = "09:00"
NAMES = ("Ana", "Ben", "Fay")
RESTS = timedelta(minutes=11)  # longer than anything rests between two tries


class Killed(BaseException):
    """The process has ended here; nothing of it runs any more, not even what follows an exception."""


@dataclass(kw_only=True, slots=True)
class SmallClinic:
    """The parts, and what may happen to them."""

    sandbox: Sandbox
    clock: SimulatedClock
    settings: Settings
    database: Database
    journal: Journal
    program: Program
    application: App
    patients: list[Person]
    cole: Person
    folder: Path

    async def is_killed(self) -> None:
        """Nothing of the process is left; another one starts on the same database."""
        await self.application.bot.shutdown()  # only its sockets, which the kernel would close
        self.program, self.application = await started(self.settings, self.clock, self.database)
        await self.program.sender.recover()

    async def settles(self) -> None:
        """Everything that can happen at this moment happens."""
        await Simulation(self.program, self.clock, updates_waiting=lambda: self.sandbox.pending).settle()

    async def goes_on(self, much: timedelta) -> None:
        """Time passes, and what falls due meanwhile happens in its order."""
        simulation = Simulation(self.program, self.clock, updates_waiting=lambda: self.sandbox.pending)
        await simulation.settle()
        await simulation.run_until(self.clock.now() + much)

    async def looks_at_what_is_due(self) -> None:
        """Every timer asks its question once."""
        for tick in TICKS:
            await self.program.timers.ask(tick)

    async def comes_to_rest(self) -> None:
        """All faults are over, and all that rests before another try gets it."""
        self.sandbox.faults.clear()
        for _ in range(2):
            await self.looks_at_what_is_due()
            await self.settles()
            self.cole_takes_on_all()
            await self.goes_on(RESTS)

    def cole_takes_on_all(self) -> None:
        """Dr Cole says of every page on his screen that he has it: alerts that nobody takes on are paged for ever."""
        for shown in self.cole.screen:
            for button in (button for row in shown.buttons for button in row if button.data):
                if str(button.data).endswith(f":{AlertStep.HAVE}"):
                    self.cole.taps_old(shown.message_id, str(button.data))

    async def harm(self, *, outside: int = 0) -> list[Harm]:
        """What the independent judge finds."""
        file = self.database.engine.url.database or ""
        written = self.journal.write(self.folder / "journal.jsonl")
        history = await read_history(written, file, None, end_at=self.clock.now())
        return judge(history, outside=outside)


@contextmanager
def interrupted(place: str, *, nth: int, by: Callable[[], BaseException]) -> Generator[None]:
    """Raise at the nth passing of a crash point, and from then on at each: the process is gone, or the disk is full."""
    left = nth

    def reached(when: str, what: str) -> None:
        nonlocal left
        left -= f"{when}:{what}" == place
        if left <= 0 and f"{when}:{what}" == place:
            raise by()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crash_points, "reached", reached)
        yield


def full() -> Unwritable:
    """What a full disk says."""
    return Unwritable("sqlite", because="SQLITE_FULL")


@asynccontextmanager
async def small_clinic(template: Path, vault: Vault, folder: Path, *, seed: int = 1) -> AsyncGenerator[SmallClinic]:
    """Ana, Ben and Fay are asked daily at nine; Dr Cole is on call."""
    clock = SimulatedClock(START)
    database = kept_database(copied_anew(template, template.with_name("clinic.sqlite3")), vault)
    async with Sandbox(token=TOKEN, clock=clock, seed=seed) as sandbox:
        journal = Journal(sandbox)
        settings = read_settings(
            _env_file=None, bot_token=TOKEN, telegram_api_url=sandbox.url, data_dir=folder, emergency_number="112"
        )
        cole, *patients = [sandbox.person(name) for name in ("Cole", *NAMES)]
        async with database.writing() as session:
            doctor = await _arrives(session, cole)
            await people.give_role(session, doctor.id, Role.CLINICIAN, now=START)
            await people.set_on_call(session, [doctor.id])
            for phone in patients:
                session.add(_enrolled(await _arrives(session, phone), doctor))
        sandbox.world.queue.clear()
        program, application = await started(settings, clock, database)
        clinic = SmallClinic(
            sandbox=sandbox,
            clock=clock,
            settings=settings,
            database=database,
            journal=journal,
            program=program,
            application=application,
            patients=patients,
            cole=cole,
            folder=folder,
        )
        try:
            await program.last_resort.look_up_staff(database, clock.now())
            yield clinic
        finally:
            with suppress(RuntimeError):
                await clinic.application.shutdown()
            await database.close()


async def _arrives(session: AsyncSession, phone: Person) -> Somebody:
    phone.opens()
    person = await people.add(session, code_name=phone.name, name=None, language="en", zone="UTC", now=START)
    person.chat_id = phone.user_id
    return person


def _enrolled(patient: Somebody, doctor: Somebody) -> Enrolment:
    due_at = datetime.combine(START.date(), time.fromisoformat(ASKED_AT), ZoneInfo("UTC"))
    return Enrolment(
        patient_id=patient.id,
        clinician_id=doctor.id,
        state=EnrolmentState.ACTIVE,
        step="done",
        rules=["FREQ=DAILY"],
        at=[ASKED_AT],
        starts_on=START.date(),
        next_due_at=due_at,
        next_due_on=START.date(),
        next_slot=ASKED_AT,
        enrolled_at=START,
    )
