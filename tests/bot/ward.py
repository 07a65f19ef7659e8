"""What the tests of the running program hold in their hands: a ward with its program, its people and its post."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from alliance.delivery import Lane, OutboxState
from alliance.people import SYSTEM, Role
from bot.clock import SimulatedClock
from bot.program import Program
from bot.simulation import Simulation
from sandbox import Person, Sandbox
from storage import outbox
from storage.intents import Intent
from storage.tables import Incoming, Outgoing
from workflows.invite import invite

TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"


@dataclass(kw_only=True, slots=True)
class Ward:
    """The program, the Telegram it talks to, and the time both share."""

    program: Program
    sandbox: Sandbox
    clock: SimulatedClock
    queued: int = field(default=0)

    @property
    def simulation(self) -> Simulation:
        """The program stepped by hand."""
        return Simulation(self.program, self.clock, updates_waiting=lambda: self.sandbox.pending)

    def visitor(self, name: str) -> Person:
        """Somebody who has pressed Start, so that the bot may write; the program has not heard of it."""
        person = self.sandbox.person(name)
        person.opens()
        self.sandbox.world.queue.clear()
        return person

    async def queue(
        self, to: Person, text: str, *, lane: Lane = Lane.REPLY, expires_in: timedelta | None = None, **body: object
    ) -> int:
        """Put a message into the outbox; its id."""
        self.queued += 1
        now = self.clock.now()
        intent = Intent(
            key=f"test:{self.queued}",
            lane=lane,
            chat_id=to.user_id,
            person_id=None,
            method="sendMessage",
            body={"chat_id": to.user_id, "text": text, **body},
            due_at=now,
            expires_at=now + expires_in if expires_in else None,
        )
        async with self.program.database.writing() as session:
            row_id = await outbox.add(session, intent, now=now)
        assert row_id is not None
        return row_id

    async def post(self, row_id: int) -> Outgoing:
        """A message of the outbox as it stands."""
        async with self.program.database.reading() as session:
            row = await session.get(Outgoing, row_id)
        assert row is not None
        return row

    async def states(self) -> dict[OutboxState, int]:
        """How many messages stand in each state that occurs."""
        async with self.program.database.reading() as session:
            return {OutboxState(state): n for state, n in (await outbox.counts(session)).items() if n}

    async def inbox(self) -> Sequence[Incoming]:
        """Every update that was stored, in order."""
        async with self.program.database.reading() as session:
            return (await session.scalars(select(Incoming).order_by(Incoming.seq))).all()

    async def until_quiet(self, *, at_most: int = 50) -> None:
        """Let time pass until nothing is queued any more."""
        for _ in range(at_most):
            await self.program.sender.drain()
            async with self.program.database.reading() as session:
                next_at = await outbox.next_due_at(session, now=self.clock.now())
            if next_at is None:
                return
            self.clock.move_to(next_at)
        raise AssertionError("the outbox never came to rest")

    async def invited(self, role: Role, code_name: str, *, clinician: str | None = None) -> str:
        """The link of an invitation."""
        async with self.program.database.writing() as session:
            unit = self.program.unit(session, f"invite:{code_name}")
            unit.actor = SYSTEM
            return (await invite(unit, role, code_name=code_name, name=code_name.title(), clinician=clinician)).link

    async def enrolled(self, name: str = "Ana") -> Person:
        """A patient who takes part, with Dr Cole as clinician; asked twice a week at nine."""
        cole, patient = self.sandbox.person("Cole"), self.sandbox.person(name)
        cole.opens(await self.invited(Role.CLINICIAN, "COLE"))
        patient.opens(await self.invited(Role.PATIENT, "BIRCH-07", clinician="COLE"))
        for label in ("Yes, I want to take part", "Yes", "09:00"):
            await self.simulation.settle()
            patient.taps(label)
        await self.simulation.settle()
        return patient
