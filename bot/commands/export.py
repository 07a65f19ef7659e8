"""`checkin export`: answers as tables for another program, with a codebook beside them."""

import csv
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from alliance.codebook import ANSWERS, CHECKINS, CODEBOOK, WORDS, Column, codebook_of, codebook_of_items
from alliance.sheet import guarded
from bot.commands.moments import read_day
from bot.commands.session import BadInput, in_office, run_async
from workflows import export_answers
from workflows.export_answers import Asked, Scope, Wrote
from workflows.set_hours import find_staff
from workflows.unit import Unit

UNFINISHED = ".part"  # behind the name of a file until all of them are whole
FOLDER_OF_THE_OWNER, FILE_OF_THE_OWNER = 0o700, 0o600


@dataclass(kw_only=True, slots=True)
class Counts:
    """What was written, and how many answers stay where they are."""

    patients: int = 0
    checkins: int = 0
    answers: int = 0
    withheld: int = 0
    words: int = 0


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
    form: Annotated[Literal["csv"], typer.Option("--format", help="How it is written.")] = "csv",
    reader: Annotated[
        str | None, typer.Option(help="Code name of a clinician or lead: what this person may see, the bond too.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="From this day on, such as 2026-03-02.")] = None,
    words: Annotated[bool, typer.Option("--words", help="With what patients wrote to this reader.")] = False,
) -> None:
    """Export check-ins and answers under code names, one row an answer, with a codebook."""
    first = read_day(since, option="--since") if since else None
    if words and reader is None:
        raise BadInput("--words needs --reader: patients write to somebody, and an export shows it to nobody else.")
    make_folder(folder)
    counts = run_async(_export(folder, reader=reader, since=first, with_words=words))
    for file in sorted(folder.glob(f"*{UNFINISHED}")):
        file.rename(file.with_suffix(""))  # only now that it is noted is it there
    sys.stdout.write(
        f"{counts.patients} patients, {counts.checkins} check-ins, {counts.answers} answers, {counts.words} messages; "
        f"{counts.withheld} answers were left out, because they were given to somebody else. {folder}, {form}\n"
    )


def make_folder(folder: Path) -> None:
    """Make the folder for its owner alone; what is in one already is never written over. Raises BadInput."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_OF_THE_OWNER)
    if any(folder.iterdir()):
        raise BadInput(f"{folder} is not empty; an export needs a folder of its own.")


async def _export(folder: Path, *, reader: str | None, since: date | None, with_words: bool) -> Counts:
    async with in_office() as office:
        async with office.look() as unit:
            person = await find_staff(unit, reader) if reader is not None else None
            within = await export_answers.scope(unit, reader=person, since=since)
            counts = await _write(unit, folder, within, with_words=with_words)
        async with office.work() as unit:
            await export_answers.note(unit, within, answers=counts.answers, words=counts.words)
    return counts


async def _write(unit: Unit, folder: Path, within: Scope, *, with_words: bool) -> Counts:
    counts = Counts(patients=len(within.patients))
    with _table(folder, "answers.csv", ANSWERS) as answers, _table(folder, "checkins.csv", CHECKINS) as checkins:
        async for one in export_answers.asked(unit, within):
            checkins.row(_checkin(one))
            for cells in _answers(one):
                answers.row(cells)
            counts.checkins += 1
            counts.answers += len(one.answers)
            counts.withheld += one.withheld
    if with_words:
        with _table(folder, "words.csv", WORDS) as written:
            async for message in export_answers.wrote(unit, within):
                written.row(_message(message))
                counts.words += 1
    _write_codebook(unit, folder, with_words=with_words)
    return counts


def _write_codebook(unit: Unit, folder: Path, *, with_words: bool) -> None:
    files = {"answers.csv": ANSWERS, "checkins.csv": CHECKINS} | ({"words.csv": WORDS} if with_words else {})
    items = codebook_of_items(unit.clinic.instruments, language=unit.clinic.language)
    with _table(folder, "codebook.csv", ()) as codebook:
        codebook.row(CODEBOOK)
        for file, columns in files.items():
            for cells in codebook_of(file, columns):
                codebook.row(cells)
        for cells in items:
            codebook.row(cells)


class _Table:
    """A file of rows, none of whose cells a spreadsheet works out."""

    def __init__(self, descriptor: int) -> None:
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file)

    def row(self, cells: Sequence[object]) -> None:
        self._rows.writerow([guarded(str(cell)) for cell in cells])

    def close(self) -> None:
        self._file.close()


@contextmanager
def _table(folder: Path, name: str, columns: Sequence[Column]) -> Generator[_Table]:
    """A new file for its owner alone, with its header."""
    path = folder / f"{name}{UNFINISHED}"
    table = _Table(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_OF_THE_OWNER))
    try:
        if columns:
            table.row([column.name for column in columns])
        yield table
    finally:
        table.close()


def _answers(one: Asked) -> list[Sequence[object]]:
    checkin = one.checkin
    return [
        (
            one.patient.code_name,
            checkin.id,
            checkin.local_date.isoformat(),
            checkin.slot,
            answer.instrument or checkin.instrument,
            answer.form or checkin.form or "",
            answer.language or checkin.language,
            answer.item_id,
            answer.domain,
            answer.rating,
            f"{answer.fraction:.4f}",
            int(answer.is_typed),
            about,
            answer.answered_at.isoformat(),
        )
        for answer, about in one.answers
    ]


def _checkin(one: Asked) -> Sequence[object]:
    checkin = one.checkin
    return (
        one.patient.code_name,
        checkin.id,
        one.clinician,
        checkin.local_date.isoformat(),
        checkin.slot,
        one.patient.zone,
        checkin.state,
        *(_moment(at) for at in (checkin.due_at, checkin.delivered_at, checkin.completed_at)),
        len(one.answers),
    )


def _message(one: Wrote) -> Sequence[object]:
    return (one.patient.code_name, one.checkin_id or "", one.received_at.isoformat(), one.words)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
