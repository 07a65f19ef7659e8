"""A simulated clinic on the real program: patients write the sentences, clinicians take pages and get digests."""

import random
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from alliance.alerts import AlertState
from alliance.buttons import ActOnAlert, AlertStep, ChooseTime, Consent, KeepZone, decode, encode
from alliance.cadence import PRESETS
from alliance.local_time import instant
from alliance.people import SYSTEM, Role
from alliance.welcoming import CONSENT_VERSION
from benchmarks.replies.sentences import Sentence
from bot.clock import SimulatedClock, SystemClock
from bot.keys import make_key_file
from bot.program import Program, assembled, opened
from bot.settings import read_settings
from bot.simulation import Simulation
from sandbox import Person, Sandbox
from storage import schema
from workflows import set_cadence
from workflows.enrol import invite

TOKEN = "710000001:a-token-that-opens-nothing-anywhere"  # noqa: S105  # of the sandbox alone
ZONE = "Europe/Madrid"
FIRST_DAY = date(2026, 3, 2)  # a Monday, so that the first digest comes the next morning
ENROLLING = time(10)
ASKED_AT = "09:00"
EARLY, MORNING, ANSWERING = time(7, 15), time(8, 5), time(9, 20)  # before the digest, after it, after the check-in
WRITING = (time(9, 30), time(12, 10), time(17, 40))  # more than ten minutes apart: each gets a receipt of its own
MOST_PATIENTS = 60
SENTENCES_EACH = 8  # at least, so that small files are spread over more than one day too
CASELOAD = 20
ANSWERS = 0.7  # chance that a patient answers the three questions before writing


@dataclass(kw_only=True, slots=True)
class Reply:
    """One message a patient wrote, and what was found out about it since."""

    row: int
    words: str
    patient_id: int
    chat_id: int
    message_id: int
    answers: tuple[str, ...] = ()  # what the patient saw from the bot because of it
    stored: bool = False
    screened: bool = False
    flagged: bool = False
    shown: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """A patient's phone, and what is still to be written on it."""

    person: Person
    id: int
    clinician_id: int
    to_write: deque[tuple[int, str]] = field(default_factory=deque[tuple[int, str]])  # row, words


@dataclass(kw_only=True, slots=True)
class Day:
    """What one day of writing took."""

    replies: int = 0
    seconds: float = 0.0  # from writing to the last answer, of the machine's own time


class Ward:
    """Patients and clinicians of one clinic; ``replies`` grows while they write."""

    def __init__(self, program: Program, sandbox: Sandbox, clock: SimulatedClock, *, seed: int) -> None:
        self.program, self._sandbox, self._clock = program, sandbox, clock
        self._chance = random.Random(seed)  # noqa: S311  # repeatable on purpose, guards nothing
        self._simulation = Simulation(program, clock, updates_waiting=lambda: sandbox.pending)
        self._watch = SystemClock()
        self._staff: list[Person] = []
        self._looked_at: dict[int, int] = {}  # chat of a clinician, newest message seen there
        self.clinicians: list[int] = []
        self.patients: list[Patient] = []
        self.replies: list[Reply] = []
        self.days: dict[date, Day] = {}

    async def enrol(self, sentences: Sequence[Sentence]) -> None:
        """Invite everybody, let them come in through the chat, and hand out the sentences."""
        number = min(MOST_PATIENTS, -(-len(sentences) // SENTENCES_EACH))
        await self._enrol_clinicians(-(-number // CASELOAD))
        await self._enrol_patients(number)
        shares = list(range(len(sentences)))
        self._chance.shuffle(shares)
        for place, share in enumerate(shares):
            sentence = sentences[share]
            # the parts of a long sentence stay together, in order
            self.patients[place % number].to_write.extend((sentence.row, part) for part in sentence.parts)

    async def _enrol_clinicians(self, number: int) -> None:
        for n in range(1, number + 1):
            async with self.program.database.writing() as session:
                unit = self.program.unit(session, f"bench:clinician:{n}")
                unit.actor = SYSTEM
                invited = await invite(unit, Role.CLINICIAN, code_name=f"CLINICIAN-{n}", name=f"Dr {n}")
            self.clinicians.append(invited.person.id)
            self._staff.append(self._sandbox.person(f"Clinician {n}"))
            self._staff[-1].opens(invited.link)
        await self._simulation.settle()

    async def _enrol_patients(self, number: int) -> None:
        for n in range(1, number + 1):
            clinician = n % len(self.clinicians)
            async with self.program.database.writing() as session:
                unit = self.program.unit(session, f"bench:patient:{n}")
                unit.actor = SYSTEM
                invited = await invite(
                    unit, Role.PATIENT, code_name=f"PATIENT-{n:02}", clinician=f"CLINICIAN-{clinician + 1}"
                )
            person = self._sandbox.person(f"Patient {n}")
            person.opens(invited.link)
            patient = Patient(person=person, id=invited.person.id, clinician_id=self.clinicians[clinician])
            self.patients.append(patient)
        await self._simulation.settle()
        for press in (Consent(version=CONSENT_VERSION, given=True), KeepZone(right=True), ChooseTime(at=ASKED_AT)):
            for patient in self.patients:
                patient.person.taps(data=encode(press))
            await self._simulation.settle()
        async with self.program.database.writing() as session:
            unit = self.program.unit(session, "bench:cadence")
            unit.actor = SYSTEM
            for patient in self.patients:
                who = await set_cadence.patient_of(unit, patient.id)
                await set_cadence.save(unit, await set_cadence.preview(unit, who, rules=PRESETS["daily"], at=None))

    async def live(self, day: date, *, after_the_digests: Callable[[date], object]) -> None: ...
