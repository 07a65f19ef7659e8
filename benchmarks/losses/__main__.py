"""`./checkin bench losses`: what the usual designs lose and double when something goes wrong, and what ours does."""

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.losses.counting import Count
from benchmarks.losses.page import SHORT_HEADER, figure_in_letters, found_in, is_green, page, short_rows
from benchmarks.losses.run import CASES, Plan, run
from benchmarks.report import PAGES, as_json, print_rows
from bot import logs
from bot.clock import SystemClock

UPDATES, FEW_UPDATES = 1000, 240
KILLS, FEW_KILLS = 8, 3
PICTURE = "losses.png"
UNUSABLE = 2  # exit status


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A little of everything; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    updates: Annotated[int | None, typer.Option(min=1, help="Messages that people write to each design.")] = None,
    kills: Annotated[int | None, typer.Option(min=1, help="How often each design is killed.")] = None,
    seed: Annotated[int, typer.Option(help="When the kills come, and who writes.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(CASES)}; no page is written.")] = None,
) -> None:
    """Measure all designs in one run; exit status 1 if ours loses or doubles anything."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot's own switch; without it durations warn
    logs.set_up("CRITICAL")  # what goes wrong is counted
    if unknown := set(only or ()) - set(CASES):
        typer.echo(f"losses: there is no case {min(unknown)}; there are {', '.join(CASES)}.", err=True)
        raise typer.Exit(UNUSABLE)
    plan = Plan(
        updates=updates or (FEW_UPDATES if quick else UPDATES),
        kills=kills or (FEW_KILLS if quick else KILLS),
        seed=seed,
        quick=quick,
        cases=tuple(only or CASES),
    )
    counts = _run(plan)
    found = found_in(counts, plan, at=SystemClock().now())
    if json:
        typer.echo(as_json(found))
    else:
        console = Console()
        print_rows(SHORT_HEADER, short_rows(counts), found, console)
        console.print(figure_in_letters(counts), f"\nseed {seed}", highlight=False, markup=False)
    if not (quick or only):
        _publish(counts, plan)
    raise typer.Exit(0 if is_green(counts) else 1)


def _run(plan: Plan) -> list[Count]:
    console = Console(stderr=True)
    with console.status("imports") as shown:
        return asyncio.run(run(plan, progress=shown.update))


def _publish(counts: list[Count], plan: Plan) -> None:
    # only a full run draws, and only the extra of the benchmarks brings matplotlib
    from benchmarks.losses.figure import draw  # noqa: PLC0415

    found = found_in(counts, plan, at=SystemClock().now())
    draw(counts, PAGES / PICTURE)
    (PAGES / "losses.md").write_text(page(found, counts, plan, picture=PICTURE), encoding="utf-8")


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
