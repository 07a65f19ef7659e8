"""`./checkin bench detection`: how well possible ruptures are noticed, by every published rule and by ours."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from benchmarks.detection import nightly
from benchmarks.detection.figure import draw
from benchmarks.detection.found import HEADLINE, Found, methods_table, results, sentences
from benchmarks.detection.judge import Judged
from benchmarks.detection.page import write_page
from benchmarks.detection.run import FULL, QUICK, run
from benchmarks.detection.table import write_table
from benchmarks.report import Report, as_json, bars, print_table, report
from bot.clock import SystemClock


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A sample; no page and no table is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    night: Annotated[
        bool, typer.Option("--nightly", help="Only how long every patient's nightly evaluation takes.")
    ] = False,
    patients: Annotated[int, typer.Option(help="With --nightly: how many.", min=1)] = nightly.PATIENTS,
) -> None:
    """Simulate patients, calibrate every method to the same false alarms on one seed, judge it on others."""
    shown = Console(stderr=True)
    if night:
        found = report(nightly.measured(patients), at=SystemClock().now())
        typer.echo(as_json(found)) if json else print_table(found, Console())
        return
    outcome = run(QUICK if quick else FULL, progress=lambda what: shown.print(f"looking: {what}", style="dim"))
    found = report(results(outcome.found), at=SystemClock().now())
    if not quick:
        write_table(outcome.unharmed)
        draw(outcome.found.methods, budget=HEADLINE)
        write_page(outcome.found, found)
    if json:
        typer.echo(as_json(found))
    else:
        _show(outcome.found, found)


def _show(outcome: Found, found: Report) -> None:
    console = Console(width=150) if not sys.stdout.isatty() else Console()
    for budget in (0.30, 0.15):
        console.print(f"At {budget:.2f} false alarms per patient in twelve weeks:")
        console.print(Markdown(methods_table(outcome.methods, budget)))
    console.print(Markdown(sentences(outcome)))
    at_headline: list[Judged] = [one for one in outcome.methods if one.budget == HEADLINE]
    console.print(bars({one.method: one.mean for one in at_headline}, unit="noticed"), highlight=False, markup=False)
    console.print(f"{found.machine}; commit {found.commit}; {found.at:%Y-%m-%d %H:%M} UTC", style="dim")


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
