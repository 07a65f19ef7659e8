"""What `checkin --help` says of a command is what the command says of itself, and listing imports none of them."""

import subprocess
import sys

import pytest

from bot.command_list import COMMANDS, loaded

HEAVY = ("telegram", "sqlalchemy", "alembic", "structlog", "pydantic_settings", "rich", "bot.program")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_what_it_says_of_itself(name: str) -> None:
    assert COMMANDS[name].says == loaded(name).get_short_help_str(limit=1000)


def test_asking_for_help_imports_nothing_that_takes_long() -> None:
    asked = f"import bot.__main__, sys; print([name for name in {HEAVY} if name in sys.modules])"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "[]"


def test_a_word_that_is_no_command_is_answered_with_the_nearest() -> None:
    said = subprocess.run([sys.executable, "-m", "bot", "dmeo"], capture_output=True, text=True, check=False)

    assert said.returncode == 2
    assert "Did you mean 'demo'?" in said.stderr
