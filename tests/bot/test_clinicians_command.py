"""A patient's clinicians from the shell: shown, added and removed, and what makes no sense is one sentence."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import people
from storage.database import Database
from storage.tables import AuditEntry, Enrolment
from tests.bot.command_line import Terminal, terminal_for


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic with COLE and DAY, the coordinator KIM, and a patient of COLE's."""
    async with database.writing() as session:
        known = {
            code_name: await people.add(session, code_name=code_name, name=None, language="en", zone="UTC", now=moment)
            for code_name in ("COLE", "DAY", "KIM", "BIRCH-07")
        }
        for code_name, role in (("COLE", Role.CLINICIAN), ("DAY", Role.CLINICIAN), ("KIM", Role.COORDINATOR)):
            await people.give_role(session, known[code_name].id, role, now=moment)
        session.add(
            Enrolment(
                patient_id=known["BIRCH-07"].id,
                clinician_id=known["COLE"].id,
                state=EnrolmentState.ACTIVE,
                step="done",
                rules=["FREQ=DAILY"],
                at=["09:00"],
                starts_on=date(2026, 3, 2),
            )
        )
    return terminal_for(database, tmp_path, monkeypatch)


async def test_a_clinician_is_added_and_removed_and_that_is_noted(database: Database, terminal: Terminal) -> None:
    alone = await terminal.run("clinicians", "BIRCH-07")
    added = await terminal.run("clinicians", "birch-07", "--add", "day")
    again = await terminal.run("clinicians", "BIRCH-07", "--add", "DAY", "--json")
    removed = await terminal.run("clinicians", "BIRCH-07", "--remove", "DAY")
    back = await terminal.run("clinicians", "BIRCH-07", "--add", "DAY")

    assert (alone.status, alone.out) == (0, "BIRCH-07: COLE, and beside: nobody.\n")
    assert added.out == "birch-07: COLE, and beside: DAY.\n"
    assert json.loads(again.out) == {"patient": "BIRCH-07", "primary": "COLE", "beside": ["DAY"]}
    assert removed.out == "BIRCH-07: COLE, and beside: nobody.\n"
    assert back.out == "BIRCH-07: COLE, and beside: DAY.\n"
    async with database.reading() as session:
        acts = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert acts == ["clinician_added", "clinician_added", "clinician_removed", "clinician_added"]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(["BIRCH-07", "--add", "KIM"], "KIM is no clinician.", id="a coordinator"),
        pytest.param(
            ["BIRCH-07", "--add", "COLE"], "COLE is the primary clinician of BIRCH-07 already.", id="the primary one"
        ),
        pytest.param(
            ["BIRCH-07", "--add", "ELM"],
            "There is no clinician called ELM; invite the clinician first.",
            id="a stranger",
        ),
        pytest.param(["BIRCH-07", "--remove", "DAY"], "DAY does not care for BIRCH-07.", id="who never did"),
        pytest.param(
            ["BIRCH-07", "--remove", "COLE"],
            "COLE is the primary clinician; invite BIRCH-07 with another.",
            id="the primary one is not removed",
        ),
        pytest.param(
            ["BIRCH-07", "--add", "DAY", "--remove", "COLE"],
            "Give --add or --remove, not both at once.",
            id="both at once",
        ),
    ],
)
async def test_what_makes_no_sense_is_one_sentence_and_changes_nothing(
    terminal: Terminal, words: list[str], why: str
) -> None:
    refused = await terminal.run("clinicians", *words)

    assert (refused.status, refused.err) == (2, f"checkin: {why}\n")
    assert (await terminal.run("clinicians", "BIRCH-07")).out == "BIRCH-07: COLE, and beside: nobody.\n"
