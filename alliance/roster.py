"""A clinic's roster: which columns it has, and which rows can be used."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from alliance.local_time import known_zone
from alliance.sheet import FORMULA_STARTS, BrokenSheet, SheetRow, read_sheet

LARGEST_FILE = 8 * 1024 * 1024  # bytes; fifty thousand rows are less, and a bigger file is another one
MOST_ROWS = 50_000
LONGEST: Mapping[str, int] = MappingProxyType(  # characters of a cell, by column
    {
        "clinic_id": 64,
        "code_name": 40,
        "name": 120,
        "language": 8,
        "zone": 64,
        "clinician": 40,
        "cadence": 200,
        "phone": 40,
        "emergency_contact": 200,
    }
)
COLUMNS = tuple(LONGEST)
NEEDED = ("clinic_id",)
_TELEPHONE = re.compile(r"\+?[0-9 ()./-]{3,}")
_SHORTENED = re.compile(r"[0-9][.,]?[0-9]*[eE]\+[0-9]+")  # what a spreadsheet makes of a long number


class UnusableCell(ValueError):
    """A cell that cannot be used; the message says why, without the cell's name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterRow:
    """One patient as the clinic's system knows them: the line, the clinic's own id, and the cells that are filled."""

    line: int
    clinic_id: str
    cells: Mapping[str, str]  # without the id

    def __getitem__(self, column: str) -> str:
        """The cell of that column; empty where nothing was written."""
        return self.cells.get(column, "")


@dataclass(frozen=True, kw_only=True, slots=True)
class RefusedRow:
    """A row that cannot be used, with the reason in one sentence."""

    line: int
    clinic_id: str
    code_name: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Roster:
    """The rows of a file, each of them in one of the two lists, in the order of the file."""

    rows: tuple[RosterRow, ...]
    refused: tuple[RefusedRow, ...]


def read_roster(raw: bytes) -> Roster:
    """Read a roster file and judge each row by itself; raises BrokenSheet where the file as a whole cannot be used."""
    if len(raw) > LARGEST_FILE:
        raise BrokenSheet(f"The file is larger than {LARGEST_FILE // 1024**2} MB; a roster is not.")
    sheet = read_sheet(raw, columns=COLUMNS, needed=NEEDED)
    if len(sheet) > MOST_ROWS:
        raise BrokenSheet(f"Line {sheet[MOST_ROWS].line}: a roster has {MOST_ROWS} rows at most.")
    judged = [_judged(row) for row in sheet]
    twice = _refused_twins([row for row in judged if isinstance(row, RosterRow)])
    return Roster(
        rows=tuple(row for row in judged if isinstance(row, RosterRow) and row.line not in twice),
        refused=tuple(
            row if isinstance(row, RefusedRow) else twice[row.line]
            for row in judged
            if isinstance(row, RefusedRow) or row.line in twice
        ),
    )


def _judged(row: SheetRow) -> RosterRow | RefusedRow:
    cells: dict[str, str] = {}
    clinic_id, code_name = (_for_display(row.cells[column]) for column in ("clinic_id", "code_name"))
    if row.is_too_wide:
        why = "This row has more cells than the header has columns."
        return RefusedRow(line=row.line, clinic_id=clinic_id, code_name=code_name, why=why)
    for column, cell in row.cells.items():
        try:
            cells[column] = _cell(column, cell)
        except UnusableCell as error:
            why = f"{column}: {error}"
            return RefusedRow(line=row.line, clinic_id=clinic_id, code_name=code_name, why=_sentence(why))
    filled = {column: cell for column, cell in cells.items() if cell and column != "clinic_id"}
    return RosterRow(line=row.line, clinic_id=cells["clinic_id"], cells=filled)


def _cell(column: str, written: str) -> str:
    """The text of a cell, as it can be kept."""
    cell = " ".join(written.replace("\u00a0", " ").split())
    is_telephone = column == "phone" and _TELEPHONE.fullmatch(cell) is not None
    if written.startswith(FORMULA_STARTS) and not is_telephone:
        raise UnusableCell("it begins like a formula of a spreadsheet")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn"} for letter in cell):
        raise UnusableCell("there is a character in it that cannot be seen")
    if len(cell) > LONGEST[column]:
        raise UnusableCell(f"it has {len(cell)} characters; {LONGEST[column]} are the most")
    if column in {"phone", "clinic_id"} and _SHORTENED.fullmatch(cell):
        raise UnusableCell("a spreadsheet has shortened this number; make the column text there")
    check = _CHECKS.get(column)
    if check is not None and (cell or column in NEEDED):
        check(cell)
    return cell


def _needed(cell: str) -> None:
    if not cell:
        raise UnusableCell("it is empty, and nobody can be told apart without it")


def _zone(cell: str) -> None:
    if not known_zone(cell):
        raise UnusableCell(f"there is no time zone called {cell}; write it as Europe/Madrid")


def _telephone(cell: str) -> None:
    if not _TELEPHONE.fullmatch(cell):
        raise UnusableCell("this is no telephone number")


_CHECKS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {"clinic_id": _needed, "zone": _zone, "phone": _telephone}
)


def _refused_twins(rows: Iterable[RosterRow]) -> dict[int, RefusedRow]:
    """Rows that share an id or a code name, by line: which of them is meant, nobody could say."""
    seen: dict[tuple[str, str], list[RosterRow]] = {}
    for row in rows:
        for column, cell in (("clinic_id", row.clinic_id), ("code_name", row["code_name"])):
            if cell:
                seen.setdefault((column, cell.casefold()), []).append(row)
    refused: dict[int, RefusedRow] = {}
    for (column, _), twins in seen.items():
        for row in twins if len(twins) > 1 else ():
            others = ", ".join(str(twin.line) for twin in twins if twin is not row)
            why = f"{column}: the same one stands on line {others}."
            refused.setdefault(
                row.line, RefusedRow(line=row.line, clinic_id=row.clinic_id, code_name=row["code_name"], why=why)
            )
    return refused


def _for_display(cell: str) -> str:
    """A cell as a report may repeat it."""
    seen = "".join(letter for letter in cell if unicodedata.category(letter)[0] != "C")
    return " ".join(seen.split())[: LONGEST["clinic_id"]]


def _sentence(words: str) -> str:
    return words if words.endswith(".") else f"{words}."


__all__ = [
    "COLUMNS",
    "LARGEST_FILE",
    "BrokenSheet",
    "RefusedRow",
    "Roster",
    "RosterRow",
    "read_roster",
]
