"""Where a clinician's digests go by e-mail: set, shown and removed from the shell; what is no address is refused."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.people import Role
from storage import people
from storage.database import Database
from storage.tables import AuditEntry, Person
from tests.bot.command_line import Terminal, terminal_for


@pytest.fixture
async def terminal(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime
) -> Terminal:
    """A clinic with COLE, a clinician, and BIRCH-07, a patient."""
    async with sqlite_database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="UTC", now=moment)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=moment)
        await people.add(session, code_name="BIRCH-07", name=None, language="en", zone="UTC", now=moment)
    return terminal_for(sqlite_database, tmp_path, monkeypatch)


async def test_an_address_is_kept_sealed_shown_and_taken_away(sqlite_database: Database, terminal: Terminal) -> None:
    told = await terminal.run("email", "set", "cole", "Dr.Cole+digest@example.org")
    shown = await terminal.run("email", "show", "--json")
    async with sqlite_database.reading() as session:
        cole = await people.by_code_name(session, "COLE")
        assert cole is not None
        assert cole.email is not None
        assert b"example.org" not in cole.email.box
    removed = await terminal.run("email", "remove", "COLE")

    assert (told.status, told.err) == (0, "")
    assert "CHECKIN_DIGEST_EMAIL is off" in told.out
    assert json.loads(shown.out) == {"COLE": "Dr.Cole+digest@example.org"}
    assert "Telegram alone" in removed.out
    assert json.loads((await terminal.run("email", "show", "--json")).out) == {"COLE": None}
    async with sqlite_database.reading() as session:
        noted = list(await session.scalars(select(AuditEntry.action)))
    assert noted == ["email_set", "email_removed"]


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "@example.org",
        "a@b",
        "a@@example.org",
        "a b@example.org",
        "a@example.org\nBcc: b@example.org",
        "Cole <cole@example.org>",
        '"a"@example.org',
        "a@example..org",
        "a.@example.org",
        "ñ@example.org",
        "a@exämple.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 70}.org",
        "",
    ],
)
async def test_what_is_no_address_changes_nothing(sqlite_database: Database, terminal: Terminal, address: str) -> None:
    refused = await terminal.run("email", "set", "COLE", address)

    assert refused.status != 0
    assert "name@example.org" in refused.err
    async with sqlite_database.reading() as session:
        assert set(await session.scalars(select(Person.email))) == {None}


@pytest.mark.parametrize(("who", "says"), [("BIRCH-07", "is no clinician"), ("OAK-01", "nobody called OAK-01")])
async def test_who_gets_no_digest_gets_none_by_mail(terminal: Terminal, who: str, says: str) -> None:
    refused = await terminal.run("email", "set", who, "a@example.org")

    assert (refused.status != 0, says in refused.err) == (True, True)


async def test_the_self_test_knows_of_mail_that_is_off_and_of_mail_without_addresses(terminal: Terminal) -> None:
    nothing = await _check(terminal)
    await terminal.run("email", "set", "COLE", "cole@example.org")
    is_off = await _check(terminal)
    terminal.set(smtp_url="smtp://localhost:25?starttls=no", smtp_from="clinic@example.org", digest_email="full")
    is_on = await _check(terminal)
    await terminal.run("email", "remove", "COLE")
    to_nobody = await _check(terminal)

    assert [len(found) for found in (nothing, is_off, is_on, to_nobody)] == [0, 1, 1, 1]
    assert [found[0]["level"] for found in (is_off, is_on, to_nobody)] == ["look", "ok", "look"]


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"digest_email": "full"}, "CHECKIN_SMTP_URL"),
        ({"digest_email": "minimal", "smtp_url": "smtp://localhost:25?starttls=no"}, "CHECKIN_SMTP_FROM"),
        ({"digest_email": "everything"}, "CHECKIN_DIGEST_EMAIL"),
    ],
)
async def test_settings_that_could_mail_nothing_stop_the_start(
    terminal: Terminal, settings: dict[str, str], names: str
) -> None:
    terminal.set(**settings)

    refused = await terminal.run("check", "--offline")

    assert (refused.status != 0, names in refused.err) == (True, True)


async def _check(terminal: Terminal) -> list[dict[str, str]]:
    ran = await terminal.run("check", "--offline", "--json")
    return [one for one in json.loads(ran.out) if one["what"] == "digests by e-mail"]
