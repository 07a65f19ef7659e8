"""`./checkin bench digests`: a large clinic's digests are arranged and queued, on one core."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.digests.clinic import Size
from benchmarks.digests.run import Times, run
from benchmarks.report import PAGES, Report, Result, as_json, as_markdown, print_table, report
from bot import logs
from bot.clock import SystemClock

FULL, QUICK = 1_000, 40  # clinicians
PATIENTS = 60  # of each
GOAL = 60.0  # seconds for a thousand
THOUSAND = 1_000


def main(
    clinicians: Annotated[int | None, typer.Option(help=f"How many; {FULL} if not given.", min=1)] = None,
    patients: Annotated[int, typer.Option(help="How many each of them has.", min=1)] = PATIENTS,
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK} clinicians; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Arrange every digest; exit status 1 when one is missing or a thousand take more than a minute of a core."""
    logs.set_up("CRITICAL")
    size = Size(clinicians=clinicians or (QUICK if quick else FULL), patients=patients)
    with tempfile.TemporaryDirectory(prefix="checkin-digests-") as folder:
        times = asyncio.run(run(Path(folder), size))
    found = report(_results(times), at=SystemClock().now())
    if json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_table(found, Console())
    if not quick and clinicians is None and patients == PATIENTS:
        (PAGES / "digests.md").write_text(_page(found, times), encoding="utf-8")
    raise typer.Exit(1 if times.missing or _for_a_thousand(times, times.cpu_seconds) > GOAL else 0)


def _for_a_thousand(times: Times, seconds: float) -> float:
    return seconds / max(times.digests, 1) * THOUSAND


def _results(times: Times) -> list[Result]:
    each = max(times.digests, 1)
    values: list[tuple[str, float, str]] = [
        ("digests", times.digests, "digests"),
        ("missing", times.missing, "digests"),
        ("messages_queued", times.messages, "messages"),
        ("questions_to_the_database", times.questions / each, "a digest"),
        ("arranged_and_queued", times.digests / times.seconds, "digests/s"),
        ("by_the_clock_for_a_thousand", _for_a_thousand(times, times.seconds), "s"),
        ("on_one_core_for_a_thousand", _for_a_thousand(times, times.cpu_seconds), "s"),
    ]
    return [Result(name="digests", metric=metric, value=value, unit=unit) for metric, value, unit in values]


def _page(found: Report, times: Times) -> str:
    verdict = "within" if _for_a_thousand(times, times.cpu_seconds) <= GOAL else "NOT within"
    return (
        _TOP
        + f"The goal is a thousand digests in {GOAL:.0f} s of one core; this run is {verdict} it.\n\n"
        + as_markdown(found)
    )


_TOP = f"""# How fast digests are arranged

`./checkin bench digests` writes a clinic of {FULL:,} clinicians with {PATIENTS} patients each into a SQLite file:
twelve weekly check-ins of each patient; in each caseload five flags with what was heard, chosen and rated, and ten
patients who wrote. All digests fall due in the same moment. The timer's own code arranges them, keeps them, and puts
their messages into the outbox, a few digests in a transaction, on one core. Time on the core is the processor's own
account of this process with all its threads; by the clock it takes longer where others use the core as well. Drawing
the picture and sending are not part of it: both happen outside of any transaction, at their own pace.

"""

if __name__ == "__main__":
    typer.run(main)
