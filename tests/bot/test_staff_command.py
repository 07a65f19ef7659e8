"""Hours, leave, holds and whose patient it is, from the shell; what makes no sense is one sentence."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import people, team
from storage.database import Database
from storage.tables import AuditEntry, Enrolment, Hold, StaffLeave
from tests.bot.command_line import Terminal, terminal_for


@pytest.fixture
async def terminal(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime
) -> Terminal:
    """A clinic with COLE and DAY, the lead LEE, the coordinator KIM, and COLE's patient BIRCH-07."""
    async with sqlite_database.writing() as session:
        found: dict[str, int] = {}
        for number, (code_name, role) in enumerate(
            (("COLE", Role.CLINICIAN), ("DAY", Role.CLINICIAN), ("LEE", Role.LEAD), ("KIM", Role.COORDINATOR))
        ):
            person = await people.add(session, code_name=code_name, name=None, language="en", zone="UTC", now=moment)
            person.chat_id, found[code_name] = 11 + number, person.id
            await people.give_role(session, person.id, role, now=moment)
            if role is not Role.COORDINATOR:
                person.digest_at, person.working_days = "08:00", "MO,TU,WE,TH,FR"
        ana = await people.add(session, code_name="BIRCH-07", name=None, language="en", zone="UTC", now=moment)
        ana.chat_id = 20
        session.add(
            Enrolment(
                patient_id=ana.id,
                clinician_id=found["COLE"],
                state=EnrolmentState.ACTIVE,
                step="done",
                rules=["FREQ=DAILY"],
                at=["09:00"],
                starts_on=moment.date(),
            )
        )
    return terminal_for(sqlite_database, tmp_path, monkeypatch)


async def test_hours_are_shown_and_changed(terminal: Terminal) -> None:
    shown = await terminal.run("staff", "hours", "cole")
    changed = await terminal.run("staff", "hours", "COLE", "--at", "7:30", "--days", "fr,mo", "--zone", "Europe/Madrid")

    assert shown.out == "The digest of COLE comes at 08:00 (UTC) on MO,TU,WE,TH,FR.\n"
    assert (changed.status, changed.err) == (2, "checkin: 7:30 is no time of day; write it as 08:00.\n")
    changed = await terminal.run(
        "staff", "hours", "COLE", "--at", "07:30", "--days", "fr,mo", "--zone", "Europe/Madrid"
    )
    assert changed.out == "The digest of COLE comes at 07:30 (Europe/Madrid) on MO,FR.\n"


async def test_a_leave_is_set_listed_covered_by_another_and_ended(
    sqlite_database: Database, terminal: Terminal
) -> None:
    alone = await terminal.run("staff", "away", "COLE", "--from", "2099-03-02", "--back", "2099-03-16")
    assert "Named to read: nobody." in alone.out
    assert "nobody would read the digest" in alone.out
    (row,) = json.loads((await terminal.run("staff", "leaves", "--json")).out)
    assert {key: row[key] for key in ("code_name", "from", "back", "cover")} == {
        "code_name": "COLE",
        "from": "2099-03-02",
        "back": "2099-03-16",
        "cover": None,
    }

    covered = await terminal.run("staff", "cover", str(row["number"]), "DAY")
    assert covered.out.endswith("Reads, as it stands: DAY.\n")
    ended = await terminal.run("staff", "back", str(row["number"]))
    assert ended.out == "The leave of COLE has ended.\n"
    assert (await terminal.run("staff", "leaves")).out == "No leave is planned.\n"
    again = await terminal.run("staff", "back", str(row["number"]))
    assert (again.status, again.err) == (2, f"checkin: There is no leave {row['number']} that could be changed.\n")
    async with sqlite_database.reading() as session:
        actions = list(await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["leave_set", "cover_named", "leave_ended"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("COLE", "--from", "2020-03-02"), "A leave begins today or later.", id="in the past"),
        pytest.param(
            ("COLE", "--from", "2099-03-02", "--back", "2099-03-02"), "The day of return comes after", id="of no length"
        ),
        pytest.param(("COLE", "--from", "2099-03-02", "--cover", "COLE"), "Nobody covers for herself.", id="herself"),
        pytest.param(("COLE", "--from", "2099-03-02", "--cover", "KIM"), "KIM is not a clinician", id="no clinician"),
        pytest.param(("COLE", "--from", "2099-03-02", "--cover", "EVE"), "Nobody is called EVE.", id="nobody"),
        pytest.param(("KIM", "--from", "2099-03-02"), "no clinician or lead called KIM", id="without a digest"),
        pytest.param(("LEE", "--from", "2099-03-02"), "LEE is not a clinician", id="a lead"),
        pytest.param(("COLE", "--from", "tomorrow"), "--from: 'tomorrow' is not a day", id="in words"),
    ],
)
async def test_a_leave_that_makes_no_sense_is_refused_in_one_sentence(
    sqlite_database: Database, terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    ran = await terminal.run("staff", "away", *words)

    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err
    async with sqlite_database.reading() as session:
        assert (await session.scalars(select(StaffLeave))).all() == []


async def test_a_patient_is_held_listed_and_goes_on(sqlite_database: Database, terminal: Terminal) -> None:
    held = await terminal.run("hold", "add", "BIRCH-07", "--reason", "hospital", "--until", "2099-03-02")
    assert held.status == 2  # more than a year
    held = await terminal.run("hold", "add", "BIRCH-07", "--reason", "hospital")
    listed = await terminal.run("hold", "list")

    today = datetime.now(UTC).date()  # noqa: TID251  # the command has no other clock
    assert held.out == listed.out == f"BIRCH-07: held from {today} until somebody says so (hospital)\n"
    assert await _state(sqlite_database) == "on_hold"
    assert (await terminal.run("hold", "lift", "BIRCH-07")).out == "Check-ins of BIRCH-07 go on.\n"
    assert await _state(sqlite_database) == "active"
    assert (await terminal.run("hold", "lift", "BIRCH-07")).err == "checkin: BIRCH-07 is not held.\n"
    async with sqlite_database.reading() as session:
        (row,) = (await session.scalars(select(Hold))).all()
        assert row.ended_at is not None
        details = await session.scalars(select(AuditEntry.detail))
        assert "hospital" not in str(list(details))  # what is kept for good is that and until when, never why


async def test_to_go_on_by_the_other_command_ends_the_hold_too(terminal: Terminal) -> None:
    await terminal.run("hold", "add", "BIRCH-07", "--reason", "other")

    ran = await terminal.run("enrolment", "BIRCH-07", "active")

    assert ran.out == "BIRCH-07 was on_hold and is active now.\n"
    assert (await terminal.run("hold", "list")).out == "Nobody is held.\n"


async def test_who_leaves_the_clinic_leaves_patients_without_a_team_until_they_are_given_away(
    sqlite_database: Database, terminal: Terminal
) -> None:
    ended = await terminal.run("staff", "end", "COLE", "--yes")
    assert "Without a team now: BIRCH-07.\n" in ended.out
    assert (await terminal.run("staff", "end", "COLE", "--yes")).err == "checkin: COLE has no role in the clinic.\n"
    seen = await terminal.run("team", "--lead", "LEE")
    assert "1 patient has no clinician any more:\n• BIRCH-07" in seen.out

    given = await terminal.run("enrolment", "BIRCH-07", "--clinician", "DAY")
    assert given.out == "BIRCH-07 was with COLE and is with DAY now.\nOpen flags that went along: 0.\n"
    async with sqlite_database.reading() as session:
        assert await team.without_team(session, now=datetime.now(UTC)) == []  # noqa: TID251
    assert json.loads((await terminal.run("team", "--lead", "LEE", "--format", "json")).out)["without_team"] == []
    past = await terminal.run("team", "--lead", "LEE", "--date", "2026-01-01")
    assert (past.status, past.err) == (1, "checkin: No team digest was sent to LEE on 2026-01-01.\n")


async def test_most_check_ins_a_day_are_set_and_an_empty_request_is_said(
    sqlite_database: Database, terminal: Terminal
) -> None:
    assert (await terminal.run("cadence", "most", "BIRCH-07", "2")).out == "BIRCH-07: 2 a day at most.\n"
    async with sqlite_database.reading() as session:
        assert await session.scalar(select(Enrolment.most_a_day)) == 2
    assert (await terminal.run("cadence", "most", "BIRCH-07", "0")).out == "BIRCH-07: one for each of the times.\n"

    ran = await terminal.run("enrolment", "BIRCH-07")

    assert (ran.status, ran.err) == (2, "checkin: Say a state such as on_hold, or --clinician with a code name.\n")


async def _state(database: Database) -> str | None:
    async with database.reading() as session:
        return await session.scalar(select(Enrolment.state))
