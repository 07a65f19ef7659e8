"""The demo's story: a clinic opens, invites everybody, and weeks pass."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alliance.people import SYSTEM, Role
from alliance.presses import SetCadence
from bot.clock import SimulatedClock
from bot.demo.cast import Fate, Part, chance_of, clinicians_for
from bot.demo.days import Actor, Days
from bot.demo.staff import StaffMember
from bot.program import Program
from bot.simulation import Simulation
from sandbox import Sandbox
from sandbox.patients import Deed, Patient
from sandbox.sentences import SENTENCES
from storage import people
from workflows.invite import invite

STARTS_AT = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday; the clocks go forward within a few weeks
COORDINATOR = "Kim"
PAUSE_DAYS = 7
# when in the run things happen, as a share of it, and at which local time
STRANGER_WRITES, CADENCE_CHANGES = 0.2, 0.35
_WHEN: Mapping[Fate, tuple[float, tuple[int, int]]] = {
    Fate.PAUSES: (0.3, (11, 20)),
    Fate.BLOCKS: (0.55, (20, 5)),
    Fate.LEAVES: (0.6, (9, 45)),
    Fate.CRISIS_SAID_PLAINLY: (0.6, (22, 40)),
    Fate.CRISIS_HINTED_AT: (0.8, (14, 10)),
}


class Story:
    """Puts people in front of the program and lets time pass."""

    def __init__(self, program: Program, sandbox: Sandbox, clock: SimulatedClock, *, seed: int) -> None:
        self.program, self._sandbox, self._clock, self._seed = program, sandbox, clock, seed
        self._simulation = Simulation(program, clock, updates_waiting=lambda: sandbox.unseen)
        self._days = Days(self._simulation, sandbox, clock)
        self._crises: dict[int, datetime] = {}
        self._staff: dict[str, StaffMember] = {}
        self._ids: dict[str, int] = {}  # patients, by code name

    async def play(
        self, parts: tuple[Part, ...], *, weeks: int, passed: Callable[[datetime], None]
    ) -> Mapping[int, datetime]:
        """Let the whole story happen; who wrote in danger and when, by chat, which only the story knows."""
        await self._open_clinic(clinicians_for(len(parts)))
        links = await self._invite(parts)
        actors: dict[int, Actor] = {}
        length = timedelta(weeks=weeks)
        for part in parts:
            actor = self._patient(part)
            actors[actor.person.user_id] = actor
            if part.fate is not Fate.NEVER_OPENS:
                opens_at = STARTS_AT + part.opens_after
                self._days.plan(Deed(at=opens_at, do=_opening(actor, links[part.code_name])))
                self._plan_fate(part, actor, length)
        self._plan_cadence(parts, STARTS_AT + length * CADENCE_CHANGES)
        stranger = self._sandbox.person("Cy")
        self._days.plan(
            Deed(at=STARTS_AT + length * STRANGER_WRITES, do=lambda: stranger.writes("hello, who is this?"))
        )
        self._days.follow(actors)
        await self._days.live_until(STARTS_AT + length, passed)
        return self._crises

    async def go_on(self, until: datetime) -> None:
        """Let time pass after the story: everybody lives on, and whoever came to the sandbox by themselves."""
        await self._days.catch_up()
        await self._days.live_until(until, lambda _: None)

    async def _open_clinic(self, clinicians: tuple[str, ...]) -> None:
        """Staff open their links; on call are the first two clinicians, then the coordinator."""
        links: dict[str, str] = {}
        async with self.program.database.writing("demo") as session:
            unit = self.program.unit(session, "demo:staff")
            unit.actor = SYSTEM
            for name in clinicians:
                invited = await invite(unit, Role.CLINICIAN, code_name=name.upper(), name=f"Dr {name}")
                links[name] = invited.link
            kim = await invite(unit, Role.COORDINATOR, code_name=COORDINATOR.upper(), name=COORDINATOR)
            links[COORDINATOR] = kim.link
        for name, link in links.items():
            person = self._sandbox.person(name)
            chance = chance_of(name, seed=self._seed)
            member = StaffMember(person, chance, misses_pages=1 if name == clinicians[0] else 0)
            self._staff[name] = member
            self._days.follow({person.user_id: member})
            person.opens(link)
        await self._simulation.settle()
        async with self.program.database.writing("demo") as session:
            found = [await people.by_code_name(session, name) for name in (*clinicians[:2], COORDINATOR)]
            await people.set_on_call(session, [person.id for person in found if person is not None])

    async def _invite(self, parts: tuple[Part, ...]) -> dict[str, str]:
        """A one-time link for each patient, by code name."""
        links: dict[str, str] = {}
        async with self.program.database.writing("demo") as session:
            unit = self.program.unit(session, "demo:patients")
            unit.actor = SYSTEM
            for part in parts:
                invited = await invite(
                    unit,
                    Role.PATIENT,
                    code_name=part.code_name,
                    name=f"{part.first_name} {part.last_name}",
                    clinician=part.clinician,
                    language=part.language,
                    zone=None if part.city else part.zone,
                    phone=part.phone,
                )
                links[part.code_name] = invited.link
                self._ids[part.code_name] = invited.person.id
        return links

    def _patient(self, part: Part) -> Patient:
        person = self._sandbox.person(part.first_name, part.language, last_name=part.last_name)
        return Patient(
            person,
            part.habits,
            part.chance(self._seed),
            zone=part.zone,
            rupture=part.rupture,
            refuses=part.fate is Fate.REFUSES,
            city=part.city,
        )

    def _plan_fate(self, part: Part, patient: Patient, length: timedelta) -> None:
        if part.fate not in _WHEN:
            return
        share, local = _WHEN[part.fate]
        day = (STARTS_AT + length * share).astimezone(ZoneInfo(part.zone))
        at = day.replace(hour=local[0], minute=local[1], second=0, microsecond=0).astimezone(UTC)
        said = SENTENCES[part.language]
        deeds: Mapping[Fate, Callable[[], object]] = {
            Fate.PAUSES: lambda: patient.person.writes(f"/pause {PAUSE_DAYS}"),
            Fate.BLOCKS: patient.person.blocks,
            Fate.LEAVES: patient.asks_to_leave,
            Fate.CRISIS_SAID_PLAINLY: lambda: self._cry(patient, said["direct"][0]),
            Fate.CRISIS_HINTED_AT: lambda: self._cry(patient, said["indirect"][0]),
        }
        self._days.plan(Deed(at=at, do=deeds[part.fate]))

    def _plan_cadence(self, parts: tuple[Part, ...], at: datetime) -> None:
        """The coordinator asks one patient more often from then on, and looks at the dates before saving."""
        part = next((part for part in parts if part.fate is Fate.ORDINARY), None)
        if part is None:
            return
        kim, patient_id = self._staff[COORDINATOR], self._ids[part.code_name]
        look, save = (SetCadence(patient_id=patient_id, preset="daily", save=is_final) for is_final in (False, True))
        self._days.plan(Deed(at=at, do=lambda: kim.person.writes(f"/cadence {part.code_name}")))
        self._days.plan(Deed(at=at + timedelta(seconds=20), do=lambda: kim.presses(look)))
        self._days.plan(Deed(at=at + timedelta(seconds=45), do=lambda: kim.presses(save)))

    def _cry(self, patient: Patient, sentence: str) -> None:
        self._crises[patient.person.user_id] = self._clock.now()
        patient.person.writes(sentence)


def _opening(patient: Patient, link: str) -> Callable[[], object]:
    return lambda: patient.person.opens(link)
