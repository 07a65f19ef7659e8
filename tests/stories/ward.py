"""A small clinic to tell stories about: the real program, a sandbox in place of Telegram, and a clock that jumps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from alliance.enrolment import EnrolmentState
from alliance.people import SYSTEM, Role
from bot.application import App, make_application
from bot.clock import SimulatedClock
from bot.draughtsman import Draughtsman
from bot.elsewhere import Tell
from bot.program import Program
from bot.settings import Settings
from bot.simulation import Simulation
from bot.telegram_api import make_bot
from bot.timers import TICKS
from bot.wiring import wire
from sandbox import Sandbox
from sandbox.people import Person as OnThePhone
from storage import alerts, flags, inbox, messages, outbox, people
from storage.database import Database
from storage.tables import Alert, Answer, Checkin, ConsentGiven, Enrolment, Flag, Message, Person
from workflows.change_enrolment import change_enrolment
from workflows.invite import Invited, invite

MADRID = ZoneInfo("Europe/Madrid")
SQLITE, POSTGRESQL = "sqlite", "postgresql"
ON_BOTH = pytest.mark.parametrize("ground", [SQLITE, POSTGRESQL], indirect=True)  # kinds of database
YES = "Yes, I want to take part"


def madrid(month: int, day: int, at: str) -> datetime:
    """That day of 2026 at HH:MM on the wall in Madrid."""
    return datetime.combine(date(2026, month, day), time.fromisoformat(at), MADRID).astimezone(UTC)


@dataclass(kw_only=True, slots=True, repr=False)
class Ward:
    """Everybody by name, and what a story does with them."""

    sandbox: Sandbox
    clock: SimulatedClock
    settings: Settings
    database: Database
    program: Program
    application: App
    dead_letters: int = 0  # how many this story means to cause
    may_be_refused: bool = False  # a story of updates from chats that do not exist, to which no answer can go
    excesses: int = 0  # how many calls this story means to let run into a pause that nobody could know of
    may_spin: bool = False  # a story in which answers to taps are lost on purpose

    ana: OnThePhone  # enrolled: Madrid, 09:00, Mondays and Thursdays, Dr Cole
    ben: OnThePhone  # paused
    cy: OnThePhone  # a stranger
    cole: OnThePhone  # clinician, on call
    day: OnThePhone  # clinician, not on call
    kim: OnThePhone  # coordinator

    async def settle(self) -> None:
        """Everything that can happen at this moment happens."""
        await self._simulation().settle()

    async def until(self, moment: datetime) -> None:
        """What people have just done is dealt with; then time passes, and what falls due happens in order."""
        await self.settle()
        await self._simulation().run_until(moment)

    async def later(self, **much: float) -> None:
        """Time passes by so much, given as for timedelta."""
        await self.until(self.clock.now() + timedelta(**much))

    async def is_down_until(self, moment: datetime) -> None:
        """The program stands still until then and comes back: what fell due meanwhile is found at once."""
        self.clock.move_to(moment)
        await self.restart()
        await self.looks_at_what_is_due()

    async def looks_at_what_is_due(self) -> None:
        """Every timer asks its question once, as each does every few seconds."""
        for tick in TICKS:
            await self.program.timers.ask(tick)
        await self.settle()

    async def taps(self, person: OnThePhone, *labels: str) -> None:
        """Press these buttons, each after the last one has been answered."""
        for label in labels:
            person.taps(label)
            await self.settle()

    async def writes(self, person: OnThePhone, *texts: str) -> None:
        """Write these messages, each after the last one has been answered."""
        for text in texts:
            person.writes(text)
            await self.settle()

    async def invite(
        self,
        role: Role,
        code_name: str,
        *,
        name: str | None = None,
        clinician: str | None = None,
        language: str | None = None,
        zone: str | None = None,
        phone: str = "",
        emergency_contact: str = "",
    ) -> Invited:
        """Invite somebody as the command line does."""
        async with self.database.writing() as session:
            unit = self.program.unit(session, "invite")
            unit.actor = SYSTEM
            return await invite(
                unit,
                role,
                code_name=code_name,
                name=name,
                clinician=clinician,
                language=language,
                zone=zone,
                phone=phone,
                emergency_contact=emergency_contact,
            )

    async def enrol(self, person: OnThePhone, link: str, *, yes: str = YES, right: str = "Yes") -> None:
        """Walk through the enrolment by its shortest way: the link, yes, this zone, nine o'clock."""
        person.opens(link)
        await self.settle()
        await self.taps(person, yes, right, "09:00")

    async def restart(self, *, tell: Tell | None = None, draughtsman: Draughtsman | None = None) -> None:
        """The process ends and another one starts on the same database; ``tell`` is its second channel."""
        await self.application.shutdown()
        self.program, self.application = await started(
            self.settings, self.clock, self.database, tell=tell, draughtsman=draughtsman
        )
        await self.program.sender.recover()

    async def set_on_call(self, *code_names: str) -> None:
        """Set the order in which people are paged."""
        async with self.database.writing() as session:
            found = [await people.by_code_name(session, code_name) for code_name in code_names]
            await people.set_on_call(session, [person.id for person in found if person is not None])

    async def set_state(self, code_name: str, state: str) -> None:
        """Change where an enrolment stands and nothing else: for what is asked at the last moment."""
        async with self.database.writing() as session:
            person = await people.by_code_name(session, code_name)
            enrolment = await people.enrolment(session, person.id) if person else None
            assert enrolment is not None
            enrolment.state = state

    async def staff_say(self, code_name: str, state: EnrolmentState) -> None:
        """Staff say where an enrolment stands, as the command line does."""
        async with self.database.writing() as session:
            unit = self.program.unit(session, "enrolment")
            unit.actor = SYSTEM
            person = await people.by_code_name(session, code_name)
            assert person is not None
            await change_enrolment(unit, person, state)

    async def person(self, code_name: str) -> Person:
        """The person of that code name as the clinic knows them."""
        async with self.database.reading() as session:
            found = await people.by_code_name(session, code_name)
            assert found is not None
            return found

    async def enrolment(self, code_name: str) -> Enrolment:
        """The enrolment of that patient."""
        patient = await self.person(code_name)
        async with self.database.reading() as session:
            found = await people.enrolment(session, patient.id)
            assert found is not None
            return found

    async def consents(self) -> list[tuple[int, str, str]]:
        """Every decision about the consent text: its version, its language, and what was decided."""
        async with self.database.reading() as session:
            rows = await session.scalars(select(ConsentGiven).order_by(ConsentGiven.id))
            return [(row.version, row.language, row.decision) for row in rows]

    async def checkins(self, code_name: str = "BIRCH-07") -> list[Checkin]:
        """Every check-in of that patient, oldest first."""
        patient = await self.person(code_name)
        async with self.database.reading() as session:
            query = select(Checkin).where(Checkin.patient_id == patient.id).order_by(Checkin.due_at)
            return list(await session.scalars(query))

    async def states(self, code_name: str = "BIRCH-07") -> list[str]:
        """Where each check-in of that patient stands, oldest first."""
        return [str(checkin.state) for checkin in await self.checkins(code_name)]

    async def answers(self) -> dict[str, int]:
        """The number given to each item; of the latest check-in that has it."""
        async with self.database.reading() as session:
            rows = await session.execute(select(Answer.item_id, Answer.rating).order_by(Answer.id))
            return dict(rows.all())

    async def words(self, person: OnThePhone) -> list[str | None]:
        """What is stored of a person's messages, each version, in the order of arrival."""
        rows = await self.messages_of(person)
        async with self.database.reading() as session:
            return [messages.words_of(session, row) for row in rows]

    async def messages_of(self, person: OnThePhone) -> list[Message]:
        """Every version of every message of a person that is stored, in the order of arrival."""
        async with self.database.reading() as session:
            rows = await session.scalars(
                select(Message)
                .where(Message.chat_id == person.user_id)
                .order_by(Message.received_at, Message.message_id, Message.version)
            )
            return list(rows)

    async def alerts(self) -> list[Alert]:
        """Every alert, oldest first."""
        async with self.database.reading() as session:
            return list(await alerts.every(session))

    async def flags(self) -> list[Flag]:
        """Every flag, oldest first."""
        async with self.database.reading() as session:
            return list(await flags.every(session))

    async def outbox(self) -> dict[str, int]:
        """How many outgoing messages stand in each state, zeros left out."""
        async with self.database.reading() as session:
            return {state: number for state, number in (await outbox.counts(session)).items() if number}

    async def count_dead(self) -> int:
        """How many updates nobody could handle."""
        async with self.database.reading() as session:
            return await inbox.dead(session)

    def says(self, key: str, *, language: str = "en", **values: object) -> str:
        """The sentence of that key as the wording has it, for stories in which the sentence is not the point."""
        return self.program.clinic.wordings.in_language(language)(key, **values)

    def _simulation(self) -> Simulation:
        return Simulation(self.program, self.clock, updates_waiting=lambda: self.sandbox.pending)


def texts(person: OnThePhone) -> list[str]:
    """What stands in a person's chat from the bot, oldest first."""
    return [shown.text for shown in person.screen if shown.from_bot]


def ever(ward: Ward, person: OnThePhone) -> list[str]:
    """Every text the bot ever put on a person's screen, edited and taken away ones too."""
    return [shown.text for shown in ward.sandbox.ledger.ever_shown(person.user_id) if shown.from_bot]


def calls(ward: Ward, person: OnThePhone, method: str | None = None) -> int:
    """How often the bot has called Telegram about a person's chat."""
    return len(ward.sandbox.ledger.calls(method, chat_id=person.user_id))


async def started(
    settings: Settings,
    clock: SimulatedClock,
    database: Database,
    *,
    tell: Tell | None = None,
    draughtsman: Draughtsman | None = None,
) -> tuple[Program, App]:
    """The program as it runs, and its library application."""
    bot = make_bot(settings.bot_token.get_secret_value(), settings.telegram_api_url)
    application = make_application(bot)
    await application.initialize()
    program = wire(settings, clock, database, bot, application, tell=tell, draughtsman=draughtsman)
    return program, application
