"""`./checkin bench load`: ten thousand patients, sixty updates a second, a digest run and a backup, and a crisis."""

import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.lives.postgres import fresh_database, postgres_server
from benchmarks.load.page import HEADER, failed, figure_in_letters, found_in, page, rows
from benchmarks.load.run import Ceiling, Found, Plan, Progress, run
from benchmarks.report import PAGES, Report, as_json, print_rows
from bot import logs
from bot.clock import SystemClock

PATIENTS = 10_000
MINUTES, A_MINUTE = 10.0, 60.0
FULL_BURST, FULL_CEILING = 30.0, 60.0  # seconds
EMPTY_WITHIN = 1_800.0  # seconds after the burst of a full run
QUICK, QUICK_BURST, QUICK_CEILING = 15.0, 0.5, 4.0  # seconds
NO_SERVER = 2  # exit status


class NoServer(Exception):
    """There is no PostgreSQL server at hand."""


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Some seconds of it; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    minutes: Annotated[float | None, typer.Option(min=0.05, help=f"How long; {MINUTES:g} if not given.")] = None,
    patients: Annotated[int, typer.Option(min=200, help="How many are enrolled.")] = PATIENTS,
    seed: Annotated[int, typer.Option(help="Who does what, and when.")] = 1,
    postgres: Annotated[bool, typer.Option("--postgres", help="On PostgreSQL instead of SQLite.")] = False,
) -> None:
    """Measure the program under load; exit status 1 if something is lost, doubled, or later than its pass line."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot's own switch; without it durations warn
    logs.set_up("CRITICAL")  # what goes wrong is counted
    seconds = QUICK if quick and minutes is None else (minutes or MINUTES) * A_MINUTE
    plan = Plan(
        patients=patients,
        seconds=seconds,
        burst_seconds=QUICK_BURST if quick else FULL_BURST,
        outbox_empty_within=0.0 if quick else EMPTY_WITHIN,
        ceiling_seconds=QUICK_CEILING if quick else min(FULL_CEILING, seconds),
        seed=seed,
    )
    try:
        found, ceiling = _run(plan, postgres=postgres)
    except NoServer as error:
        typer.echo(f"load: {error.__doc__}", err=True)
        raise typer.Exit(NO_SERVER) from None
    measured = found_in(found, ceiling, plan, database="PostgreSQL" if postgres else "SQLite", at=SystemClock().now())
    if json:
        typer.echo(as_json(measured))
    else:
        console = Console()
        print_rows(HEADER, rows(found, measured), measured, console)
        console.print(figure_in_letters(found), f"\nseed {seed}", highlight=False, markup=False)
    if not quick:
        _publish(found, measured, plan, name="load-postgresql" if postgres else "load")
    raise typer.Exit(1 if failed(found) else 0)


def _run(plan: Plan, *, postgres: bool) -> tuple[Found, Ceiling]:
    console = Console(stderr=True)
    with console.status("imports") as shown:
        return asyncio.run(_measured(plan, postgres=postgres, progress=shown.update))


async def _measured(plan: Plan, *, postgres: bool, progress: Progress) -> tuple[Found, Ceiling]:
    async with AsyncExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="checkin-load-")))
        url = ""
        if postgres:
            server = held.enter_context(postgres_server())
            if server is None:
                raise NoServer
            url = await held.enter_async_context(fresh_database(server, "checkin_load"))
        return await run(folder, plan, database_url=url, progress=progress)


def _publish(found: Found, measured: Report, plan: Plan, *, name: str) -> None:
    # only a full run draws, and only the extra of the benchmarks brings matplotlib
    from benchmarks.load.figure import draw  # noqa: PLC0415

    draw(found, PAGES / f"{name}.png")
    (PAGES / f"{name}.md").write_text(page(found, measured, plan, picture=f"{name}.png"), encoding="utf-8")


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
