"""Programmes from the shell: said in words, looked at for each patient, applied, and then just what was seen."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import people
from storage.database import Database
from storage.tables import Enrolment
from tests.bot.command_line import Terminal, terminal_for

TAPERING = "daily for two weeks, then weekly on Monday at 18:00"


@pytest.fixture
async def terminal(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime
) -> Terminal:
    """A clinic with COLE and her patients BIRCH-07 and ELM-02, who take part, and ASH-01, who was discharged."""
    async with sqlite_database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="UTC", now=moment)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=moment)
        for code_name, zone, state in (
            ("BIRCH-07", "Europe/Madrid", EnrolmentState.ACTIVE),
            ("ELM-02", "America/Lima", EnrolmentState.ACTIVE),
            ("ASH-01", "UTC", EnrolmentState.DISCHARGED),
        ):
            patient = await people.add(session, code_name=code_name, name=None, language="en", zone=zone, now=moment)
            session.add(
                Enrolment(
                    patient_id=patient.id,
                    clinician_id=cole.id,
                    state=state,
                    step="done",
                    rules=["FREQ=WEEKLY;BYDAY=WE"],
                    at=["09:00"],
                    starts_on=moment.date(),
                    enrolled_at=moment,
                )
            )
    return terminal_for(sqlite_database, tmp_path, monkeypatch)


async def test_what_is_looked_at_is_what_then_holds(terminal: Terminal) -> None:
    saved = await terminal.run("programme", "save", "Tapering", TAPERING)
    assert saved.out == ("Tapering (version 1; patients: 0): every day for two weeks, then weekly on Monday at 18:00\n")
    assign = ("programme", "assign", "tapering", "BIRCH-07", "ELM-02", "ASH-01", "--count-from", "today", "--json")
    looked = await terminal.run(*assign, "--dry-run")
    rows = {row["patient"]: row for row in map(json.loads, looked.out.splitlines())}

    assert looked.status == 1
    assert rows["ASH-01"]["refused"] == "ASH-01 does not take part any more."
    applied = await terminal.run(*assign, "--yes")
    assert applied.err == "2 on tapering now, 1 refused.\n"

    for who in ("BIRCH-07", "ELM-02"):
        now = json.loads((await terminal.run("preview", who, "--json")).out)
        assert now["next"] == rows[who]["after"]
        assert now["next"] != rows[who]["before"]
        assert len(now["next"]) == 10
        assert now["words"] == "every day for two weeks, then weekly on Monday at 18:00"


async def test_a_new_version_moves_nobody_before_it_is_applied_and_what_is_ones_own_stays(terminal: Terminal) -> None:
    await terminal.run("programme", "save", "Usual", "weekly on Monday")
    await terminal.run("programme", "assign", "Usual", "BIRCH-07", "ELM-02", "--yes")
    own = await terminal.run("cadence", "set", "ELM-02", "--rule", "every other Sunday at 17:30", "--yes")
    assert own.out.startswith("ELM-02: every two weeks on Sunday at 17:30 (America/Lima)\n")

    saved = await terminal.run("programme", "save", "usual", "weekly on Friday; at most one a week")
    still = json.loads((await terminal.run("preview", "BIRCH-07", "--json")).out)
    moved = await terminal.run("programme", "assign", "Usual", "--everybody", "--yes", "--json")

    assert "patients: 2, 2 of them on an older version" in saved.out
    assert still["words"] == "weekly on Monday"
    assert [json.loads(row)["keeps_own"] for row in moved.out.splitlines()].count(True) == 1
    assert json.loads((await terminal.run("preview", "BIRCH-07", "--json")).out)["words"].startswith("weekly on Friday")
    kept = json.loads((await terminal.run("preview", "ELM-02", "--json")).out)["words"]
    assert kept == "every two weeks on Sunday; at most one a week"
    assert (await terminal.run("programme", "list")).out.startswith("Usual (version 2; patients: 2): weekly on Friday")

    assert (await terminal.run("cadence", "as-programme", "ELM-02")).out == "ELM-02: asked by the programme.\n"
    assert json.loads((await terminal.run("preview", "ELM-02", "--json")).out)["words"].startswith("weekly on Friday")


async def test_closed_days_and_days_off_are_seen_in_the_preview(terminal: Terminal) -> None:
    await terminal.run("programme", "save", "Daily", "every day at 18:00")
    await terminal.run("programme", "assign", "Daily", "BIRCH-07", "--yes")
    first, second, *_ = json.loads((await terminal.run("preview", "BIRCH-07", "--json")).out)["next"]

    assert (await terminal.run("cadence", "closed", "add", first[:10], "--note", "training")).status == 0
    assert (await terminal.run("cadence", "off", "BIRCH-07", second[:10])).status == 0
    seen = json.loads((await terminal.run("preview", "BIRCH-07", "--json")).out)

    assert seen["held"] == [{"at": first, "why": "closed"}]
    assert not {first, second} & set(seen["next"])
    assert len(seen["next"]) == 10
    assert (await terminal.run("cadence", "closed", "list")).out == f"1: {first[:10]} (training)\n"
    await terminal.run("cadence", "closed", "reopen", "1")
    assert json.loads((await terminal.run("preview", "BIRCH-07", "--json")).out)["next"][0] == first


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("programme", "save", "Usual", "weekly on Mnday"),
            "'mnday' is not understood; it could be, for example, 'weekly on monday' or",
        ),
        (("programme", "save", "Usual", "daily, then weekly"), "phase 1 has no end, so phase 2 would never begin."),
        (("programme", "save", "Usual", "daily until 1 March 2020"), "This cadence has no date in the future."),
        (("programme", "assign", "Nothing", "BIRCH-07"), "There is no programme called Nothing."),
        (("cadence", "closed", "add", "2020-01-01"), "Those days are over; a clinic closes today or later."),
        (("cadence", "set", "BIRCH-07", "--rule", TAPERING, "--yes"), "is a programme; keep it with checkin programme"),
        (("cadence", "off", "BIRCH-07", "31 December"), "31 December is no day; write it as 2026-12-24."),
    ],
)
async def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    terminal: Terminal, words: tuple[str, ...], sentence: str
) -> None:
    before = await terminal.run("preview", "BIRCH-07", "--json")

    ran = await terminal.run(*words)

    assert ran.status == 2
    assert sentence in ran.err
    assert (await terminal.run("preview", "BIRCH-07", "--json")).out == before.out


async def test_words_are_explained_with_their_dates(terminal: Terminal) -> None:
    ran = await terminal.run(
        *("cadence", "explain", "daily for 2 days, then every Monday at 18:00", "--zone", "Europe/Madrid"),
        *("--from", "2026-03-26", "--count", "4", "--lang", "es", "--json"),
    )

    assert json.loads(ran.out) == {
        "rules": ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO"],
        "words": "todos los días durante dos días, luego cada semana el lunes a las 18:00",
        "next": [
            "2026-03-26T09:00:00+01:00",
            "2026-03-27T09:00:00+01:00",
            "2026-03-30T18:00:00+02:00",
            "2026-04-06T18:00:00+02:00",
        ],
    }
