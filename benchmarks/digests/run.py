"""Fills a clinic and has every digest arranged and put into the outbox, as the timer does it, on one core."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import process_time

from sqlalchemy import event, func, select

from benchmarks.digests.clinic import EIGHT, Size, fill
from bot.clinic import read_clinic
from bot.clock import SystemClock
from bot.settings import read_settings
from storage import schema
from storage.database import Database
from storage.tables import Digest, Outgoing
from storage.vault import KEY_LENGTH, Vault
from workflows.send_digests import send_due
from workflows.unit import Unit

A_MINUTE_LATER = EIGHT + timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What was measured; seconds, but for the counts."""

    digests: int
    missing: int  # clinicians who were due and got none
    messages: int
    questions: int  # asked of the database for all digests
    seconds: float
    cpu_seconds: float


async def run(folder: Path, size: Size) -> Times:
    """One run in an empty folder."""
    vault = Vault({1: b"k" * KEY_LENGTH})
    database = Database(f"sqlite:///{folder / 'clinic.sqlite3'}", vault)
    await schema.migrate(database)
    await fill(database, vault, size)
    try:
        with on_one_core():
            return await _arranged(database, folder, size)
    finally:
        await database.close()


@contextmanager
def on_one_core() -> Generator[None]:
    """This process and its threads on one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


async def _arranged(database: Database, folder: Path, size: Size) -> Times:
    settings = read_settings(_env_file=None, data_dir=folder, clinic_zone="Europe/Madrid")
    clinic = read_clinic(settings, bot_username="bench_bot")
    clock, asked = SystemClock(), 0

    def count(*_of_the_call: object) -> None:
        nonlocal asked
        asked += 1

    event.listen(database.engine.sync_engine, "before_cursor_execute", count)
    began, cpu = clock.monotonic(), process_time()
    while True:
        async with database.writing("bench") as session:
            sent = await send_due(Unit(session=session, now=A_MINUTE_LATER, clinic=clinic, origin="bench"))
        if not sent:
            break
    seconds, cpu_seconds = clock.monotonic() - began, process_time() - cpu
    async with database.reading() as session:
        arranged = await session.scalar(select(func.count()).where(Digest.built_at == A_MINUTE_LATER)) or 0
        messages = await session.scalar(select(func.count()).select_from(Outgoing)) or 0
    return Times(
        digests=arranged,
        missing=size.clinicians - arranged,
        messages=messages,
        questions=asked,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
    )
