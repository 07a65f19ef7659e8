"""A program that stores one update after another as intake does, and says of each when it is committed.

Started by a test as a process of its own, with the file as its argument. Each line it prints is the number of an update
and the length of the write-ahead log once that update was committed.
"""

import asyncio
import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import inbox
from storage.database import Database
from storage.raw_updates import RawUpdate
from storage.vault import Vault

KEY = bytes(32)  # what is stored says nothing


async def main(file: Path) -> None:
    """Go on until killed."""
    database, log = Database(f"sqlite:///{file}", Vault({1: KEY})), file.with_name(f"{file.name}-wal")
    for number in itertools.count(1):
        async with database.writing("intake") as session:
            update = RawUpdate(update_id=number, identity=f"{number:032x}", raw=b"{}" * (number % 200))
            await inbox.store(session, [update], now=datetime(2026, 1, 1, tzinfo=UTC))
        sys.stdout.write(f"{number} {log.stat().st_size}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
