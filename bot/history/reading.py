"""A file of past ratings, opened whatever program wrote it, and brought into order row by row."""

import csv
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from alliance.ratings_file import COLUMNS, Rows, Scale, UnusableRow, places, scale_of
from storage.scratch import Scratch

SEPARATORS = ",;\t|"
SAMPLE = 20_000  # rows from which the scale is told
TELL_EVERY = 5_000  # rows
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Progress = Callable[[int], None]  # bytes read so far
Complain = Callable[[int, str], None]  # the line, and what is wrong with its row


class UnusableFile(ValueError):
    """Nothing in a file of ratings could be read; the message says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """How many rows were read, and of how many nothing could be made."""

    rows: int
    wrong: int
    scale: Scale


def read_into(
    scratch: Scratch, file: Path, *, scale: Scale | None, zone: tzinfo, complain: Complain, progress: Progress
) -> Read:
    """Put every usable row of a file into a scratch file; each other one is complained about, none is dropped.

    Raises UnusableFile for a file without the columns, without a usable row, or whose scale cannot be told.
    """
    separator, header = _header(file)
    scale = scale or _scale(file, separator, header)
    rows, total, wrong = Rows(header=header, scale=scale, zone=zone), 0, 0
    with _opened(file) as (raw, text):
        for line, row in islice(_lines(text, separator), 1, None):
            if not any(row):
                continue  # an empty line is no row
            total += 1
            why = _keep(scratch, rows, row, line)
            if why is not None:
                wrong += 1
                complain(line, why)
            if total % TELL_EVERY == 0:
                progress(raw.tell())
    if total == wrong:
        raise UnusableFile(f"{file}: none of its {total} rows can be used")
    return Read(rows=total, wrong=wrong, scale=scale)


def moment_of(microseconds: int) -> datetime:
    """The moment a scratch file keeps as microseconds since 1970."""
    return _EPOCH + microseconds * _MICROSECOND


def _keep(scratch: Scratch, rows: Rows, row: Sequence[str] | str, line: int) -> str | None:
    """Why a row cannot be kept, or None."""
    if isinstance(row, str):
        return row
    try:
        rated = rows.rated(row)
    except UnusableRow as error:
        return str(error)
    microseconds = (rated.at - _EPOCH) // _MICROSECOND
    first = scratch.add(rated.patient, microseconds, rated.domain or "", rated.rating, line=line)
    return None if first is None else f"the same patient, moment and domain as line {first}"


def _header(file: Path) -> tuple[str, Sequence[str]]:
    """The separator with which the header has all columns, and the header."""
    with _opened(file) as (_, text):
        first = text.readline()
    nothing: list[str] = []
    headers = {separator: next(csv.reader([first], delimiter=separator), nothing) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda each: len({*COLUMNS} & {name.strip().lower() for name in headers[each]}))
    try:
        places(headers[separator])
    except ValueError as error:
        raise UnusableFile(f"{file}, line 1: {error}") from None
    return separator, headers[separator]


def _scale(file: Path, separator: str, header: Sequence[str]) -> Scale:
    place = places(header)["rating"]
    with _opened(file) as (_, text):
        sample = islice(_lines(text, separator), 1, SAMPLE)
        found = scale_of(row[place] for _, row in sample if not isinstance(row, str) and len(row) > place)
    if found is None:
        raise UnusableFile(f"{file}: its scale cannot be told; say it with --scale, such as --scale 1-7")
    return found


@contextmanager
def _opened(file: Path) -> Generator[tuple[BinaryIO, TextIOWrapper]]:
    try:
        with file.open("rb") as raw:
            begin = raw.read(2)
            raw.seek(0)
            encoding = "utf-16" if begin in _UTF_16 else "utf-8-sig"
            # bytes that are no text stay tellable apart, so that two code names never become one
            yield raw, TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="")
    except OSError as error:
        raise UnusableFile(f"{file} cannot be read: {error.strerror}") from None


def _lines(text: TextIOWrapper, separator: str) -> Iterator[tuple[int, Sequence[str] | str]]:
    """Each row with the line it begins on, or what is wrong with it."""
    reader = csv.reader(text, delimiter=separator)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, f"it cannot be taken apart ({error})"
