"""`./checkin bench detection`: how well possible ruptures are noticed, by every published rule and by ours."""

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from benchmarks.detection import nightly, past
from benchmarks.detection.figure import draw
from benchmarks.detection.found import HEADLINE, Found, methods_table, results, sentences
from benchmarks.detection.judge import Judged
from benchmarks.detection.page import write_page
from benchmarks.detection.run import FULL, QUICK, run
from benchmarks.detection.table import write_table
from benchmarks.report import PAGES, Report, Result, as_json, as_markdown, bars, print_table, report
from bot.clock import SystemClock


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A sample; no page and no table is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    night: Annotated[
        bool, typer.Option("--nightly", help="Only how long every patient's nightly evaluation takes.")
    ] = False,
    patients: Annotated[int, typer.Option(help="With --nightly: how many.", min=1)] = nightly.PATIENTS,
    past_ratings: Annotated[
        bool, typer.Option("--past-ratings", help="Only how long a large file of past ratings takes.")
    ] = False,
    rows: Annotated[int, typer.Option(help="With --past-ratings: how many.", min=1)] = past.ROWS,
) -> None:
    """Simulate patients, calibrate every method to the same false alarms on one seed, judge it on others."""
    shown = Console(stderr=True)
    if night:
        page = "night.md" if patients == nightly.PATIENTS else None
        _one_thing(nightly.measured(patients), page, top=_NIGHT, json=json)
        return
    if past_ratings:
        _one_thing(past.measured(rows), "past-ratings.md" if rows == past.ROWS else None, top=_PAST, json=json)
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


def _one_thing(results: list[Result], page: str | None, *, top: str, json: bool) -> None:
    found = report(results, at=SystemClock().now())
    typer.echo(as_json(found)) if json else print_table(found, Console())
    if page:
        (PAGES / page).write_text(top + as_markdown(found), encoding="utf-8")


_NIGHT = f"""# How long a night takes

`./checkin bench detection --nightly` fills a SQLite database with what is kept of {nightly.PATIENTS:,} patients after
two years of two check-ins a week, reads it and evaluates every one of them, on one core. The goal is a minute.

"""

_PAST = f"""# How long past ratings take

`./checkin bench detection --past-ratings` writes a clinic's two years into a CSV file of {past.ROWS:,} rows, ordered
by moment as a clinic's system would hand them out, and lets `checkin flags --history` read it, in a process of its
own; then the same with a quarter of the rows, to see what more rows cost in memory.

"""


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
