"""The self-test tells what the watchdog has found, and whether anybody would be told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from alliance.wording import Wordings
from bot import alarm_file
from bot.clinic import read_wordings
from bot.clock import SystemClock
from bot.findings import Finding, Symptom
from storage.database import Database
from tests.bot.command_line import Ran, Terminal, terminal_for


@pytest.fixture
def terminal(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    (tmp_path / "data").mkdir()
    return terminal_for(sqlite_database, tmp_path, monkeypatch)


async def said(terminal: Terminal, what: str) -> tuple[int, list[tuple[str, str]]]:
    ran: Ran = await terminal.run("check", "--offline", "--json")
    return ran.status, [(one["level"], one["says"]) for one in json.loads(ran.out) if one["what"] == what]


async def test_without_a_second_channel_it_says_that_nobody_would_be_told(terminal: Terminal) -> None:
    status, found = await said(terminal, "second channel")

    assert status == 0
    assert [level for level, _ in found] == ["look"]
    assert "nobody is told" in found[0][1]


async def test_with_one_it_has_nothing_to_say_about_that(terminal: Terminal) -> None:
    terminal.set(alarm_webhook_url="https://example.org/hook")

    assert await said(terminal, "second channel") == (0, [])


@pytest.mark.parametrize(
    ("symptom", "status", "level"),
    [
        pytest.param(Symptom.STAFF_UNREACHABLE, 1, "wrong", id="red"),
        pytest.param(Symptom.DISK_NEARLY_FULL, 0, "look", id="amber"),
    ],
)
async def test_what_the_watchdog_has_found_is_told_and_red_is_the_exit_status(
    terminal: Terminal, symptom: Symptom, status: int, level: str
) -> None:
    now = SystemClock().now()
    alarm_file.keep(terminal.folder / "data", [Finding(symptom=symptom, since=now)], at=now)

    found = await said(terminal, "watchdog")

    assert (found[0], [level for level, _ in found[1]]) == (status, [level])


async def test_an_alarm_file_that_cannot_be_read_is_wrong(terminal: Terminal) -> None:
    (terminal.folder / "data" / alarm_file.NAME).write_text("{", encoding="utf-8")

    assert await said(terminal, "watchdog") == (1, [("wrong", "alarm.json cannot be read")])


async def test_a_language_that_is_not_translated_to_its_end_is_named(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = read_wordings()
    half = replace(ours.in_language("en"), language="pl", untranslated=frozenset({"own.title", "consent.text"}))
    polish_too = Wordings(by_language={**ours.by_language, "pl": half})

    complete = await said(terminal, "wording")
    monkeypatch.setattr("bot.clinic.read_wordings", lambda: polish_too)
    found = await said(terminal, "wording")

    assert complete == (0, [("ok", "complete in en, es")])
    assert found == (0, [("look", "2 sentences of pl are said in English: consent.text, own.title")])
