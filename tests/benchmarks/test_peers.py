"""The second opinion on the sandbox: what is put before aiogram, and what happens where it cannot be had."""

import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from benchmarks.peers import __main__ as peers
from benchmarks.peers import environment
from benchmarks.peers.conversation import everything_said
from benchmarks.peers.environment import HOME, LOCK, CannotMake, made
from sandbox.contents import CONTENTS
from sandbox.methods import METHODS
from tests.test_house import locked, unlocked


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / LOCK).write_text("nothing-of-the-kind==1.0\n")
    return tmp_path


async def test_every_method_and_every_content_comes_up() -> None:
    said = await everything_said(rounds=1, seed=1)

    updates = [each.name for each in said if each.method is None]
    assert {each.method for each in said if each.method} == {method.name for method in METHODS.values()}
    assert {each.status for each in said} >= {200, 400, 401, 403, 404, 409, 429, 500}
    assert len(updates) > len(CONTENTS)
    assert "update: managed_bot" in updates


def test_the_lock_of_the_peers_holds_what_they_ask_for_and_is_not_ours() -> None:
    wanted = tomllib.loads((HOME / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = locked((HOME / LOCK).read_text())

    assert unlocked(wanted, pins) == []
    assert "aiogram" not in locked((HOME.parent.parent / "requirements.lock").read_text())


def test_an_environment_in_step_is_used_as_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(environment, "_run", lambda command: (ran.append(command), pretend_python(home)))

    made(home)
    first = len(ran)
    made(home)
    again = len(ran)
    (home / LOCK).write_text("another-thing==2.0\n")
    made(home)

    assert (first, again, len(ran)) == (2, 2, 4)


def pretend_python(home: Path) -> None:
    (home / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    (home / ".venv" / "bin" / "python").touch()


def test_what_is_not_hashed_is_not_installed(home: Path) -> None:
    with pytest.raises(CannotMake):
        made(home)

    assert not (home / ".venv" / "lock.stamp").exists()


def test_without_a_lock_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match=r"requirements\.lock is missing"):
        made(tmp_path)


def test_where_aiogram_cannot_be_had_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Path:
        raise CannotMake("no index can be reached")

    monkeypatch.setattr(peers, "made", refuse)
    app = typer.Typer()
    app.command()(peers.main)

    ended = CliRunner().invoke(app, ["--quick"])

    assert (ended.exit_code, ended.output) == (
        2,
        "peers: the environment for aiogram cannot be made: no index can be reached\n",
    )


@pytest.mark.skipif(not (HOME / ".venv" / "lock.stamp").exists(), reason="./checkin bench peers has not run here")
async def test_aiogram_agrees_and_notices_what_is_planted() -> None:
    python = made()
    said = await everything_said(rounds=1, seed=2)

    wrong = peers._wrong(python, [*said, *peers.PLANTED])

    assert not any(wrong[: len(said)])
    assert all(wrong[len(said) :])
    assert python != Path(sys.executable)
