"""`./checkin bench language`: are concerns told from other comments where the words were not learned?"""

import sys
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.language.comments import VARIABLE, CannotRead, read_comments
from benchmarks.language.page import PICTURE, as_picture, page
from benchmarks.language.trials import Trials, as_bars, as_results, try_all
from benchmarks.report import PAGES, as_json, bars, print_table, report
from bot.clock import SystemClock

UNREADABLE = 2  # exit status


def main(
    comments: Annotated[Path | None, typer.Option(envvar=VARIABLE, help="A labelled CSV file of comments.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Held-out services only; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Judge the words by comments whose service, question or respondent was held out."""
    try:
        known = read_comments(comments)
    except CannotRead as error:
        typer.echo(f"language: {error}", err=True)
        raise typer.Exit(UNREADABLE) from None
    began = perf_counter()
    trials: Trials = try_all(known, quick=quick, said=None if json else _say)
    found = report(
        as_results(trials),
        at=SystemClock().now(),
        more={"comments": len(known), "wall_seconds": round(perf_counter() - began, 1)},
    )
    if json:
        typer.echo(as_json(found))
    else:
        console = Console()
        print_table(found, console)
        console.print(bars(as_bars(trials), unit="AUC"), highlight=False, markup=False)
    if not quick:
        PAGES.joinpath("language.md").write_text(page(found, trials), encoding="utf-8")
        as_picture(trials, PAGES / PICTURE)


def _say(step: str) -> None:
    sys.stderr.write(f"language: {step}\n")


if __name__ == "__main__":
    # no traceback that shows variables: they hold what people wrote
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
