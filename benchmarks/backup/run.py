"""Fills a clinic, backs it up in a process of its own while updates are stored, restores it, and takes the times."""

import asyncio
import base64
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles

from sqlalchemy import insert

from bot.clock import SystemClock
from storage import inbox, schema
from storage.database import Database, new_id
from storage.figures import figures
from storage.inbox import RawUpdate
from storage.tables import Message, Person
from storage.vault import KEY_LENGTH, Place, Vault

KEY = b"k" * KEY_LENGTH
ROOT = Path(__file__).parents[2]
PACE = 60  # updates a second
QUIET = 5.0  # seconds of storing without a backup, to compare with
BATCH = 10_000  # rows of one commit while the clinic is filled
WORDS = "I am not sure that this helps, and I did not say so on Thursday."


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """What was measured; seconds, but for the counts."""

    messages: int
    megabytes: float
    backup: float
    restore: float
    stored_during_backup: int
    store_quiet: list[float]
    store_during: list[float]
    figures: float
    missing: int  # messages that were there before and are not after the restore


def p99(seconds: list[float]) -> float:
    """The 99th percentile."""
    return quantiles(seconds, n=100)[-1] if len(seconds) > 1 else max(seconds, default=0.0)


async def run(folder: Path, *, messages: int) -> Times:
    """One run in an empty folder."""
    clock = SystemClock()
    house = _House(folder)
    database = Database(house.address, Vault({1: KEY}))
    await schema.migrate(database)
    await _fill(database, messages, clock.now())
    quiet = _Storing(database, clock, first=0)
    await quiet.go_on_for(QUIET)
    during = _Storing(database, clock, first=len(quiet.seconds))
    storing = asyncio.create_task(during.go_on())
    began = clock.monotonic()
    made = await house.run("backup", "kept", "--json")
    backup = clock.monotonic() - began
    during.stopping.set()
    await storing
    began = clock.monotonic()
    async with database.reading() as session:
        await figures(session, now=clock.now())
    looked = clock.monotonic() - began
    await database.close()
    began = clock.monotonic()
    restored = await house.run("restore", str(made["file"]), "--replace", "--json")
    return Times(
        messages=messages,
        megabytes=int(str(made["bytes"])) / 2**20,
        backup=backup,
        restore=clock.monotonic() - began,
        stored_during_backup=len(during.seconds),
        store_quiet=quiet.seconds,
        store_during=during.seconds,
        figures=looked,
        missing=messages - int(restored["rows"]["messages"]),  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]  # JSON
    )


class _House:
    """A folder with a clinic's settings, and its command line in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"sqlite:///{folder / 'clinic.sqlite3'}"
        (folder / "kept").mkdir()

    async def run(self, *words: str) -> dict[str, object]:
        """Run one command; the JSON it printed."""
        settings = {
            "CHECKIN_DATA_DIR": str(self._folder),
            "CHECKIN_DATABASE_URL": self.address,
            "CHECKIN_ENCRYPTION_KEYS": f"1:{base64.b64encode(KEY).decode()}",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words),
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(f"checkin {words[0]} failed")
        return json.loads(out)


class _Storing:
    """Sixty updates a second, each committed before the next; how long each commit took."""

    def __init__(self, database: Database, clock: SystemClock, *, first: int) -> None:
        self._database, self._clock, self._next = database, clock, first
        self.seconds: list[float] = []
        self.stopping = asyncio.Event()

    async def go_on_for(self, seconds: float) -> None:
        """Store for that long."""
        asyncio.get_running_loop().call_later(seconds, self.stopping.set)
        await self.go_on()

    async def go_on(self) -> None:
        """Store until told to stop."""
        while not self.stopping.is_set():
            began = self._clock.monotonic()
            row = RawUpdate(update_id=self._next, identity=f"{self._next:032}", raw=b"{}")
            async with self._database.writing() as session:
                await inbox.store(session, [row], now=self._clock.now())
            took = self._clock.monotonic() - began
            self.seconds.append(took)
            self._next += 1
            await asyncio.sleep(max(1 / PACE - took, 0))


async def _fill(database: Database, messages: int, now: datetime) -> None:
    vault, person_id = Vault({1: KEY}), new_id()
    async with database.writing() as session:
        name = vault.seal("Ana", Place(table="people", column="name", row=person_id, person=person_id))
        session.add(Person(id=person_id, code_name="A", name=name, language="en", zone="UTC", created_at=now))
    for first in range(0, messages, BATCH):
        rows = list(_rows(vault, person_id, range(first, min(first + BATCH, messages)), now))
        async with database.writing() as session:
            await session.execute(insert(Message), rows)


def _rows(vault: Vault, person_id: int, numbers: range, now: datetime) -> Iterator[dict[str, object]]:
    for number in numbers:
        place = Place(table="messages", column="words", row=number + 1, person=person_id)
        yield {
            "id": number + 1,
            "person_id": person_id,
            "chat_id": 1,
            "message_id": number,
            "version": 0,
            "kind": "text",
            "words": vault.seal(WORDS, place),
            "word_count": 14,
            "sent_at": now,
            "received_at": now,
            "screening": "screened",
            "rules_version": "1",
        }
