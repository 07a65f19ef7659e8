"""The clinic behind its console, anew for each test."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from storage.database import Database
from tests.console.house import House, furnished


@pytest.fixture
async def house(sqlite_database: Database, tmp_path: Path) -> AsyncGenerator[House]:
    """Staff, patients, and nobody signed in."""
    async with furnished(sqlite_database, tmp_path) as opened:
        yield opened
