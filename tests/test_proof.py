"""The page of proofs names every promise, and for each the tests that exist, or says plainly what is not shown."""

import re
from pathlib import Path

import pytest

from tests.test_hazards import NAMED, names_in

ROOT = Path(__file__).parent.parent
PROMISES = tuple(f"P{number}" for number in range(1, 35))
ENTRY = re.compile(r"^\*\*(P\d+)\*\* (.+)$", re.MULTILINE)
IN_A_COMMAND = re.compile(r"`\./checkin test ((?:tests/[\w/.]+ ?)+)`")
PAGE = (ROOT / "docs/proof.md").read_text(encoding="utf-8")


def unproved(entry: str) -> list[str]:
    """Tests an entry names that do not exist; the entry itself where it names none and admits nothing."""
    named = NAMED.findall(entry)
    if not named and "Not shown: " not in entry:
        return ["neither a test nor what is not shown"]
    return [f"{file}::{name}" for file, name in named if name not in names_in(file)]


def test_every_promise_is_on_the_page_once_and_in_order() -> None:
    assert tuple(promise for promise, _ in ENTRY.findall(PAGE)) == PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_each_test_that_the_page_names_exists(promise: str) -> None:
    assert unproved(dict(ENTRY.findall(PAGE))[promise]) == []


def test_each_command_on_the_page_names_tests_that_are_there() -> None:
    named = [place for places in IN_A_COMMAND.findall(PAGE) for place in places.split()]

    assert len(named) > 0
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize(
    ("entry", "lacks"),
    [
        pytest.param("kept: `tests/test_proof.py::test_x`.", ["tests/test_proof.py::test_x"], id="gone"),
        pytest.param("kept: `tests/test_gone.py::test_x`.", ["tests/test_gone.py::test_x"], id="no such file"),
        pytest.param("kept, surely.", ["neither a test nor what is not shown"], id="nothing named"),
        pytest.param("Not shown: all of it.", [], id="admitted"),
    ],
)
def test_a_promise_without_its_test_is_noticed(entry: str, lacks: list[str]) -> None:
    assert unproved(entry) == lacks
