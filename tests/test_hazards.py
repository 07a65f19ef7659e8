"""The hazard log names every hazard, and for each the tests that exist, or says plainly what is not tested."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HAZARDS = tuple(f"H{number}" for number in range(1, 23))
HEADING = re.compile(r"^## (H\d+) · .+$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PARTS = ("Cause: ", "Severity ", "Control: ", "Proof:")


def sections(log: str) -> dict[str, str]:
    """What the log says of each hazard, by its number."""
    found = list(HEADING.finditer(log))
    ends = [one.start() for one in found[1:]] + [len(log)]
    return {one[1]: log[one.end() : end] for one, end in zip(found, ends, strict=True)}


def unproved(section: str) -> list[str]:
    """Tests the section names that do not exist; the section itself where it names none and admits nothing."""
    named = NAMED.findall(section)
    if not named and "Not tested: " not in section:
        return ["neither a test nor what is not tested"]
    return [f"{file}::{name}" for file, name in named if name not in names_in(file)]


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of the tests in a file, by its syntax tree; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(function.name for function in functions if function.name.startswith("test_"))


LOG = (ROOT / "docs/hazards.md").read_text(encoding="utf-8")


def test_every_hazard_is_in_the_log_once_and_in_order() -> None:
    assert tuple(HEADING.findall(LOG)) == HAZARDS


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_hazard_says_why_how_bad_and_what_stands_against_it(hazard: str) -> None:
    section = sections(LOG)[hazard]

    assert [part for part in PARTS if f"\n{part}" not in section] == []
    assert re.search(r"^Severity [1-5], likelihood [1-5]\.$", section, re.MULTILINE)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_test_that_the_log_names_exists(hazard: str) -> None:
    assert unproved(sections(LOG)[hazard]) == []


@pytest.mark.parametrize(
    ("section", "is_proved"),
    [
        ("- `tests/test_hazards.py::test_each_test_that_the_log_names_exists`", True),
        ("Not tested: whether a person acts.", True),
        ("- `tests/test_hazards.py::test_of_another_day`", False),
        ("- `tests/test_nowhere.py::test_each_test_that_the_log_names_exists`", False),
        ("We are careful.", False),
    ],
)
def test_a_claim_without_a_test_is_noticed(section: str, is_proved: bool) -> None:
    assert (unproved(section) == []) == is_proved
