"""The process dies at any moment, again and again, and every word and every tap is there once."""

import asyncio
import base64
import json
import random
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from alliance.buttons import decode
from alliance.checkin import CheckinState
from alliance.delivery import MOST_COPIES, Lane, OutboxState
from alliance.people import SYSTEM, Role
from alliance.presses import Rate
from bot.clinic import read_clinic
from bot.settings import read_settings
from sandbox import Person, Sandbox, Shown
from storage import messages, outbox, schema
from storage.database import Database
from storage.raw_updates import InboxState
from storage.tables import Answer, Checkin, Enrolment, Incoming, Message, Outgoing
from storage.vault import KEY_LENGTH
from tests.bot.processes import House, stopped, until
from tests.bot.ward import TOKEN
from workflows.invite import invite
from workflows.unit import Unit

pytestmark = pytest.mark.crash

SEED = 20260302
NAMES = ("Ana", "Ben", "Cy", "Dee", "Eve", "Fay")
SLOTS = ("first", "second", "third")
KILLS_IN_A_SLOT = 3
LONGEST_LIFE = 1.2  # seconds from the first poll to the kill
QUIET_WITHIN = 30.0  # seconds after the last start


@dataclass(kw_only=True, slots=True)
class Patient:
    """Somebody who taps whatever can be tapped and writes numbered sentences, and remembers both."""

    phone: Person
    chance: random.Random
    sentences: list[str] = field(default_factory=list[str])
    ratings: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    updates: list[int] = field(default_factory=list[int])
    over: set[int] = field(default_factory=set[int])  # check-ins of earlier slots: a tap on those is too late

    def writes(self) -> None:
        """The next sentence."""
        self.sentences.append(f"{self.phone.name} says sentence number {len(self.sentences)}")
        self.updates.append(self.phone.writes(self.sentences[-1]).update_id)

    def taps(self) -> None:
        """A number on an item that this person sees and has not answered yet."""
        for shown in reversed(self.phone.screen):
            fresh = [p for p in _rates(shown) if p.checkin_id not in self.over and _item(p) not in self.ratings]
            if fresh:
                press = self.chance.choice(fresh)
                self.ratings[_item(press)] = press.rating
                data = next(b.data for row in shown.buttons for b in row if b.data and decode(b.data) == press)
                self.updates.append(self.phone.taps_old(shown.message_id, data).update_id)
                return

    @property
    def has_tapped(self) -> bool:
        """Whether anything of the check-in that is asked now has been answered."""
        return any(checkin_id not in self.over for checkin_id, _ in self.ratings)

    def turns_the_page(self) -> None:
        """From now on another slot's check-in is asked."""
        self.over |= {press.checkin_id for shown in self.phone.screen for press in _rates(shown)}


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(token=TOKEN, seed=SEED) as running:
        yield running


@pytest.fixture
async def house(bare_database: Database, sandbox: Sandbox, tmp_path: Path) -> House:
    """A clinic with a database that is migrated and empty."""
    await schema.migrate(bare_database)
    keys = tmp_path / "checkin.keys"
    keys.write_text(f"1:{base64.b64encode(b'k' * KEY_LENGTH).decode()}\n", encoding="utf-8")
    keys.chmod(0o600)
    settings = {
        "CHECKIN_BOT_TOKEN": TOKEN,
        "CHECKIN_TELEGRAM_API_URL": sandbox.url,
        "CHECKIN_DATA_DIR": str(tmp_path),
        "CHECKIN_DATABASE_URL": bare_database._url.render_as_string(hide_password=False),
        "CHECKIN_ENCRYPTION_KEYS_FILE": str(keys),
    }
    return House(folder=tmp_path, settings=settings)


async def test_however_often_the_process_dies_nothing_is_lost_and_nothing_happens_twice(
    house: House, sandbox: Sandbox, bare_database: Database
) -> None:
    chance = random.Random(SEED)  # noqa: S311  # repeatable on purpose
    patients = await _enrolled(house, sandbox, bare_database)

    for slot in SLOTS:
        for patient in patients:
            patient.turns_the_page()
        await _make_due(bare_database, slot)
        for _ in range(KILLS_IN_A_SLOT):
            await _live_and_die(house, sandbox, patients, chance)
        await _settle(house, sandbox, bare_database, patients)

    await _all_is_there_once(bare_database, sandbox, patients)


async def _enrolled(house: House, sandbox: Sandbox, database: Database) -> list[Patient]:
    links = await _links(database)
    people = {name: sandbox.person(name) for name in links}
    async with house.running(sandbox) as process:
        for name, link in links.items():
            people[name].opens(link)
            await _seen(people[name])
        patients = [people[name] for name in NAMES]
        for label in ("Yes, I want to take part", "Yes", "09:00"):
            await until(lambda wanted=label: all(_sees(person, wanted) for person in patients), 20)
            for person in patients:
                person.taps(label)
        await until(lambda: not any(person.last.labels or person.spinning for person in patients), 20)
        assert await stopped(process) == 0
    seeds = range(SEED, SEED + len(patients))
    chances = [random.Random(seed) for seed in seeds]  # noqa: S311  # repeatable on purpose
    return [Patient(phone=person, chance=chance) for person, chance in zip(patients, chances, strict=True)]


async def _links(database: Database) -> dict[str, str]:
    clinic = read_clinic(read_settings(_env_file=None), bot_username="alliance_checkin_bot")
    now = datetime.now(UTC)  # noqa: TID251  # the process lives on the real clock
    async with database.writing() as session:
        unit = Unit(session=session, now=now, clinic=clinic, origin="test", actor=SYSTEM)
        links = {"Cole": (await invite(unit, Role.CLINICIAN, code_name="COLE")).link}
        for name in NAMES:
            links[name] = (await invite(unit, Role.PATIENT, code_name=name, clinician="COLE")).link
    return links


async def _make_due(database: Database, slot: str) -> None:
    """Let everybody's next check-in fall due now; the one after it is half a day away."""
    now = datetime.now(UTC)  # noqa: TID251  # as above
    async with database.writing() as session:
        await session.execute(
            update(Enrolment).values(
                rules=["FREQ=DAILY"],
                at=[f"{now + timedelta(hours=12):%H:%M}"],
                next_due_at=now,
                next_due_on=now.date(),
                next_slot=slot,
                most_a_day=len(SLOTS),
            )
        )


async def _live_and_die(house: House, sandbox: Sandbox, patients: list[Patient], chance: random.Random) -> None:
    async with house.running(sandbox) as process:
        dies_in = chance.uniform(0.0, LONGEST_LIFE)
        active = asyncio.create_task(_be_active(patients, chance))
        await asyncio.sleep(dies_in)
        process.kill()
        await process.wait()
        active.cancel()
        await asyncio.gather(active, return_exceptions=True)
    chance.choice(patients).writes()  # while nobody is there


async def _be_active(patients: list[Patient], chance: random.Random) -> None:
    while True:
        await asyncio.sleep(chance.uniform(0.01, 0.08))
        patient = chance.choice(patients)
        patient.taps() if chance.random() < 0.6 else patient.writes()


async def _settle(house: House, sandbox: Sandbox, database: Database, patients: list[Patient]) -> None:
    """Let the process live until there is nothing left to do, and stop it as an operator would."""
    async with house.running(sandbox) as process:
        async with asyncio.timeout(QUIET_WITHIN):
            while True:
                for patient in patients:
                    if not patient.has_tapped:  # on a slow machine hardly anybody has by now
                        patient.taps()
                if not sandbox.pending and await _is_quiet(database):
                    break
                await asyncio.sleep(0.1)
        assert await stopped(process) == 0


async def _is_quiet(database: Database) -> bool:
    now = datetime.now(UTC)  # noqa: TID251  # as above
    soon = now + timedelta(minutes=5)  # a check-in's copy rests for ten, and what comes after it waits
    async with database.reading() as session:
        waiting = await session.scalar(select(Incoming.seq).where(Incoming.state == InboxState.WAITING).limit(1))
        sending = await session.scalar(select(Outgoing.id).where(Outgoing.state == OutboxState.SENDING).limit(1))
        next_at = await outbox.next_due_at(session, now=now)
        due = await session.scalar(select(Enrolment.patient_id).where(Enrolment.next_due_at < soon).limit(1))
    return (waiting, sending, due) == (None, None, None) and (next_at is None or next_at > soon)


async def test_another_process_that_leaves_does_not_take_our_files_for_abandoned(sqlite_database: Database) -> None:
    # an invitation made beside the running bot once deleted the write-ahead log under its hands
    async with sqlite_database.writing() as session:
        await session.execute(text("CREATE TABLE beside (n INTEGER)"))
    async with sqlite_database.reading() as session:  # a second connection of this process
        await session.execute(text("SELECT * FROM beside"))

    await _write_beside(sqlite_database)
    async with sqlite_database.writing() as session:
        await session.execute(text("INSERT INTO beside VALUES (2)"))
    await _write_beside(sqlite_database)

    async with sqlite_database.reading() as session:
        assert (await session.scalars(text("SELECT n FROM beside"))).all() == [1, 2, 1]
        assert await session.scalar(text("PRAGMA integrity_check")) == "ok"


_OTHER_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO beside VALUES (1)")
connection.commit()
connection.close()
"""


async def _write_beside(database: Database) -> None:
    file = database.engine.url.database or ""
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", _OTHER_PROCESS, file)
    assert await other.wait() == 0


async def _all_is_there_once(database: Database, sandbox: Sandbox, patients: list[Patient]) -> None:
    async with database.reading() as session:
        inbox = (await session.scalars(select(Incoming))).all()
        kept = (await session.scalars(select(Message))).all()
        words = Counter(messages.words_of(session, message) for message in kept)
        answers = {(a.checkin_id, a.item_id): a.rating for a in await session.scalars(select(Answer))}
        checkins = (await session.scalars(select(Checkin))).all()
        posts = (await session.scalars(select(Outgoing))).all()
        if database.is_sqlite:
            assert await session.scalar(text("PRAGMA integrity_check")) == "ok"
    written = [sentence for patient in patients for sentence in patient.sentences]
    tapped = {key: rating for patient in patients for key, rating in patient.ratings.items()}
    seen = Counter(row.update_id for row in inbox)

    assert len(written) > 30
    assert len(tapped) > 10
    assert words == Counter(written)
    assert answers == tapped
    assert all(seen[update_id] == 1 for patient in patients for update_id in patient.updates)
    assert {row.state for row in inbox} == {InboxState.DONE}
    assert Counter(c.slot for c in checkins) == dict.fromkeys(SLOTS, len(NAMES))
    assert {CheckinState(c.state) for c in checkins} <= _HONEST
    _no_copy_too_many(sandbox, posts)


_HONEST = {CheckinState.OPEN, CheckinState.ANSWERED, CheckinState.EXPIRED, CheckinState.QUEUED, CheckinState.MISSED}


def _no_copy_too_many(sandbox: Sandbox, posts: Sequence[Outgoing]) -> None:
    questions = Counter(
        checkin_id
        for call in sandbox.ledger.calls("sendMessage")
        if call.status == 200 and (checkin_id := _asked_about(call.parameters.get("reply_markup"))) is not None
    )
    for post in posts:
        assert post.unclear <= post.tries
        assert post.state != OutboxState.SENDING
        if post.lane == Lane.CHECKIN and post.method == "sendMessage" and post.checkin_id is not None:
            # a copy may have left only after a try that nobody can be sure of
            assert questions[post.checkin_id] <= min(MOST_COPIES, 1 + post.unclear)
            assert questions[post.checkin_id] >= 1 or post.state != OutboxState.SENT


def _asked_about(markup: object) -> int | None:
    keyboard = json.loads(markup) if isinstance(markup, str) else markup
    rows = keyboard.get("inline_keyboard", []) if isinstance(keyboard, dict) else []
    presses = [decode(button["callback_data"]) for row in rows for button in row if "callback_data" in button]
    return next((press.checkin_id for press in presses if isinstance(press, Rate)), None)


def _rates(shown: Shown) -> list[Rate]:
    presses = [decode(button.data) for row in shown.buttons for button in row if button.data]
    return [press for press in presses if isinstance(press, Rate)]


def _item(press: Rate) -> tuple[int, str]:
    return press.checkin_id, press.item_id


def _sees(person: Person, label: str) -> bool:
    return any(label in shown.labels for shown in person.screen)


async def _seen(person: Person) -> None:
    await until(lambda: any(shown.from_bot for shown in person.screen), 20)
