"""The audit from the shell: what was done, by whom, and whether anything of it was changed afterwards."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import audit, people
from storage.database import Database
from tests.bot.command_line import Terminal, terminal_for


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """Dr Cole has read Ana's words twice, and the program has been restored once."""
    async with database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="UTC", now=moment)
        ana = await people.add(session, code_name="BIRCH-07", name="Ana", language="en", zone="UTC", now=moment)
        await audit.record(session, at=moment, actor_id=None, action="restored", object_kind="database")
        for _ in range(2):
            await audit.record(
                session, at=moment, actor_id=cole.id, action="read_words", object_kind="patient", object_id=ana.id
            )
    return terminal_for(database, tmp_path, monkeypatch)


async def test_what_nobody_touched_is_said_to_hold_and_its_head_is_met_again(terminal: Terminal) -> None:
    holds = await terminal.run("audit", "verify", "--json")
    found = json.loads(holds.out)
    again = await terminal.run("audit", "verify", "--head", found["head"])

    assert (holds.status, found["holds"], found["entries"], found["damages"]) == (0, True, 3, [])
    assert again.status == 0
    assert "3 entries, and nothing was changed." in again.out


async def test_a_changed_entry_is_named_and_the_exit_status_says_so(terminal: Terminal, database: Database) -> None:
    async with database.writing() as session:
        if database.is_sqlite:
            await session.execute(text("DROP TRIGGER audit_refuses_update"))
        else:
            await session.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        await session.execute(text("UPDATE audit SET action = 'nothing' WHERE id = 2"))
        if not database.is_sqlite:
            await session.execute(text("ALTER TABLE audit ENABLE TRIGGER ALL"))

    said = await terminal.run("audit", "verify")

    assert said.status == 1
    assert "Entry 2 (place 2) says something else than when it was noted" in said.out
    assert "nothing was changed" not in said.out


async def test_who_did_what_is_said_with_code_names_and_no_names(terminal: Terminal) -> None:
    by_cole = json.loads((await terminal.run("audit", "show", "--by", "COLE", "--json")).out)
    about_ana = await terminal.run("audit", "show", "--about", "birch-07", "--limit", "1")
    nothing = await terminal.run("audit", "show", "--action", "erased")

    assert [(one["by"], one["action"], one["object"]) for one in by_cole] == [("COLE", "read_words", "BIRCH-07")] * 2
    assert about_ana.out.count("read_words") == 1
    assert "Ana" not in about_ana.out
    assert nothing.out == "Nothing of that kind was noted.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify", "--head", "3:abc"), "--head is what this command prints"),
        (("show", "--by", "NOBODY"), "Nobody is called NOBODY."),
        (("show", "--since", "yesterday"), "--since"),
    ],
)
async def test_what_makes_no_sense_is_answered_with_one_sentence(
    terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    said = await terminal.run("audit", *words)

    assert said.status == 2
    assert says in said.err
