"""The rota from the shell: shifts are added, listed and removed, and what makes no sense is one sentence."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.people import Role
from storage import people
from storage.database import Database
from storage.tables import AuditEntry, Shift
from tests.bot.command_line import Terminal, terminal_for

NEVER_OVER = "2099-03-02T20:00+01:00"


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic with COLE, who has a chat, DAY, who has none yet, and a patient."""
    async with database.writing() as session:
        for code_name, chat_id, role in (
            ("COLE", 11, Role.CLINICIAN),
            ("DAY", None, Role.LEAD),
            ("BIRCH-07", 12, None),
        ):
            person = await people.add(session, code_name=code_name, name=None, language="en", zone="UTC", now=moment)
            person.chat_id = chat_id
            if role is not None:
                await people.give_role(session, person.id, role, now=moment)
    return terminal_for(database, tmp_path, monkeypatch)


async def rows(database: Database) -> list[Shift]:
    async with database.reading() as session:
        return list(await session.scalars(select(Shift)))


async def test_a_shift_is_added_listed_and_removed(database: Database, terminal: Terminal) -> None:
    added = await terminal.run(
        "oncall", "shift", "add", "cole", "--from", "2026-03-02T20:00+01:00", "--until", NEVER_OVER
    )
    listed = await terminal.run("oncall", "shift", "list", "--json")
    shown = await terminal.run("oncall", "show")

    assert (added.status, added.err) == (0, "")
    assert "2026-03-02 19:00:00 UTC to 2099-03-02 19:00:00 UTC  1. COLE" in added.out
    (shift,) = json.loads(listed.out)
    assert shift == {
        "number": shift["number"],
        "code_name": "COLE",
        "from": "2026-03-02T19:00:00+00:00",
        "until": "2099-03-02T19:00:00+00:00",
        "position": 1,
    }
    assert "On call now, with shifts: COLE." in shown.out

    removed = await terminal.run("oncall", "shift", "remove", str(shift["number"]))
    assert removed.out == f"Shift {shift['number']} is removed.\n"
    assert (await terminal.run("oncall", "shift", "list")).out == "No shift is planned.\n"
    assert await rows(database) == []
    async with database.reading() as session:
        actions = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["shift_added", "shift_removed"]


async def test_shifts_may_overlap(database: Database, terminal: Terminal) -> None:
    for position in ("1", "2"):
        ran = await terminal.run(
            "oncall",
            "shift",
            "add",
            "COLE",
            "--from",
            NEVER_OVER,
            "--until",
            "2099-03-03T20:00Z",
            "--position",
            position,
        )
        assert ran.status == 0

    assert len(await rows(database)) == 2


@pytest.mark.parametrize(
    ("code_name", "starts", "ends", "says"),
    [
        pytest.param("NOBODY", "2026-03-02T20:00Z", NEVER_OVER, "Nobody is called NOBODY.", id="unknown"),
        pytest.param("BIRCH-07", "2026-03-02T20:00Z", NEVER_OVER, "is not a clinician", id="a patient"),
        pytest.param("DAY", "2026-03-02T20:00Z", NEVER_OVER, "DAY has not opened the invitation", id="without a chat"),
        pytest.param("COLE", "2026-03-02T20:00", NEVER_OVER, "--from: '2026-03-02T20:00' is not", id="without a zone"),
        pytest.param("COLE", "2026-03-02T20:00Z", "tomorrow", "--until: 'tomorrow' is not a moment", id="in words"),
        pytest.param("COLE", NEVER_OVER, NEVER_OVER, "over before it begins", id="of no length"),
        pytest.param("COLE", "2020-03-02T20:00Z", "2020-03-03T20:00Z", "over before it begins", id="long over"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_one_sentence(
    database: Database, terminal: Terminal, code_name: str, starts: str, ends: str, says: str
) -> None:
    ran = await terminal.run("oncall", "shift", "add", code_name, "--from", starts, "--until", ends)

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
    assert await rows(database) == []


async def test_a_shift_that_does_not_exist_cannot_be_removed(terminal: Terminal) -> None:
    ran = await terminal.run("oncall", "shift", "remove", "7")

    assert (ran.status, ran.err) == (2, "checkin: There is no shift 7.\n")


async def test_a_shift_that_is_over_is_listed_no_more(database: Database, terminal: Terminal) -> None:
    long_ago = datetime(2020, 3, 2, 8, tzinfo=UTC)
    async with database.writing() as session:
        cole = await people.by_code_name(session, "COLE")
        assert cole is not None
        session.add(Shift(person_id=cole.id, starts_at=long_ago, ends_at=long_ago + timedelta(hours=8), position=1))

    assert (await terminal.run("oncall", "shift", "list")).out == "No shift is planned.\n"
