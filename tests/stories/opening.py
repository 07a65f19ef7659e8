"""How a story begins: the clinic opens, its staff arrives, and patients enrol through the chat."""

import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alliance.people import Role
from bot.clock import SimulatedClock
from bot.settings import read_settings
from sandbox import Sandbox
from sandbox.snapshot import Snapshot
from storage.database import Database
from tests.stories.ward import YES, Ward, started

TOKEN = "123456:a-token-of-no-bot-at-all-0123456789"
EVERYBODY = ("Ana", "Ben", "Cy", "Cole", "Day", "Kim")
START = datetime(2026, 3, 2, 7, tzinfo=UTC)  # Monday, eight in the morning in Madrid


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """A clinic in which something has happened: what was stored, what people saw, and when that was over."""

    database: bytes
    telegram: Snapshot
    over_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Beginning:
    """What happens once the staff is there, the same whenever it is told."""

    name: str
    goes_on: Callable[[Ward], Awaitable[None]]


async def _nothing_more(_ward: Ward) -> None:
    """The staff is there, and nobody has been invited yet."""


STAFF_ALONE = Beginning(name="staff alone", goes_on=_nothing_more)
_told_before: dict[str, Opening] = {}  # each opening is told once; on SQLite the next stories begin where it ended


@asynccontextmanager
async def opened_ward(database: Database, folder: Path, beginning: Beginning = STAFF_ALONE) -> AsyncGenerator[Ward]:
    """A clinic with its staff, and whoever else the beginning brings. At the end nothing may have gone wrong."""
    before = _told_before.get(beginning.name) if database.is_sqlite else None
    clock = SimulatedClock(START)
    async with Sandbox(token=TOKEN, clock=clock, seed=1) as sandbox:
        if before is None:
            for name in EVERYBODY:
                sandbox.person(name)
        else:
            _begin_from(before, database, sandbox, clock)
        ward = await _opened(database, folder, sandbox, clock)
        try:
            if before is None:
                await _staff_arrives(ward)
                await beginning.goes_on(ward)
                if database.is_sqlite:
                    _told_before[beginning.name] = _kept(ward)
            yield ward
            await _nothing_went_wrong(ward)
        finally:
            await ward.application.shutdown()


async def _opened(database: Database, folder: Path, sandbox: Sandbox, clock: SimulatedClock) -> Ward:
    settings = read_settings(
        _env_file=None,
        bot_token=TOKEN,
        telegram_api_url=sandbox.url,
        data_dir=folder,
        clinic_name="Almond House",
        clinic_zone="Europe/Madrid",
        emergency_number="112",
    )
    program, application = await started(settings, clock, database)
    ana, ben, cy, cole, day, kim = sandbox.people[: len(EVERYBODY)]
    return Ward(
        sandbox=sandbox,
        clock=clock,
        settings=settings,
        database=database,
        program=program,
        application=application,
        ana=ana,
        ben=ben,
        cy=cy,
        cole=cole,
        day=day,
        kim=kim,
    )


def _kept(ward: Ward) -> Opening:
    with closing(sqlite3.connect(_file_of(ward.database))) as connection:
        return Opening(database=connection.serialize(), telegram=ward.sandbox.snapshot(), over_at=ward.clock.now())


def _begin_from(opening: Opening, database: Database, sandbox: Sandbox, clock: SimulatedClock) -> None:
    _file_of(database).write_bytes(opening.database)
    sandbox.begin_from(opening.telegram)
    clock.move_to(opening.over_at)


def _file_of(database: Database) -> Path:
    return Path(database.engine.url.database or "")


async def _ana_and_ben_enrol(ward: Ward) -> None:
    """Ana takes part and Ben has paused, both through the chat."""
    ana = await ward.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE", phone="+34 600 000 001")
    ben = await ward.invite(Role.PATIENT, "MAPLE-02", name="Ben", clinician="COLE", phone="+34 600 000 002")
    for person, link in ((ward.ana, ana.link), (ward.ben, ben.link)):
        person.opens(link)
    await ward.settle()
    for label in (YES, "Yes", "09:00"):
        ward.ana.taps(label)
        ward.ben.taps(label)
        await ward.settle()
    await ward.writes(ward.ben, "/pause")


ANA_AND_BEN = Beginning(name="Ana and Ben", goes_on=_ana_and_ben_enrol)


async def _staff_arrives(ward: Ward) -> None:
    for role, code_name, name, person in (
        (Role.CLINICIAN, "COLE", "Dr Cole", ward.cole),
        (Role.CLINICIAN, "DAY", "Dr Day", ward.day),
        (Role.COORDINATOR, "KIM", "Kim", ward.kim),
    ):
        person.opens((await ward.invite(role, code_name, name=name)).link)
    await ward.settle()
    await ward.set_on_call("COLE")


async def _nothing_went_wrong(ward: Ward) -> None:
    await ward.settle()
    if not ward.may_be_refused:
        assert ward.sandbox.ledger.violations() == ()
    assert len(ward.sandbox.ledger.excesses) == ward.excesses
    assert await ward.count_dead() == ward.dead_letters
    if not ward.may_spin:
        assert {person.name: person.spinning for person in ward.sandbox.people if person.spinning} == {}
