"""Labelled comments of patients: the ones to learn from, given from outside, and the ones written for this project."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "CHECKIN_BENCH_COMMENTS"  # where the comments file is, if --comments does not say
COLUMNS = ("respondent", "question", "text", "sentiment", "bond_theme", "task_theme")
CONCERN_FROM = 4  # of 1, very positive, to 5, very negative
HERE = Path(__file__).parent
WRITTEN_FOR_TRAINING = HERE / "written_for_training.tsv"
WRITTEN_FOR_TESTING = HERE / "written_for_testing.tsv"
WRITTEN_IN_SPANISH = HERE / "written_in_spanish.tsv"
_MARKS = frozenset({"-", "concern", "bond", "task", "goal"})


class CannotRead(Exception):
    """The comments cannot be read; the message says why in one sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """What somebody wrote, and what people who read it made of it. The themes are there whatever the mood."""

    text: str
    respondent: str
    service: str
    question: str
    concern: bool
    bond: bool
    task: bool

    @property
    def bond_concern(self) -> bool:
        """Whether it voices a concern and is about the people."""
        return self.concern and self.bond

    @property
    def task_concern(self) -> bool:
        """Whether it voices a concern and is about the treatment."""
        return self.concern and self.task


def read_comments(path: Path | None) -> tuple[Comment, ...]:
    """The labelled comments; raises CannotRead for no file, another file, or a row without its labels."""
    if path is None:
        raise CannotRead(f"no comments to judge by; give --comments FILE or set {VARIABLE} to a labelled CSV file.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
            if missing:
                raise CannotRead(f"{path} has no column {', '.join(missing)}.")
            comments = tuple(_comment(row, path, line) for line, row in enumerate(rows, start=2))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CannotRead(f"{path} cannot be read as a CSV file in UTF-8.") from error
    if not comments:
        raise CannotRead(f"{path} holds no comments.")
    return comments


def read_written(path: Path) -> tuple[Comment, ...]:
    """Comments that were written for this project: service, marks, text, between tabs."""
    return tuple(_written(path))


def _comment(row: Mapping[str, str | None], path: Path, line: int) -> Comment:
    respondent, question, text, sentiment, bond, task = (row[column] or "" for column in COLUMNS)
    if sentiment not in {"1", "2", "3", "4", "5"} or not {bond, task} <= {"0", "1"}:
        raise CannotRead(f"{path}:{line}: sentiment is 1 to 5 and the themes are 0 or 1.")
    return Comment(
        text=text,
        respondent=respondent,
        service=" ".join(re.sub(r"[0-9]+", " ", respondent).split()) or "unnamed",
        question=question,
        concern=int(sentiment) >= CONCERN_FROM,
        bond=bond == "1",
        task=task == "1",
    )


def _written(path: Path) -> Iterator[Comment]:
    lines: Sequence[str] = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[1:], start=2):
        service, marks, text = line.split("\t")
        found = set(marks.split())
        if not found or not found <= _MARKS:
            raise CannotRead(f"{path.name}:{number}: marks are {', '.join(sorted(_MARKS))}.")
        yield Comment(
            text=text,
            respondent=f"{path.stem} {number}",
            service=service,
            question="written",
            concern="concern" in found,
            bond="bond" in found,
            task="task" in found,
        )
