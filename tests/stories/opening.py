"""How a story begins: the clinic opens, its staff arrives, and patients enrol through the chat."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from alliance.people import Role
from bot.clock import SimulatedClock
from bot.settings import read_settings
from sandbox import Sandbox
from storage.database import Database
from tests.stories.ward import YES, Ward, started

TOKEN = "123456:a-token-of-no-bot-at-all-0123456789"
START = datetime(2026, 3, 2, 7, tzinfo=UTC)  # Monday, eight in the morning in Madrid


@asynccontextmanager
async def opened_ward(database: Database, folder: Path) -> AsyncGenerator[Ward]:
    """A clinic with its staff; patients have not been invited yet. At the end nothing may have gone wrong."""
    clock = SimulatedClock(START)
    async with Sandbox(token=TOKEN, clock=clock, seed=1) as sandbox:
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
        ward = Ward(
            sandbox=sandbox,
            clock=clock,
            settings=settings,
            database=database,
            program=program,
            application=application,
            ana=sandbox.person("Ana"),
            ben=sandbox.person("Ben"),
            cy=sandbox.person("Cy"),
            cole=sandbox.person("Cole"),
            day=sandbox.person("Day"),
            kim=sandbox.person("Kim"),
        )
        try:
            await _staff_arrives(ward)
            yield ward
            await _nothing_went_wrong(ward)
        finally:
            await ward.application.shutdown()


async def ana_and_ben_enrol(ward: Ward) -> None:
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
