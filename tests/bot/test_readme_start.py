"""A new clinic starts as the README says, and its first check-in is answered."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from sandbox import Person, Sandbox
from tests.bot.processes import ROOT, House, stopped, until
from tests.bot.ward import TOKEN

pytestmark = pytest.mark.crash

SOON = 20.0  # seconds


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(token=TOKEN) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, sandbox: Sandbox) -> House:
    """A folder with an .env made from .env.example, filled in as its comments say."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    filled = {
        "CHECKIN_BOT_TOKEN": TOKEN,
        "CHECKIN_TELEGRAM_API_URL": sandbox.url,
        "CHECKIN_CLINIC_ZONE": _where_it_is_noon(),
        "CHECKIN_EMERGENCY_NUMBER": "112",
    }
    names = {line.partition("=")[0] for line in lines}
    assert filled.keys() <= names
    env = [f"{n}={filled[n]}" if (n := line.partition("=")[0]) in filled else line for line in lines]
    (tmp_path / ".env").write_text("\n".join(env), encoding="utf-8")
    return House(folder=tmp_path, settings={})


async def test_a_clinic_starts_as_the_readme_says_and_a_check_in_is_answered(house: House, sandbox: Sandbox) -> None:
    await house.run("init", "--yes")
    async with house.running(sandbox) as process:
        cole, ana = sandbox.person("Cole"), sandbox.person("Ana")
        cole.opens(await _link(house, "clinician", "--code-name", "COLE", "--name", "Dr Cole"))
        await until(lambda: _has_heard(cole), SOON)
        ana.opens(await _link(house, "patient", "--code-name", "BIRCH-07", "--name", "Ana", "--clinician", "COLE"))
        for label in ("Yes, I want to take part", "Yes", "09:00"):
            await _tap(ana, label)
        await until(lambda: not ana.spinning and not ana.last.labels, SOON)

        await _make_due(house)
        for number in "654":
            await _tap(ana, number)
        await until(lambda: "Nothing to add" in " ".join(ana.last.labels) or not sandbox.pending, SOON)
        ana.writes("I want to kill myself")
        await until(lambda: "112" in ana.last.text and "I have this" in cole.last.labels, SOON)

        status = await stopped(process)

    assert status == 0
    assert sandbox.ledger.violations() == ()


async def test_the_digest_can_be_printed_and_the_check_finds_nothing_wrong(house: House, sandbox: Sandbox) -> None:
    await house.run("init", "--yes")
    async with house.running(sandbox) as process:
        cole = sandbox.person("Cole")
        cole.opens(await _link(house, "clinician", "--code-name", "COLE"))
        await until(lambda: _has_heard(cole), SOON)

        findings = json.loads(await house.run("check", "--json"))
        digest = await house.run("digest", "--clinician", "COLE")

        assert await stopped(process) == 0
    assert "wrong" not in {finding["level"] for finding in findings}
    assert digest.strip()


async def test_what_is_written_for_the_owner_can_be_read_by_nobody_else(house: House) -> None:
    await house.run("init", "--yes")

    modes = {name: (house.folder / name).stat().st_mode & 0o077 for name in ("checkin.keys", "data/checkin.sqlite3")}

    assert modes == {"checkin.keys": 0, "data/checkin.sqlite3": 0}


async def test_a_token_that_telegram_refuses_is_one_line_without_the_token(house: House) -> None:
    await house.run("init", "--yes")
    wrong = House(folder=house.folder, settings={"CHECKIN_BOT_TOKEN": "123456:zyxwvutsrqponmlkjihgfedcba"})

    process = await wrong.start("run")
    _, err = await process.communicate()

    said = err.decode().strip().splitlines()
    assert process.returncode == 1
    assert said[-1].startswith("checkin: Telegram does not know this bot token")
    assert "zyxwvuts" not in err.decode()
    assert len(said) == 1


async def test_a_second_process_on_the_same_folder_is_refused_in_one_line(house: House, sandbox: Sandbox) -> None:
    await house.run("init", "--yes")
    async with house.running(sandbox) as first:
        second = await house.start("run")
        _, err = await second.communicate()
        assert await stopped(first) == 0

    assert (second.returncode, len(err.decode().strip().splitlines())) == (1, 1)
    assert "stop it first" in err.decode()


def _where_it_is_noon() -> str:
    """A zone in which no quiet hours hold anything back, whenever the tests run."""
    ahead = 12 - SystemClock().now().hour
    return f"Etc/GMT{-ahead:+d}"  # the sign of these names is the other way round


async def _link(house: House, *words: str) -> str:
    invited = json.loads(await house.run("invite", *words, "--json"))
    assert invited.keys() >= {"link", "code", "expires_at", "person"}
    return invited["link"]


async def _make_due(house: House) -> None:
    """Let Ana's next check-in fall due now, and the one after it in half a day, straight in the database."""
    script = """
import sqlite3, sys
from datetime import UTC, datetime, timedelta
now = datetime.now(UTC)
with sqlite3.connect(sys.argv[1], timeout=10) as database:
    moment = database.execute("select next_due_at from enrolments").fetchone()[0]
    form = "%Y-%m-%d %H:%M:%S.%f" if " " in str(moment) else "%Y-%m-%dT%H:%M:%S.%f"
    at = '["' + (now + timedelta(hours=12)).strftime("%H:%M") + '"]'
    database.execute(
        "update enrolments set next_due_at = ?, next_due_on = ?, rules = ?, at = ?",
        (now.strftime(form), now.date().isoformat(), '["FREQ=DAILY"]', at),
    )
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(house.folder / "data" / "checkin.sqlite3")
    )
    assert await process.wait() == 0


async def _tap(person: Person, label: str) -> None:
    await until(lambda: not person.spinning and any(label in shown.labels for shown in person.screen), SOON)
    person.taps(label)


def _has_heard(person: Person) -> bool:
    return any(shown.from_bot for shown in person.screen)
