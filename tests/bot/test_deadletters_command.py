"""What the program could not handle is listed, looked into, handed back and closed by a person."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import inbox
from storage.database import Database
from storage.inbox import InboxState, RawUpdate
from storage.tables import AuditEntry, Incoming
from tests.bot.command_line import Terminal, terminal_for

WORDS = "I do not know what to do"
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 1,
        "chat": {"id": 987_654_321, "first_name": "Ana"},
        "text": WORDS,
        "Ana's secret": True,
        "entities": [{"offset": 0}],
        "via_bot": None,
    },
}


@pytest.fixture
def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return terminal_for(database, tmp_path, monkeypatch)


async def test_a_list_says_when_which_kind_and_why_and_not_a_word_more(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    number = await buried(database, UPDATE, moment)
    await buried(database, "no JSON", moment + timedelta(minutes=1))

    shown, listed = await terminal.run("deadletters"), await terminal.run("deadletters", "list", "--json")

    assert (shown.status, shown.err) == (0, "")
    assert "2026-03-02 08:00:00 UTC  message              KeyError, 3 attempts" in shown.out
    assert json.loads(listed.out)[0] == {
        "number": number,
        "received_at": "2026-03-02T08:00:00+00:00",
        "kind": "message",
        "cause": "KeyError",
        "attempts": 3,
    }
    assert json.loads(listed.out)[1]["kind"] == "unreadable"
    assert not says_who(shown.out + listed.out)


async def test_without_dead_letters_it_says_so(database: Database, terminal: Terminal) -> None:
    assert (await terminal.run("deadletters")).out == "There are no dead letters.\n"
    assert (await terminal.run("deadletters", "--json")).out == "[]\n"
    assert await states(database) == []


async def test_its_structure_is_shown_without_words_names_and_numbers(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    number = await buried(database, UPDATE, moment)

    shown = await terminal.run("deadletters", "show", str(number))

    assert json.loads(shown.out) == {
        "update_id": "number",
        "message": {
            "message_id": "number",
            "chat": {"id": "number", "first_name": "text, 3 characters"},
            "text": f"text, {len(WORDS)} characters",
            "field 3": True,
            "entities": [{"offset": "number"}],
            "via_bot": None,
        },
    }
    assert not says_who(shown.out)
    assert await noted(database) == []


async def test_the_words_are_shown_when_asked_for_and_that_is_noted(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    number = await buried(database, UPDATE, moment)

    shown = await terminal.run("deadletters", "show", str(number), "--words")

    assert json.loads(shown.out) == UPDATE
    assert await noted(database) == [("dead_letter_read", number, {})]


async def test_a_letter_that_was_tampered_with_is_listed_and_shows_nothing(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    first, second = await buried(database, UPDATE, moment), await buried(database, "other", moment)
    async with database.writing() as session:
        one, other = await session.get(Incoming, first), await session.get(Incoming, second)
        assert one is not None
        assert other is not None
        one.raw, other.raw = other.raw, one.raw

    listed = await terminal.run("deadletters", "--json")
    shown = await terminal.run("deadletters", "show", str(first))
    words = await terminal.run("deadletters", "show", str(first), "--words")

    assert [row["kind"] for row in json.loads(listed.out)] == ["unreadable", "unreadable"]
    assert "does not open" in shown.out
    assert words.out == "null\n"


async def test_one_that_is_retried_waits_again_from_the_start_and_the_others_do_not(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    first, second = await buried(database, UPDATE, moment), await buried(database, "other", moment)

    ran = await terminal.run("deadletters", "retry", str(first), "--json")

    assert json.loads(ran.out) == {"retried": [first]}
    assert await states(database) == [(first, InboxState.WAITING, 0, None), (second, InboxState.DEAD, 3, "KeyError")]
    assert await noted(database) == [("dead_letter_retried", first, {})]
    async with database.writing() as session:
        assert [row.seq for row in await inbox.waiting(session, limit=10)] == [first]


async def test_all_of_them_can_be_retried(database: Database, terminal: Terminal, moment: datetime) -> None:
    numbers = [await buried(database, {"update_id": number}, moment) for number in range(3)]

    ran = await terminal.run("deadletters", "retry", "--all")

    assert ran.out == f"Handed back to the bot: {', '.join(map(str, numbers))}.\n"
    assert {state for _, state, _, _ in await states(database)} == {InboxState.WAITING}
    assert (await terminal.run("deadletters", "retry", "--all")).out == "Handed back to the bot: none.\n"


async def test_one_that_is_closed_is_done_and_why_is_noted(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    number = await buried(database, UPDATE, moment)

    ran = await terminal.run("deadletters", "close", str(number), "--reason", "handled_by_hand")

    assert (ran.status, ran.out) == (0, f"Dead letter {number} is closed (handled_by_hand).\n")
    assert await states(database) == [(number, InboxState.DONE, 3, "KeyError")]
    assert await noted(database) == [("dead_letter_closed", number, {"reason": "handled_by_hand"})]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(("show", "4711"), 1, id="show one that is not there"),
        pytest.param(("show", "4711", "--words"), 1, id="its words"),
        pytest.param(("retry", "4711"), 1, id="retry one that is not there"),
        pytest.param(("close", "4711", "--reason", "nothing_to_do"), 1, id="close one that is not there"),
        pytest.param(("retry",), 2, id="retry none"),
        pytest.param(("retry", "1", "--all"), 2, id="retry one and all"),
        pytest.param(("show", "seven"), 2, id="a number in words"),
        pytest.param(("close", "1", "--reason", "she was upset"), 2, id="a reason in words of one's own"),
    ],
)
async def test_a_mistake_changes_nothing_and_is_said(
    database: Database, terminal: Terminal, moment: datetime, words: tuple[str, ...], status: int
) -> None:
    number = await buried(database, UPDATE, moment)

    ran = await terminal.run("deadletters", *words)

    assert ran.status == status
    assert ran.out == ""
    assert status == 2 or ran.err == (
        "checkin: There is no dead letter of that number; `checkin deadletters` lists them.\n"
    )
    assert await states(database) == [(number, InboxState.DEAD, 3, "KeyError")]
    assert await noted(database) == []


async def test_an_update_that_waits_or_was_handled_is_no_dead_letter(
    database: Database, terminal: Terminal, moment: datetime
) -> None:
    async with database.writing() as session:
        await inbox.store(session, [RawUpdate(update_id=1, identity="i", raw=b"{}")], now=moment)

    assert (await terminal.run("deadletters", "--json")).out == "[]\n"
    assert (await terminal.run("deadletters", "show", "1", "--words")).status == 1
    assert (await terminal.run("deadletters", "close", "1", "--reason", "nothing_to_do")).status == 1


async def buried(database: Database, update: object, moment: datetime) -> int:
    """An update that has failed three times; its number."""
    raw = update if isinstance(update, str) else json.dumps(update)
    async with database.writing() as session:
        await inbox.store(session, [RawUpdate(update_id=7, identity=raw[-32:], raw=raw)], now=moment)
        row = (await inbox.waiting(session, limit=10))[-1]
        for _ in range(inbox.MOST_ATTEMPTS):
            await inbox.failed(session, row.seq, cause="KeyError", now=moment)
    return row.seq


async def states(database: Database) -> list[tuple[int, str, int, str | None]]:
    async with database.reading() as session:
        rows = await session.scalars(select(Incoming).order_by(Incoming.seq))
        return [(row.seq, row.state, row.attempts, row.cause) for row in rows]


async def noted(database: Database) -> list[tuple[str, int | None, dict[str, object]]]:
    async with database.reading() as session:
        rows = await session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [(row.action, row.object_id, row.detail) for row in rows]


def says_who(text: str) -> bool:
    return any(word in text for word in (WORDS, "Ana", "987654321"))
