"""`checkin export` and `checkin patients list`: what each reader may see leaves, and nothing else."""

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.audience import Audience, Subject, Whom
from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import audiences, messages, people
from storage.database import Database
from storage.messages import Screening, Written
from storage.tables import Answer, AuditEntry, Checkin, Enrolment
from tests.bot.command_line import Ran, Terminal, terminal_for

FORMULA = "=cmd|' /C calc'!A0"


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """BIRCH-07 of COLE gave her second bond answer and her words to DAY; =ASH is a patient of DAY."""
    ids: dict[str, int] = {}
    async with database.writing() as session:
        for number, code_name in enumerate(("COLE", "DAY", "KIM", "BIRCH-07", "=ASH"), start=1):
            person = await people.add(
                session, code_name=code_name, name=f"Name {number}", language="en", zone="Europe/Madrid", now=moment
            )
            person.chat_id, ids[code_name] = 100 + number, person.id
        for code_name, role in (("COLE", Role.CLINICIAN), ("DAY", Role.CLINICIAN), ("KIM", Role.COORDINATOR)):
            await people.give_role(session, ids[code_name], role, now=moment)
            (await people.get(session, ids[code_name])).digest_at = "08:00"
        for patient, clinician in (("BIRCH-07", "COLE"), ("=ASH", "DAY")):
            session.add(
                Enrolment(
                    patient_id=ids[patient],
                    clinician_id=ids[clinician],
                    state=EnrolmentState.ACTIVE,
                    step="done",
                    rules=["FREQ=DAILY"],
                    at=["09:00"],
                    starts_on=date(2026, 3, 2),
                    next_due_at=moment,
                )
            )
        await session.flush()
        for patient, clinician in (("BIRCH-07", "COLE"), ("=ASH", "DAY")):
            for day in range(2):
                at = moment + timedelta(days=day)
                checkin = Checkin(
                    patient_id=ids[patient],
                    clinician_id=ids[clinician],
                    local_date=at.date(),
                    slot="09:00",
                    instrument="alliance-brief/1",
                    language="en",
                    state=CheckinState.ANSWERED,
                    remark_open=False,
                    due_at=at,
                    delivered_at=at,
                    completed_at=at,
                    expires_at=at + timedelta(hours=20),
                )
                session.add(checkin)
                await session.flush()
                for item in ("goal", "task", "bond"):
                    session.add(
                        Answer(
                            checkin_id=checkin.id,
                            item_id=item,
                            domain=item,
                            rating=4 + day,
                            fraction=0.5,
                            answered_at=at,
                        )
                    )
        day_reads = Audience(whom=Whom.PERSON, reader_id=ids["DAY"])
        for subject in Subject:
            await audiences.choose(session, ids["BIRCH-07"], subject, day_reads, now=moment + timedelta(hours=12))
        for number, words in enumerate(("to my clinician", FORMULA)):
            await messages.keep(
                session,
                Written(chat_id=104, message_id=number, version=0, kind="text", words=words, sent_at=moment),
                Screening(disposition="screened", rules_version="1"),
                person_id=ids["BIRCH-07"],
                checkin_id=None,
                now=moment + timedelta(days=number),
            )
    return terminal_for(database, tmp_path, monkeypatch)


def table(terminal: Terminal, file: str) -> list[dict[str, str]]:
    with (terminal.folder / file).open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))


def answers(terminal: Terminal, folder: str) -> list[tuple[str, str, str]]:
    return [(row["patient"], row["local_date"][-2:], row["item"]) for row in table(terminal, f"{folder}/answers.csv")]


async def test_each_reader_is_given_what_they_may_see_and_nobody_what_is_anothers(
    database: Database, terminal: Terminal
) -> None:
    ran = {
        folder: await terminal.run("export", folder, "--format", "csv", *words)
        for folder, words in (
            ("all", ()),
            ("cole", ("--reader", "COLE", "--words")),
            ("day", ("--reader", "DAY", "--words", "--since", "2026-03-03")),
        )
    }

    assert answers(terminal, "all") == [
        (patient, day, item) for patient in ("'=ASH", "BIRCH-07") for day in ("02", "03") for item in ("goal", "task")
    ]
    assert answers(terminal, "cole") == [
        *(("BIRCH-07", "02", item) for item in ("goal", "task", "bond")),
        *(("BIRCH-07", "03", item) for item in ("goal", "task")),
    ]
    assert answers(terminal, "day") == [
        *(("'=ASH", "03", item) for item in ("goal", "task", "bond")),
        ("BIRCH-07", "03", "bond"),
    ]
    assert [row["words"] for row in table(terminal, "cole/words.csv")] == ["to my clinician"]
    assert [row["words"] for row in table(terminal, "day/words.csv")] == [f"'{FORMULA}"]
    assert ran["cole"].out == (
        "1 patients, 2 check-ins, 5 answers, 1 messages; "
        "1 answers were left out, because they were given to somebody else. cole, csv\n"
    )
    assert not (terminal.folder / "all" / "words.csv").exists()
    async with database.reading() as session:
        noted = list(await session.scalars(select(AuditEntry.object_kind).where(AuditEntry.action == "exported")))
    assert sorted(noted) == ["export"] * 3 + ["patient"] * 5


async def test_every_column_stands_in_the_codebook_and_the_files_are_their_owners(terminal: Terminal) -> None:
    await terminal.run("export", "out", "--reader", "COLE", "--words")

    codebook = table(terminal, "out/codebook.csv")
    for file in ("answers.csv", "checkins.csv", "words.csv"):
        explained = [row["column"] for row in codebook if row["file"] == file]
        assert explained == (terminal.folder / "out" / file).read_text(encoding="utf-8").splitlines()[0].split(",")
    assert {row["column"] for row in codebook if row["file"] == "item of alliance-brief/1"} == {
        "goal1",
        "task1",
        "bond1",
    }
    assert all(row["meaning"] and row["values"] for row in codebook)
    assert {path.stat().st_mode & 0o777 for path in (terminal.folder / "out").iterdir()} == {0o600}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("full",), "full is not empty; an export needs a folder of its own.", id="a folder in use"),
        pytest.param(("out", "--words"), "--words needs --reader", id="words to nobody"),
        pytest.param(("out", "--reader", "NOBODY"), "called NOBODY", id="no such reader"),
        pytest.param(("out", "--since", "soon"), "'soon' is not a day", id="no day"),
    ],
)
async def test_an_export_that_makes_no_sense_is_one_sentence(
    terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    (terminal.folder / "full").mkdir()
    (terminal.folder / "full" / "mine.csv").write_text("mine")

    ran: Ran = await terminal.run("export", *words)

    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert says in ran.err
    assert (terminal.folder / "full" / "mine.csv").read_text() == "mine"
    assert not list(terminal.folder.glob("out/*"))


async def test_the_list_of_patients_shows_each_role_its_own(terminal: Terminal) -> None:
    everybody = json.loads((await terminal.run("patients", "list", "--json")).out)
    to_cole = await terminal.run("patients", "list", "--as", "COLE")
    to_kim = json.loads((await terminal.run("patients", "list", "--as", "kim", "--json")).out)
    of_day = json.loads((await terminal.run("patients", "list", "--clinician", "DAY", "--json")).out)
    gone = await terminal.run("patients", "list", "--state", "discharged")
    nobody = await terminal.run("patients", "list", "--as", "BIRCH-07")

    assert [one["code_name"] for one in everybody] == ["=ASH", "BIRCH-07"]
    assert to_kim == everybody
    assert to_cole.out == ("BIRCH-07; active with COLE; every day at 09:00; next 2026-03-02 09:00 Europe/Madrid\n")
    assert of_day == [
        {
            "code_name": "=ASH",
            "clinic_id": None,
            "clinician": "DAY",
            "state": "active",
            "language": "en",
            "zone": "Europe/Madrid",
            "cadence": "every day at 09:00",
            "next_at": "2026-03-02T08:00:00+00:00",
            "paused_until": None,
            "reachable": True,
        }
    ]
    assert gone.out == "There is no such patient.\n"
    assert (nobody.status, nobody.err) == (
        1,
        "checkin: There is no clinician or coordinator called BIRCH-07 who has joined.\n",
    )
