"""Rules and wording are signed off from the shell, and staff are told for as long as they are not."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from alliance.approval import Decision, Part, Text
from alliance.people import Role
from bot import phrases
from storage import people
from storage.database import Database
from storage.tables import Approval, AuditEntry
from tests.bot.command_line import Ran, Terminal, terminal_for

PARTS = 3 * 2  # of two languages
NOT_YET = "not yet approved by your clinic"


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic with one clinician, who gets a digest."""
    (tmp_path / "data").mkdir()
    async with database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="UTC", now=moment)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=moment)
        cole.digest_at = "08:00"
    return terminal_for(database, tmp_path, monkeypatch)


async def standings(terminal: Terminal) -> dict[tuple[str, str], str]:
    ran = await terminal.run("rules", "show", "--json")
    return {(one["part"], one["language"]): one["standing"] for one in json.loads(ran.out)}


async def what_check_says(terminal: Terminal) -> str:
    ran: Ran = await terminal.run("check", "--offline", "--json")
    return "\n".join(f"{one['what']}: {one['says']}" for one in json.loads(ran.out) if "approv" in one["what"])


async def test_as_shipped_nothing_is_approved_and_it_is_said(terminal: Terminal) -> None:
    shown = await terminal.run("rules", "show")

    assert (shown.status, shown.out.count(NOT_YET)) == (0, PARTS)
    assert f"approval of crisis rules: en: {NOT_YET}; es: {NOT_YET}" in await what_check_says(terminal)


async def test_everything_is_signed_by_a_named_person_with_a_date_and_the_audit_knows(
    database: Database, terminal: Terminal
) -> None:
    signed = await terminal.run("rules", "approve", "--all", "--by", "Dr  Ada Cole", "--on", "2026-03-02")

    assert (signed.status, signed.err) == (0, "")
    assert signed.out.count("approved by Dr Ada Cole on 2026-03-02") == PARTS
    assert set((await standings(terminal)).values()) == {"approved"}
    assert "as they were signed" in await what_check_says(terminal)
    async with database.reading() as session:
        rows = list(await session.scalars(select(Approval)))
        entries = list(await session.scalars(select(AuditEntry)))
    assert {(row.decision, row.signed_by, row.signed_on) for row in rows} == {
        (Decision.APPROVED, "Dr Ada Cole", date(2026, 3, 2))
    }
    assert [(entry.action, entry.object_id) for entry in entries] == [("rules_approved", row.id) for row in rows]
    assert "Cole" not in repr([entry.detail for entry in entries])


async def test_a_changed_rule_is_unapproved_again_and_the_others_are_not(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    await terminal.run("rules", "approve", "--all", "--by", "Dr Cole", "--on", "2026-03-02")
    monkeypatch.setattr("bot.clinic.phrases_to_approve", one_letter_more_in_spanish)

    found = await standings(terminal)

    assert [key for key, standing in found.items() if standing != "approved"] == [("crisis_rules", "es")]
    assert found["crisis_rules", "es"] == "changed_since"
    assert f"es: {NOT_YET}: changed since Dr Cole approved it on 2026-03-02" in await what_check_says(terminal)


def one_letter_more_in_spanish() -> tuple[Text, ...]:
    changed = ("es", Part.CRISIS_RULES)
    return tuple(
        Text(part=text.part, language=text.language, sha256="0" * 64) if (text.language, text.part) == changed else text
        for text in phrases.phrases_to_approve()
    )


async def test_the_digest_says_it_until_the_last_list_is_signed(terminal: Terminal) -> None:
    digest = ("digest", "--clinician", "COLE", "--format", "text")

    await terminal.run("rules", "approve", "--part", "crisis_rules", "--part", "language_rules", "--by", "Dr Cole")
    before = await terminal.run(*digest)
    await terminal.run("rules", "approve", "--part", "wording", "--by", "Dr Cole")
    after = await terminal.run(*digest)

    assert (before.status, after.status) == (0, 0)
    assert "not yet been approved by your clinic" in before.out
    assert "approved by your clinic" not in after.out


async def test_a_signature_can_be_taken_back_and_given_again(terminal: Terminal) -> None:
    await terminal.run("rules", "approve", "--all", "--by", "Dr Cole")

    back = await terminal.run("rules", "withdraw", "--part", "wording", "--language", "es", "--by", "Dr Day")
    after = await standings(terminal)
    again = await terminal.run("rules", "approve", "--part", "wording", "--by", "Dr Cole", "--json")

    assert "withdrawn by Dr Day" in back.out
    assert [key for key, standing in after.items() if standing == "withdrawn"] == [("wording", "es")]
    assert {(one["part"], one["standing"]) for one in json.loads(again.out)} == {("wording", "approved")}
    assert set((await standings(terminal)).values()) == {"approved"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("approve", "--by", "Dr Cole"), "Say what is meant", id="nothing meant"),
        pytest.param(("approve", "--all", "--part", "wording", "--by", "Dr Cole"), "not both", id="both meant"),
        pytest.param(("approve", "--all", "--by", "  "), "gives a name", id="no name"),
        pytest.param(("approve", "--all", "--by", "A\u200bda"), "cannot be seen", id="a hidden character"),
        pytest.param(("approve", "--all", "--by", "Dr Cole", "--on", "2.3.2026"), "is no day", id="no day"),
        pytest.param(("approve", "--all", "--by", "Dr Cole", "--on", "2999-01-01"), "still to come", id="to come"),
        pytest.param(("approve", "--language", "xx", "--by", "Dr Cole"), "nothing to sign in xx", id="no language"),
        pytest.param(("withdraw", "--all", "--by", "Dr Cole"), "nothing to withdraw", id="nothing signed"),
    ],
)
async def test_what_makes_no_sense_is_one_sentence_and_signs_nothing(
    database: Database, terminal: Terminal, words: tuple[str, ...], says: str
) -> None:
    ran = await terminal.run("rules", *words)

    assert (ran.status, ran.out) == (2, "")
    assert says in ran.err
    assert ran.err.count("\n") == 1
    async with database.reading() as session:
        assert list(await session.scalars(select(Approval))) == []
