"""What goes on beside the load: the staff take on what they are paged about, and one backup follows the other."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alliance.presses import AlertStep
from benchmarks.lives.house import House
from benchmarks.load.counting import steps_of
from benchmarks.load.traffic import Traffic
from sandbox import Person
from sandbox.ledger import Ledger

LOOK_EVERY = 0.25  # seconds
BACKUP_WITHIN = 120.0  # seconds


@dataclass(kw_only=True, slots=True)
class Desk:
    """The people who are paged: each takes on an alert as soon as she reads of it."""

    staff: Mapping[int, Person]  # by chat
    ledger: Ledger
    traffic: Traffic
    _read: int = 0  # of the ledger
    _taken: set[int] = field(default_factory=set[int])

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._look()
            await asyncio.sleep(LOOK_EVERY)

    def _look(self) -> None:
        entries = self.ledger.entries
        for entry in entries[self._read :]:
            reader = self.staff.get(entry.chat_id or 0)
            if not reader or not entry.message_id:
                continue
            for press, pressed in steps_of(entry, AlertStep.HAVE):
                if press.alert_id not in self._taken:
                    self._taken.add(press.alert_id)
                    self.traffic.press(reader, entry.message_id, pressed)
        self._read = len(entries)


@dataclass(kw_only=True, slots=True)
class Backups:
    """`checkin backup`, again and again, each a process of its own and gone when the next one begins."""

    house: House
    made: int = 0
    failed: int = 0

    async def run(self) -> None:
        """Until cancelled; a server whose own tool is not at hand is not asked a second time."""
        kept = self.house.folder / "kept"
        kept.mkdir()
        while not self.failed:
            life = await self.house.begins("backup", str(kept))
            try:
                status = await life.over(BACKUP_WITHIN)
            finally:
                await life.killed()
            self.made, self.failed = self.made + (status == 0), self.failed + (status != 0)
            _clear(kept)


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
