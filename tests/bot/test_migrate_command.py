"""An operator upgrades a clinic, and takes it back when the new version must go."""

from pathlib import Path

import pytest

from storage import schema
from storage.database import Database
from storage.trouble import NotMigrated
from tests.bot.command_line import Terminal, terminal_for

OLDEST, NEWEST = schema.revisions()[0], schema.newest()


@pytest.fixture
def terminal(bare_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return terminal_for(bare_database, tmp_path, monkeypatch)


async def test_an_upgrade_and_the_way_back_say_what_they_did(bare_database: Database, terminal: Terminal) -> None:
    first = await terminal.run("migrate")
    back = await terminal.run("migrate", "--to", OLDEST)
    again = await terminal.run("migrate")

    assert [ran.status for ran in (first, back, again)] == [0, 0, 0]
    assert first.out.startswith(f"The database went from nothing to {NEWEST}: ")
    assert OLDEST in back.out
    await schema.check(bare_database)


async def test_a_state_that_never_was_is_refused_in_one_line(bare_database: Database, terminal: Terminal) -> None:
    await terminal.run("migrate")

    refused = await terminal.run("migrate", "--to", "base")

    assert (refused.status, refused.err.count("\n")) == (1, 1)
    assert f"asked for base, known are {OLDEST}" in refused.err
    await schema.check(bare_database)


async def test_a_program_does_not_start_on_older_tables(bare_database: Database, terminal: Terminal) -> None:
    await terminal.run("migrate", "--to", OLDEST)

    with pytest.raises(NotMigrated, match="checkin migrate"):
        await schema.check(bare_database)
