"""Visits and briefs from the shell: planned, moved, marked, listed, and refused in one sentence."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import people
from storage.database import Database
from storage.tables import Enrolment, Visit
from tests.bot.command_line import Terminal, terminal_for

SOME_DAY = (datetime.now().astimezone() + timedelta(days=400)).year  # noqa: TID251  # the command line goes by the machine's clock
THEN = f"{SOME_DAY}-05-04T10:00"


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic in Madrid with COLE, DAY, and COLE's patient BIRCH-07."""
    async with database.writing() as session:
        found: dict[str, int] = {}
        for code_name in ("COLE", "DAY", "BIRCH-07"):
            person = await people.add(
                session, code_name=code_name, name=None, language="en", zone="Europe/Madrid", now=moment
            )
            found[code_name] = person.id
            if code_name != "BIRCH-07":
                person.digest_at = "08:00"
                await people.give_role(session, person.id, Role.CLINICIAN, now=moment)
        session.add(
            Enrolment(
                patient_id=found["BIRCH-07"],
                clinician_id=found["COLE"],
                state=EnrolmentState.ACTIVE,
                step="done",
                rules=[],
                at=[],
                starts_on=date(2026, 3, 2),
            )
        )
    return terminal_for(database, tmp_path, monkeypatch)


async def test_a_visit_is_planned_moved_listed_and_called_off(database: Database, terminal: Terminal) -> None:
    added = await terminal.run("visits", "add", "birch-07", THEN, "--json")
    number = str(json.loads(added.out)["number"])
    moved = await terminal.run("visits", "move", number, f"{SOME_DAY}-05-05 09:00", "--zone", "Europe/London")
    listed = await terminal.run("visits", "list", "--clinician", "COLE", "--json")
    nobody_s = await terminal.run("visits", "list", "--clinician", "DAY")

    assert json.loads(added.out) == {
        "number": int(number),
        "patient": "BIRCH-07",
        "clinician": "COLE",
        "starts_at": f"{THEN}:00+02:00",
        "state": "planned",
    }
    assert moved.out == f"Moved:\n{number:>6}  {SOME_DAY}-05-05 10:00 Europe/Madrid  BIRCH-07 with COLE\n"
    assert [row["starts_at"] for row in json.loads(listed.out)] == [f"{SOME_DAY}-05-05T10:00:00+02:00"]
    assert nobody_s.out == "No visit is planned.\n"

    assert (await terminal.run("visits", "cancel", number)).out.startswith("Called off:")
    again = await terminal.run("visits", "done", number)
    assert (again.status, again.err) == (
        2,
        f"checkin: Visit {number} is cancelled already; nothing was changed.\n",
    )
    async with database.reading() as session:
        visit = await session.get(Visit, int(number))
        assert visit is not None
        assert (visit.state, visit.brief_at) == ("cancelled", None)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("add", "NOBODY", THEN), "There is no patient called NOBODY.", id="unknown"),
        pytest.param(("add", "COLE", THEN), "There is no patient called COLE.", id="no patient"),
        pytest.param(("add", "BIRCH-07", "2020-03-02T10:00"), "That moment has passed", id="past"),
        pytest.param(("add", "BIRCH-07", "soon"), "'soon' is no day and hour", id="unreadable"),
        pytest.param(("add", "BIRCH-07", "2126-03-02T10:00"), "more than two years ahead", id="too far"),
        pytest.param(("add", "BIRCH-07", "2027-03-28 02:30"), "does not exist in Europe/Madrid", id="skipped hour"),
        pytest.param(("add", "BIRCH-07", THEN, "--zone", "Mars/Base"), "no time zone called Mars/Base", id="zone"),
        pytest.param(("move", "77", THEN), "There is no visit 77.", id="no such visit"),
        pytest.param(("list", "--clinician", "BIRCH-07"), "There is no clinician called BIRCH-07", id="no clinician"),
    ],
)
async def test_what_makes_no_sense_is_one_sentence(terminal: Terminal, words: tuple[str, ...], says: str) -> None:
    ran = await terminal.run("visits", *words)

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err


async def test_a_visit_is_planned_once_for_a_moment(terminal: Terminal) -> None:
    await terminal.run("visits", "add", "BIRCH-07", THEN)

    again = await terminal.run("visits", "add", "BIRCH-07", THEN)

    assert (again.status, again.err) == (2, "checkin: BIRCH-07 has a visit at just that time already.\n")


async def test_a_brief_is_printed_for_her_clinician_alone(terminal: Terminal) -> None:
    read = await terminal.run("brief", "BIRCH-07", "--clinician", "COLE")
    as_json = await terminal.run("brief", "birch-07", "--clinician", "cole", "--format", "json")
    other = await terminal.run("brief", "BIRCH-07", "--clinician", "DAY")
    unknown = await terminal.run("brief", "BIRCH-07", "--clinician", "NOBODY")

    assert read.out.startswith("BIRCH-07\nGoals: no answer lately.")
    assert json.loads(as_json.out)["code_name"] == "BIRCH-07"
    assert [trend["domain"] for trend in json.loads(as_json.out)["trends"]] == ["goal", "task", "bond"]
    assert (other.status, other.out) == (2, "")
    assert other.err == "checkin: Nobody on the caseload of DAY who takes part is called BIRCH-07.\n"
    assert "There is no clinician called NOBODY" in unknown.err
