"""`checkin flags --history`: what the detector would have flagged in a clinic's own past, before it is switched on."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from alliance.calibration import USUAL_ATTENTION, budget_of
from alliance.items import Domain
from alliance.local_time import known_zone
from alliance.past_flags import past_flags
from alliance.ratings_file import Rated, Scale, checkins
from bot.clinic import read_calibration, read_wordings
from bot.commands.session import BadInput
from bot.history.reading import Read, UnusableFile, moment_of, read_into
from bot.history.telling import Told, told
from storage.scratch import Scratch, scratch

NOTHING_READ = 1  # exit status


def flags(
    history: Annotated[
        Path,
        typer.Option(help="A CSV file: patient, at, domain (goal, task, bond), rating; no rating: asked, no answer."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    scale: Annotated[
        str | None,
        typer.Option(help="Lowest and highest rating, such as 1-7 or 0-10; told from the file if not given."),
    ] = None,
    zone: Annotated[str, typer.Option(help="Time zone of moments without an offset.")] = "UTC",
    attention: Annotated[
        float, typer.Option(min=0.05, max=20, help="False flags a week that a clinician with 40 patients can bear.")
    ] = USUAL_ATTENTION,
    low: Annotated[bool, typer.Option("--low", help="List low starts too, which the digest tells quietly.")] = False,
    language: Annotated[str, typer.Option(help="Of the reasons: en or es.")] = "en",
) -> None:
    """Run the detector over past ratings, in any order and of any number; needs no settings and no database."""
    if not known_zone(zone):
        raise BadInput(f"--zone: no time zone is called {zone}; write it as Europe/Madrid.")
    if language not in read_wordings().languages:
        raise BadInput(f"--language: there is no wording in {language}.")
    audit = _Audit(attention=attention, low=low, as_json=as_json, language=language)
    with scratch() as rows, _bar() as bar:
        try:
            read = _read(rows, history, scale=_scale(scale), zone=zone, bar=bar)
        except UnusableFile as error:
            bar.stop()
            sys.stderr.write(f"checkin: {error}.\n")
            raise typer.Exit(NOTHING_READ) from None
        counts = audit.run(rows, read.scale, bar)
    sys.stderr.write(_summary(read, counts))


@dataclass(kw_only=True, slots=True)
class _Counts:
    """What was found, by what it is."""

    patients: int = 0
    flags: int = 0
    quiet: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Audit:
    """How flags are judged and printed."""

    attention: float
    low: bool
    as_json: bool
    language: str

    def run(self, rows: Scratch, scale: Scale, bar: Progress) -> _Counts:
        """Print every flag, patient by patient, and count them."""
        counts = _Counts()
        wording = read_wordings().in_language(self.language)
        task = bar.add_task("judging", total=rows.count())
        limit = read_calibration().limit(points=scale.points, budget=budget_of(self.attention))
        for patient, given in rows.patients():
            counts.patients += 1
            rated = _counted((_rated(patient, *row) for row in given), bar, task)
            for flag in past_flags(checkins(rated), limit=limit, points=scale.points):
                counts.flags += not flag.marker.is_quiet
                counts.quiet += flag.marker.is_quiet
                if self.low or not flag.marker.is_quiet:
                    self._print(told(flag, patient=patient, scale=scale, wording=wording))
        return counts

    def _print(self, flag: Told) -> None:
        if self.as_json:
            sys.stdout.write(json.dumps(asdict(flag), ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(f"{flag.patient}  {flag.raised_at[:10]}  possible {flag.kind}: {flag.why}\n")


def _read(rows: Scratch, history: Path, *, scale: Scale | None, zone: str, bar: Progress) -> Read:
    size = history.stat().st_size if history.is_file() else None
    task = bar.add_task("reading", total=size)
    return read_into(
        rows,
        history,
        scale=scale,
        zone=ZoneInfo(zone),
        complain=_complain,
        progress=lambda done: bar.update(task, completed=done),
    )


def _complain(line: int, why: str) -> None:
    sys.stderr.write(f"line {line}: {why}\n")


def _rated(patient: str, at: int, domain: str, rating: float | None) -> Rated:
    return Rated(patient=patient, at=moment_of(at), domain=Domain(domain) if domain else None, rating=rating)


def _counted(rows: Iterator[Rated], bar: Progress, task: TaskID) -> Iterator[Rated]:
    number = 0
    for row in rows:
        number += 1
        yield row
    bar.advance(task, number)


def _scale(words: str | None) -> Scale | None:
    if words is None:
        return None
    lowest, dash, highest = words.partition("-")
    if not (dash and lowest.isdecimal() and highest.isdecimal() and int(lowest) < int(highest)):
        raise BadInput("--scale is written as 1-7 or 0-10.")
    return Scale(lowest=int(lowest), highest=int(highest), points=int(highest) - int(lowest) + 1)


def _summary(read: Read, counts: _Counts) -> str:
    scale = f"{read.scale.lowest:g} to {read.scale.highest:g}, {read.scale.points} values"
    return (
        f"{read.rows} rows, {read.wrong} not usable; scale {scale}; {counts.patients} patients;"
        f" {counts.flags} flags, {counts.quiet} low starts (--low lists them).\n"
    )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
