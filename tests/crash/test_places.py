"""The list of crash points is the whole list: each commit and each send of the source stands in it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.timers import TICKS
from storage.crash_points import SEND
from tests.crash.places import EVERY_NAME

ROOT = Path(__file__).parents[2]
WRITERS = ("bot", "console", "handlers", "storage", "workflows")
UNNAMED = ""


def test_the_list_holds_every_commit_and_every_send_of_the_source_and_nothing_else() -> None:
    files = [file for folder in WRITERS for file in (ROOT / folder).rglob("*.py")]

    found = {name for file in files for name in commits_in(file.read_text(encoding="utf-8"))}

    assert found | {SEND} == EVERY_NAME


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("async with database.writing('intake') as session: ...", {"intake"}, id="named"),
        pytest.param("async with self._database.writing() as session: ...", {UNNAMED}, id="not named"),
        pytest.param("x.writing(f'tick:{t.name}')", {f"tick:{tick.name}" for tick in TICKS}, id="one for each tick"),
        pytest.param("x.writing(name)", {UNNAMED}, id="by a variable"),
        pytest.param("reading('intake')", set[str](), id="only looked at"),
    ],
)
def test_a_commit_without_a_name_is_noticed(source: str, names: set[str]) -> None:
    assert set(commits_in(source)) == names


def commits_in(source: str) -> Iterator[str]:
    """The names given to ``writing``; UNNAMED where there is none that can be read."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "writing":
            yield from _names(node.args)


def _names(arguments: list[ast.expr]) -> Iterator[str]:
    match arguments:
        case [ast.Constant(value=str(name))] if name:
            yield name
        case [ast.JoinedStr(values=[ast.Constant(value="tick:"), ast.FormattedValue()])]:
            yield from (f"tick:{tick.name}" for tick in TICKS)
        case _:
            yield UNNAMED
