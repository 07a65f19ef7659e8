"""Clinicians and patients who come to a simulated clinic as people do: by link, and by tapping their consent."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from alliance.buttons import encode
from alliance.cadence import PRESETS
from alliance.people import SYSTEM, Role
from alliance.presses import ChooseTime, Consent, KeepZone
from alliance.welcoming import CONSENT_VERSION
from bot.program import Program
from bot.simulation import Simulation
from sandbox import Person, Sandbox
from workflows import set_cadence
from workflows.invite import invite


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


async def enrol_clinicians(program: Program, sandbox: Sandbox, simulation: Simulation, number: int) -> list[Clinician]:
    """So many clinicians, each of whom has opened an invitation."""
    clinicians: list[Clinician] = []
    async with program.database.writing() as session:
        unit = program.unit(session, "bench:clinicians")
        unit.actor = SYSTEM
        for n in range(number):
            invited = await invite(unit, Role.CLINICIAN, code_name=f"CLINICIAN-{n}", name=f"Dr {n}")
            person = sandbox.person(f"Clinician {n}")
            person.opens(invited.link)
            clinicians.append(Clinician(person=person, id=invited.person.id))
    await simulation.settle()
    return clinicians


async def enrol_patients(
    program: Program,
    sandbox: Sandbox,
    simulation: Simulation,
    number: int,
    *,
    clinicians: Sequence[Clinician],
    at: str,
) -> list[Patient]:
    """So many patients, dealt out to the clinicians, who have tapped consent, zone and that time of day."""
    patients: list[Patient] = []
    async with program.database.writing() as session:
        unit = program.unit(session, "bench:patients")
        unit.actor = SYSTEM
        for n in range(number):
            of = n % len(clinicians)
            invited = await invite(unit, Role.PATIENT, code_name=f"PATIENT-{n}", clinician=f"CLINICIAN-{of}")
            person = sandbox.person(f"Patient {n}")
            person.opens(invited.link)
            patients.append(Patient(person=person, id=invited.person.id, clinician_id=clinicians[of].id))
    await simulation.settle()
    for press in (Consent(version=CONSENT_VERSION, given=True), KeepZone(right=True), ChooseTime(at=at)):
        for patient in patients:
            patient.person.taps(data=encode(press))
        await simulation.settle()
    return patients


async def ask_every_day(program: Program, patients: Sequence[Patient], *, at: str | None = None) -> None:
    """Give them all a daily cadence, at that local time (``09:00``) or the one they have chosen."""
    async with program.database.writing() as session:
        unit = program.unit(session, "bench:cadence")
        unit.actor = SYSTEM
        for patient in patients:
            known = await set_cadence.patient_of(unit, patient.id)
            await set_cadence.save(unit, await set_cadence.preview(unit, known, rules=PRESETS["daily"], at=at))
