"""A small clinic behind a console: staff of every role, a few patients, and what happened to them; no program runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette

from alliance.checkin import CheckinState
from alliance.people import Role
from bot.clinic import read_clinic
from bot.console_rooms import ConsoleRooms
from bot.settings import read_settings
from console.app import console
from console.rooms import Around
from console.tokens import form_proof
from storage import flags, goals, messages, people, sessions
from storage.database import Database
from storage.messages import Screening, Written
from storage.tables import Answer, Checkin, ConsentGiven, Enrolment, Flag, Person
from workflows.unit import Unit

NOW = datetime(2026, 3, 16, 10, tzinfo=UTC)  # Monday, eleven in the morning in Madrid
STAFF = {
    "KIM": Role.COORDINATOR,
    "COLE": Role.CLINICIAN,
    "DAY": Role.CLINICIAN,
    "LEE": Role.LEAD,
    "ADA": Role.AUDITOR,
    "OPS": Role.OPERATOR,
}
ODD = '<img src=x onerror="alert(1)">'  # a code name, and what a patient wrote
WORDS = f"I felt unheard last time. {ODD}"


@dataclass(kw_only=True, slots=True)
class House:
    """The console, the clock it goes by, and a browser for anybody of the staff."""

    database: Database
    around: Around
    app: Starlette
    now: list[datetime]  # one moment, to be moved
    ids: dict[str, int] = field(default_factory=dict[str, int])
    nudges: list[int] = field(default_factory=list[int])

    async def token(self, code_name: str) -> str:
        """A session of that person, begun now."""
        async with self.database.writing() as session:
            return await sessions.begin(session, self.ids[code_name], now=self.now[0])

    async def browser(self, code_name: str = "") -> "Browser":
        """A browser that is signed in as that person, or as nobody."""
        token = await self.token(code_name) if code_name else ""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=self.around.url, cookies={"console": token}
        )
        return Browser(client=client, token=token, origin=self.around.url)

    def later(self, much: timedelta) -> None:
        """Time passes."""
        self.now[0] += much


@dataclass(frozen=True, kw_only=True, slots=True)
class Browser:
    """Asks as a browser does: with its cookie, its origin, and the proof of its session in every form."""

    client: httpx.AsyncClient
    token: str
    origin: str

    async def looks(self, path: str, **headers: str) -> httpx.Response:
        """Open a page."""
        return await self.client.get(f"/console{path}", headers=headers)

    async def sends(self, path: str, **fields: str) -> httpx.Response:
        """Send one of our own forms."""
        proof = {"proof": form_proof(self.token)} if self.token else {}
        return await self.client.post(f"/console{path}", data={**proof, **fields}, headers={"origin": self.origin})


@asynccontextmanager
async def furnished(database: Database, folder: Path, *, url: str = "http://127.0.0.1:8000") -> AsyncGenerator[House]:
    """The clinic with everybody in it."""
    settings = read_settings(
        _env_file=None,
        data_dir=folder,
        clinic_name="Almond House",
        clinic_zone="Europe/Madrid",
        emergency_number="112",
        web_address="127.0.0.1:8000",
        console_url=url,
    )
    clinic = read_clinic(settings, bot_username="almond_bot")
    now, nudges = [NOW], list[int]()
    rooms = ConsoleRooms(
        database,
        lambda session, origin: Unit(session=session, now=now[0], clinic=clinic, origin=origin),
        lambda: nudges.append(1),
    )
    around = Around(rooms=rooms, clinic=clinic, url=url)
    house = House(database=database, around=around, app=Starlette(routes=[console(around)]), now=now, nudges=nudges)
    async with database.writing() as session:
        for number, (code_name, role) in enumerate(STAFF.items(), start=1):
            person = await _person(session, house, code_name, chat_id=100 + number)
            await people.give_role(session, person.id, role, now=NOW - timedelta(days=30))
            if role is Role.CLINICIAN:
                person.digest_at, person.working_days = "08:00", "MO,TU,WE,TH,FR"
        for number, (code_name, clinician) in enumerate((("BIRCH-07", "COLE"), (ODD, "COLE"), ("MAPLE-02", "DAY"))):
            patient = await _person(session, house, code_name, chat_id=200 + number)
            session.add(_enrolment(patient, house.ids[clinician]))
            session.add(
                ConsentGiven(
                    patient_id=patient.id, version=1, language="en", decision="given", decided_at=patient.created_at
                )
            )
        await session.flush()
        await _answers(session, house)
        await _flag_and_words(session, house)
    yield house


async def _person(session: AsyncSession, house: House, code_name: str, *, chat_id: int) -> Person:
    person = await people.add(
        session, code_name=code_name, name=None, language="en", zone="Europe/Madrid", now=NOW - timedelta(days=30)
    )
    person.chat_id = chat_id
    house.ids[code_name] = person.id
    return person


def _enrolment(patient: Person, clinician_id: int) -> Enrolment:
    return Enrolment(
        patient_id=patient.id,
        clinician_id=clinician_id,
        state="active",
        step="done",
        rules=["FREQ=WEEKLY;BYDAY=MO,TH"],
        at=["18:00"],
        starts_on=patient.created_at.date(),
        next_due_at=NOW.replace(hour=17),
        next_due_on=NOW.date(),
        next_slot="18:00",
        enrolled_at=patient.created_at,
    )


async def _answers(session: AsyncSession, house: House) -> None:
    for week in range(6, 0, -1):
        due = NOW - timedelta(days=3 * week, hours=2)
        checkin = Checkin(
            patient_id=house.ids["BIRCH-07"],
            clinician_id=house.ids["COLE"],
            local_date=due.date(),
            slot="18:00",
            instrument="alliance-brief/1",
            language="en",
            state=CheckinState.ANSWERED,
            remark_open=False,
            due_at=due,
            delivered_at=due,
            expires_at=due + timedelta(days=1),
            completed_at=due,
            ended_at=due,
        )
        session.add(checkin)
        await session.flush()
        bond = 2 if week < 3 else 6
        for item, domain, rating in (("goal1", "goal", 6), ("task1", "task", 5), ("bond1", "bond", bond)):
            session.add(
                Answer(
                    checkin_id=checkin.id,
                    item_id=item,
                    domain=domain,
                    rating=rating,
                    fraction=(rating - 1) / 6,
                    answered_at=due,
                    about_id=house.ids["COLE"] if domain == "bond" else None,
                )
            )
    await session.flush()


async def _flag_and_words(session: AsyncSession, house: House) -> None:
    await flags.raise_flag(
        session,
        Flag(
            patient_id=house.ids["BIRCH-07"],
            clinician_id=house.ids["COLE"],
            kind="withdrawal",
            domain="bond",
            signal="drop",
            strength=0.8,
            since=NOW - timedelta(days=6),
            reason={
                "rating": 1 / 6,
                "usual": 5 / 6,
                "usual_low": 4 / 6,
                "usual_high": 1.0,
                "usual_count": 4,
                "highest": 7,
                "lowest": 1,
            },
            rule="drop/3",
            state="raised",
            raised_at=NOW - timedelta(days=2),
        ),
    )
    await messages.keep(
        session,
        Written(chat_id=200, message_id=9, version=0, kind="text", words=WORDS, sent_at=NOW - timedelta(days=2)),
        Screening(disposition="screened", rules_version="1"),
        person_id=house.ids["BIRCH-07"],
        checkin_id=None,
        now=NOW - timedelta(days=2),
    )
    await goals.add(session, house.ids["BIRCH-07"], "Walk to the lake", now=NOW - timedelta(days=20))
