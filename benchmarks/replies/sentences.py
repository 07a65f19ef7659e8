"""Sentences from one column of a CSV file, as a person's phone would send them."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

LONGEST_MESSAGE = 4096  # UTF-16 units; Telegram's limit for one message
LARGEST_CELL = 1_000_000  # characters; more than this is a broken file, not what a patient wrote
SEPARATORS = (",", ";", "\t", "|")
FIRST_ROW = 2  # row 1 is the header, as a spreadsheet counts
_COLUMNS_NAMED = 12  # in a message about a column that is not there
_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")  # what an app marks as one
_LAST_OF_THE_FIRST_PLANE = "\uffff"  # characters after it take two UTF-16 units


class CannotRead(Exception):
    """The file holds no sentences we could send; the message says why in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """What one row says, as the messages a phone makes of it: one, or several when it is long."""

    row: int  # the first row below the header is 2
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The sentences of a file, and the rows that are none."""

    rows: int
    sentences: tuple[Sentence, ...]
    empty: int  # no phone sends an empty message
    commands: int  # begin like /pause: Telegram marks them as commands, and the product keeps none
    too_long: int  # sent in parts
    with_nul: int  # sent all the same


def read_sentences(path: Path, *, column: str) -> Reading:
    """Read that column, whatever the separator, with or without a byte order mark.

    Raises CannotRead where there is no such file or column, or no sentence in it.
    """
    texts = _column(_text(path), path=path, column=column)
    spoken = [(row, text) for row, text in texts if text.strip()]
    commands = [text for _, text in spoken if _COMMAND.match(text)]
    sentences = tuple(Sentence(row=row, parts=in_parts(text)) for row, text in spoken if not _COMMAND.match(text))
    if not sentences:
        raise CannotRead(f"column {column} of {path} has no sentence that could be sent.")
    return Reading(
        rows=len(texts),
        sentences=sentences,
        empty=len(texts) - len(spoken),
        commands=len(commands),
        too_long=sum(len(sentence.parts) > 1 for sentence in sentences),
        with_nul=sum(any("\0" in part for part in sentence.parts) for sentence in sentences),
    )


def in_parts(text: str) -> tuple[str, ...]:
    """A text as messages of at most 4,096 UTF-16 units, cut where each is full; blank ones are not sent."""
    parts: list[str] = []
    start = units = 0
    for place, character in enumerate(text):
        size = 2 if character > _LAST_OF_THE_FIRST_PLANE else 1
        if units + size > LONGEST_MESSAGE:
            parts.append(text[start:place])
            start, units = place, 0
        units += size
    return tuple(part for part in (*parts, text[start:]) if part.strip())


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CannotRead(f"{path} is not UTF-8 (byte {error.start}); save it as UTF-8 first.") from error
    if "\0" in text.partition("\n")[0]:
        raise CannotRead(f"{path} is not UTF-8: there are NULs in its header; save it as UTF-8 first.")
    return text


def _column(text: str, *, path: Path, column: str) -> Sequence[tuple[int, str]]:
    """Row number and cell of each row; an empty cell where a row is too short."""
    csv.field_size_limit(LARGEST_CELL)
    headers = {separator: _header(text, separator) for separator in SEPARATORS}
    separator = next((sign for sign, header in headers.items() if column in header), None)
    if separator is None:
        known = max(headers.values(), key=len)
        names = ", ".join(known[:_COLUMNS_NAMED]) + (", …" if len(known) > _COLUMNS_NAMED else "")
        raise CannotRead(f"{path} has no column {column}; it has {names}." if names else f"{path} is empty.")
    place = headers[separator].index(column)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        next(reader)
        return [(n, row[place] if place < len(row) else "") for n, row in enumerate(reader, FIRST_ROW)]
    except csv.Error as error:
        raise CannotRead(f"{path} is no readable CSV near line {reader.line_num}: {error}.") from error


def _header(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(StringIO(text, newline=""), delimiter=separator), list[str]())
    except csv.Error:
        return []
