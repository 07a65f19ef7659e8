"""`checkin flags`: what the detector says now, and what it would have said of a clinic's own past (--history)."""

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
from alliance.past_flags import PastFlag, past_flags
from alliance.ratings_file import Rated, Scale, checkins
from alliance.rupture import in_families
from bot.clinic import read_calibration, read_wordings
from bot.commands.flag_precision import tell_precision
from bot.commands.session import BadInput, at_work, run_async
from bot.history.reading import Read, UnusableFile, moment_of, read_into
from bot.history.telling import Told, told
from storage import people
from storage.scratch import Scratch, scratch
from workflows.look_through import look_through

NOTHING_READ = 1  # exit status


def flags(
    history: Annotated[
        Path | None,
        typer.Option(help="A CSV file: patient, at, domain (goal, task, bond), rating; no rating: asked, no answer."),
    ] = None,
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
    precision: Annotated[
        bool, typer.Option("--precision", help="How often each rule was right by the clinicians' own verdicts.")
    ] = False,
) -> None:
    """What the detector says now of every patient, or with --history would have said of past ratings.

    Past ratings may be in any order and of any number, and need no settings and no database.
    """
    if precision and history is not None:
        raise BadInput("Past ratings hold no verdicts: give --precision without --history.")
    if precision:
        tell_precision(as_json=as_json)
        return
    if history is None:
        run_async(_now(low=low, as_json=as_json, language=language))
        return
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


async def _now(*, low: bool, as_json: bool, language: str) -> None:
    wording = read_wordings().in_language(language)
    async with at_work() as unit:
        async for looked in look_through(unit):
            if looked.seen is None or not looked.markers:
                continue
            patient = (await people.get(unit.session, looked.patient_id)).code_name
            instrument = looked.scale
            scale = Scale(lowest=instrument.lowest, highest=instrument.highest, points=instrument.points)
            for first, *others in in_families(looked.markers):
                if low or not first.is_quiet:
                    flag = PastFlag(marker=first, raised=looked.seen, others=tuple(others))
                    _print(told(flag, patient=patient, scale=scale, wording=wording), as_json=as_json)


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
                    _print(told(flag, patient=patient, scale=scale, wording=wording), as_json=self.as_json)
        return counts


def _print(flag: Told, *, as_json: bool) -> None:
    if as_json:
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
