"""`checkin patients`: a roster from the shell, with a report for each row; again it changes nothing."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from sandbox import Sandbox
from storage import invitations, people, reach, roster
from storage.database import Database
from storage.tables import AuditEntry, Contact, Enrolment, Invitation, Person, RosterEntry
from tests.bot.command_line import Terminal, terminal_for
from tests.bot.ward import TOKEN

HEADER = "clinic_id;code_name;name;language;zone;clinician;cadence;phone"
ANA = "A-17;BIRCH-07;Ana Pérez;es;Europe/Madrid;COLE;daily;+34 600 100 200"
BEN = "A-18;ASH-01;Ben;en;Europe/Lisbon;DAY;;"


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic with the clinicians COLE and DAY and without any patient."""
    async with database.writing() as session:
        for code_name in ("COLE", "DAY"):
            person = await people.add(
                session, code_name=code_name, name=None, language="en", zone="Europe/Madrid", now=moment
            )
            await people.give_role(session, person.id, Role.CLINICIAN, now=moment)
    return terminal_for(database, tmp_path, monkeypatch)


def written(terminal: Terminal, *rows: str, name: str = "roster.csv") -> str:
    (terminal.folder / name).write_bytes("\r\n".join((HEADER, *rows)).encode("utf-8-sig"))
    return name


async def everything(database: Database) -> dict[str, int]:
    """How many rows there are of everything that an import could write."""
    async with database.reading() as session:
        tables = (Person, Enrolment, Contact, RosterEntry, Invitation, AuditEntry)
        counts = {table: await session.scalar(select(func.count()).select_from(table)) for table in tables}
    return {table.__tablename__: count or 0 for table, count in counts.items()}


async def test_a_roster_is_tried_imported_and_changes_nothing_the_second_time(
    database: Database, terminal: Terminal
) -> None:
    before = await everything(database)
    file = written(terminal, ANA, BEN, "A-19;OAK;Cy;fr;;COLE;;")

    tried = await terminal.run("patients", "import", file, "--dry-run")
    untouched = await everything(database)
    imported = await terminal.run("patients", "import", file)
    then = await everything(database)
    again = await terminal.run("patients", "import", file, "--json")

    assert (tried.status, untouched) == (1, before)
    assert tried.out == (
        "line 2: BIRCH-07: A new patient of COLE.\n"
        "line 3: ASH-01: A new patient of DAY.\n"
        "line 4: OAK: refused: language: there is no wording in fr; there is en, es.\n"
        "3 rows: 2 new, 0 changed, 0 same, 1 refused.\n"
        "Nothing was changed: this was a dry run.\n"
    )
    assert imported.out == "".join(tried.out.splitlines(keepends=True)[:-1])
    report = json.loads(again.out)
    assert (report["new"], report["changed"], report["same"], report["refused"]) == (0, 0, 2, 1)
    assert await everything(database) == then
    async with database.reading() as session:
        ana = await roster.by_clinic_id(session, " a-17 ")
        assert ana is not None
        enrolment = await people.enrolment(session, ana.id)
        assert enrolment is not None
        assert (ana.code_name, ana.language, people.display_name(session, ana)) == ("BIRCH-07", "es", "Ana Pérez")
        assert await reach.contact(session, ana.id) == {"phone": "+34 600 100 200"}
        assert (enrolment.state, enrolment.step, enrolment.rules) == (EnrolmentState.INVITED, "consent", ["FREQ=DAILY"])
        assert await session.scalar(select(func.count(Invitation.id))) == 0  # nobody asked for links


async def test_a_changed_row_changes_just_that_and_undoes_no_choice_of_the_patients_own(
    database: Database, terminal: Terminal
) -> None:
    await terminal.run("patients", "import", written(terminal, ANA, BEN))
    async with database.writing() as session:
        ana = await people.by_code_name(session, "BIRCH-07")
        assert ana is not None
        ana.zone = "America/Bogota"  # her own choice, in the chat

    changed = await terminal.run(
        "patients", "import", written(terminal, ANA.replace("Pérez", "Ruiz"), BEN.replace("DAY", "COLE"))
    )

    assert changed.out == (
        "line 2: BIRCH-07: Another name.\nline 3: ASH-01: Another clinician.\n"
        "2 rows: 0 new, 2 changed, 0 same, 0 refused.\n"
    )
    async with database.reading() as session:
        ana, ben = await people.by_code_name(session, "BIRCH-07"), await people.by_code_name(session, "ASH-01")
        cole = await people.by_code_name(session, "COLE")
        assert ana is not None
        assert ben is not None
        assert cole is not None
        assert (people.display_name(session, ana), ana.zone) == ("Ana Ruiz", "America/Bogota")
        enrolment = await people.enrolment(session, ben.id)
        assert enrolment is not None
        assert enrolment.clinician_id == cole.id


@pytest.mark.parametrize(
    ("row", "says"),
    [
        pytest.param("A-20;ELM;;;;NOBODY;;", "clinician: nobody called NOBODY is a clinician here", id="clinician"),
        pytest.param("A-20;ELM;;;;;;", "clinician: it is empty, and there is more than one", id="no clinician"),
        pytest.param("A-20;;;;;COLE;;", "code_name: it is empty, and nobody is known by this clinic id", id="no name"),
        pytest.param("A-20;BIRCH-07;;;;COLE;;", "code_name: BIRCH-07 has another clinic id", id="code name taken"),
        pytest.param("A-17;ELM;;;;COLE;;", "code_name: this patient is called BIRCH-07 here", id="another code name"),
        pytest.param("A-20;COLE;;;;COLE;;", "code_name: COLE is known in another role", id="staff"),
        pytest.param("A-20;ELM;;;;COLE;now and then;", "cadence: 'now' is not understood", id="cadence"),
        pytest.param("A-18;;Benjamin;;;;;", "ASH-01 does not take part any more", id="discharged"),
    ],
)
async def test_a_row_that_does_not_fit_is_refused_and_nothing_of_it_is_kept(
    database: Database, terminal: Terminal, row: str, says: str
) -> None:
    await terminal.run("patients", "import", written(terminal, ANA, BEN))
    await terminal.run("enrolment", "ASH-01", "discharged")
    before = await everything(database)

    ran = await terminal.run("patients", "import", written(terminal, row))

    assert (ran.status, await everything(database)) == (1, before)
    assert says in ran.out
    assert "1 rows: 0 new, 0 changed, 0 same, 1 refused." in ran.out


async def test_somebody_who_was_invited_before_is_given_the_clinics_id(database: Database, terminal: Terminal) -> None:
    await terminal.run("patients", "import", written(terminal, ANA))
    async with database.writing() as session:
        for entry in await session.scalars(select(RosterEntry)):
            await session.delete(entry)

    ran = await terminal.run("patients", "import", written(terminal, ANA.replace("A-17", "Z-1")))

    assert "line 2: BIRCH-07: Another clinic_id, name, language, zone, clinician, cadence, phone." in ran.out
    async with database.reading() as session:
        ana = await roster.by_clinic_id(session, "Z-1")
        assert ana is not None
        assert ana.code_name == "BIRCH-07"
        assert await roster.by_clinic_id(session, "A-17") is None


async def test_a_file_that_is_another_one_is_refused_before_anything_changes(
    database: Database, terminal: Terminal
) -> None:
    before = await everything(database)
    slipped = written(terminal, ANA, *(f"B-{n};ELM-{n};;;;NOBODY;;" for n in range(12)))
    (terminal.folder / "latin.csv").write_bytes(f"{HEADER}\n{ANA}\n".encode("latin-1"))
    with (terminal.folder / "huge.csv").open("wb") as huge:
        huge.truncate(50 * 1024**2)

    many = await terminal.run("patients", "import", slipped)
    latin = await terminal.run("patients", "import", "latin.csv")
    large = await terminal.run("patients", "import", "huge.csv")
    nowhere = await terminal.run("patients", "import", "nowhere.csv")

    assert many.out.endswith("Nothing was changed: more than one row in ten is refused. Is this the right file?\n")
    assert (latin.status, latin.err) == (
        2,
        "checkin: Line 2: a letter there is not in UTF-8; save the file as CSV UTF-8.\n",
    )
    assert (large.status, large.err) == (2, "checkin: huge.csv has 50.0 MB; 8 MB are the most. Nothing was read.\n")
    assert nowhere.err == "checkin: nowhere.csv: No such file or directory.\n"
    assert await everything(database) == before


async def test_new_patients_have_a_link_in_a_file_of_its_own_which_is_never_written_over(
    database: Database, terminal: Terminal, sandbox: Sandbox, moment: datetime
) -> None:
    terminal.set(bot_token=TOKEN, telegram_api_url=sandbox.url)
    file = written(terminal, ANA, BEN, "A-19;OAK;Cy;fr;;COLE;;")

    first = await terminal.run("patients", "import", file, "--links", "links.csv", "--json")
    again = await terminal.run("patients", "import", file, "--links", "links.csv")

    links = terminal.folder / "links.csv"
    with links.open(encoding="utf-8", newline="") as rows:
        told = list(csv.DictReader(rows))
    assert [(row["clinic_id"], row["code_name"]) for row in told] == [("A-17", "BIRCH-07"), ("A-18", "ASH-01")]
    assert [row["link"] for row in told] == [row["link"] for row in json.loads(first.out)["rows"] if row["link"]]
    assert all(row["link"].startswith("https://t.me/alliance_checkin_bot?start=") for row in told)
    assert links.stat().st_mode & 0o777 == 0o600
    assert (again.status, again.err) == (2, "checkin: links.csv exists already; links are written to a new file.\n")
    async with database.writing() as session:
        claimed = await invitations.claim(session, told[0]["link"].partition("start=")[2], now=moment)
    assert claimed is not None
    assert claimed.role == Role.PATIENT


async def test_a_programme_is_named_in_the_roster_and_so_are_words(database: Database, terminal: Terminal) -> None:
    await terminal.run("programme", "save", "Starting out", "daily for 2 weeks, then every Monday")
    rows = ("A-1;ELM;;;;COLE;starting out;", "A-2;OAK;;;;COLE;weekly on Tuesday at 18:00;", "A-3;ASH;;;;COLE;daily;")

    first = await terminal.run("patients", "import", written(terminal, *rows))
    moved = await terminal.run(
        "patients", "import", written(terminal, *rows[:2], rows[2].replace("daily", "Starting out"))
    )
    again = await terminal.run(
        "patients", "import", written(terminal, *rows[:2], rows[2].replace("daily", "Starting out"))
    )
    listed = json.loads((await terminal.run("patients", "list", "--json")).out)

    assert (first.status, "3 new" in first.out, "1 changed" in moved.out, "3 same" in again.out) == (
        0,
        True,
        True,
        True,
    )
    async with database.reading() as session:
        found = [await people.by_code_name(session, name) for name in ("ELM", "OAK", "ASH")]
        enrolments = [await people.enrolment(session, one.id) for one in found if one is not None]
    assert [one.rules for one in enrolments if one] == [[], ["FREQ=WEEKLY;BYDAY=TU"], []]
    assert [one.programme_version_id is not None for one in enrolments if one] == [True, False, True]
    words = {one["code_name"]: one["cadence"] for one in listed}
    assert words["ELM"] == words["ASH"]
    assert words["OAK"] == "weekly on Tuesday at 18:00"
