"""A table as people save it from a spreadsheet: its encoding, its separator, and the line on which each row stands."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

SEPARATORS = (";", ",", "\t")
WIDE_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")  # what Excel writes as "Unicode text"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # with these a spreadsheet reads a cell as something to work out


class BrokenSheet(ValueError):
    """A file that is no table we can read; the message says on which line, and what is wrong there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetRow:
    """One row: the line on which it begins, and its cells by column, as they stand there; none is missing."""

    line: int
    cells: Mapping[str, str]
    is_too_wide: bool = False  # it has more cells than the header


def read_sheet(raw: bytes, *, columns: Collection[str], needed: Collection[str]) -> list[SheetRow]:
    """The rows of a CSV file with a header; rows without any text are left out.

    Taken are UTF-8 with or without a byte order mark, ``;``, ``,`` or a tab between cells, the line ends of any
    system, Excel's ``sep=`` line, and a header in capitals or with spaces. ``columns`` are those that may be there.
    Raises BrokenSheet for anything else, for a column that is unknown or there twice, and where one is missing.
    """
    lines = list(io.StringIO(_text(raw), newline=""))  # splits at the line ends of any system, and nowhere else
    skipped = 0
    separator = None
    if lines and lines[0].casefold().startswith("sep="):
        separator, skipped = lines[0].strip("\r\n")[4:5], 1
    if not any(line.strip() for line in lines[skipped:]):
        raise BrokenSheet("The file is empty; its first line names the columns.")
    separator = separator or _separator(lines[skipped], columns)
    rows = _numbered(lines[skipped:], separator=separator, before=skipped)
    return list(_named(rows, columns=columns, needed=needed))


def guarded(cell: str) -> str:
    """A cell as it may stand in a file that somebody opens in a spreadsheet: nothing in it is worked out.

    What begins like a formula gets an apostrophe before it, as OWASP recommends (CSV injection).
    """
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _text(raw: bytes) -> str:
    if raw.startswith(WIDE_ENCODINGS):
        raise BrokenSheet("Line 1: the file is UTF-16; save it as CSV UTF-8.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BrokenSheet(f"Line {line}: a letter there is not in UTF-8; save the file as CSV UTF-8.") from None


def _separator(header: str, columns: Collection[str]) -> str:
    """The one by which most columns are known; where none is, the header is refused by its first cell."""

    def known(separator: str) -> int:
        return sum(_plain(cell) in columns for cell in next(csv.reader([header], delimiter=separator)))

    return max(SEPARATORS, key=known)


def _numbered(lines: Sequence[str], *, separator: str, before: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins: a cell in quotes may hold line ends."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    first = before + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first, cells
            first = before + reader.line_num + 1
    except csv.Error as error:
        raise BrokenSheet(f"Line {first}: the cells cannot be told apart ({error}); look at its quotes.") from None


def _named(
    rows: Iterator[tuple[int, list[str]]], *, columns: Collection[str], needed: Collection[str]
) -> Iterator[SheetRow]:
    header = _header(*next(rows), columns=columns, needed=needed)
    for line, cells in rows:
        named = dict.fromkeys(columns, "") | dict(zip(header, cells, strict=False))
        named.pop("", None)  # a column without a name, and without any text in its header
        is_too_wide = any(cell.strip() for cell in cells[len(header) :])
        yield SheetRow(line=line, cells=named, is_too_wide=is_too_wide)


def _header(line: int, cells: Sequence[str], *, columns: Collection[str], needed: Collection[str]) -> list[str]:
    names = [_plain(cell) for cell in cells]
    known = ", ".join(columns)
    for name in names:
        if name and name not in columns:
            raise BrokenSheet(f"Line {line}: there is no column called {name[:40]!r}; known are {known}.")
        if name and names.count(name) > 1:
            raise BrokenSheet(f"Line {line}: the column {name} is there twice.")
    missing = [name for name in needed if name not in names]
    if missing:
        raise BrokenSheet(f"Line {line}: the column {missing[0]} is missing; known are {known}.")
    return names


def _plain(cell: str) -> str:
    return "_".join(cell.replace("_", " ").split()).casefold()
