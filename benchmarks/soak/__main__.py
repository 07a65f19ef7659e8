"""`./checkin bench soak`: the real program killed a thousand times while people write and tap."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks.lives.house import PROGRAM, TOKEN, by_webhook, house
from benchmarks.lives.nursery import nursery
from benchmarks.lives.postgres import fresh_database, postgres_server
from benchmarks.report import PAGES, as_json, print_table
from benchmarks.soak.loop import KILLS_IN_A_ROW, Plan, Story, soak
from benchmarks.soak.page import found_in, page, verdict
from benchmarks.soak.proof import Outcome, look
from bot import logs
from bot.clock import SystemClock
from sandbox import Pace, Sandbox

UPDATES, FEW_UPDATES = 50_000, 400
KILLS, FEW_KILLS = 1_000, 12
FEW_IN_A_ROW = 4
NO_SERVER = 2  # exit status
_IMPATIENT = Pace(hurry=10.0)  # Telegram waits up to two minutes between two tries at a webhook that is gone


class NoServer(Exception):
    """There is no PostgreSQL server at hand."""


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A few kills; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
    updates: Annotated[int | None, typer.Option(min=1, help="What people write and tap altogether.")] = None,
    kills: Annotated[int | None, typer.Option(min=1, help="How often the program is killed.")] = None,
    seed: Annotated[int, typer.Option(help="Who does what, and when the kills come.")] = 1,
    minutes: Annotated[float | None, typer.Option(min=0.1, help="Stop killing after so long.")] = None,
    postgres: Annotated[bool, typer.Option("--postgres", help="On PostgreSQL instead of SQLite.")] = False,
    webhook: Annotated[bool, typer.Option("--webhook", help="Telegram brings the updates; no page.")] = False,
) -> None:
    """Kill and look; exit status 1 if anything is missing, doubled or without an end."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot's own switch; without it durations warn
    logs.set_up("CRITICAL")  # what goes wrong is counted
    plan = Plan(
        updates=updates or (FEW_UPDATES if quick else UPDATES),
        kills=kills or (FEW_KILLS if quick else KILLS),
        seed=seed,
        minutes=minutes,
        kills_in_a_row=FEW_IN_A_ROW if quick else KILLS_IN_A_ROW,
    )
    try:
        story, outcome = _run(plan, postgres=postgres, webhook=webhook)
    except NoServer as error:
        typer.echo(f"soak: {error.__doc__}", err=True)
        raise typer.Exit(NO_SERVER) from None
    database = "PostgreSQL" if postgres else "SQLite"
    found = found_in(outcome, story, plan, database=database, at=SystemClock().now())
    if json:
        typer.echo(as_json(found))
    else:
        console = Console()
        print_table(found, console)
        console.print(verdict(outcome, story, plan), highlight=False, markup=False)
    if not (quick or webhook):
        target = PAGES / ("soak-postgresql.md" if postgres else "soak.md")
        target.write_text(page(found, outcome, story, plan), encoding="utf-8")
    raise typer.Exit(1 if outcome.wrong else 0)


def _run(plan: Plan, *, postgres: bool, webhook: bool) -> tuple[Story, Outcome]:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as shown:
        task = shown.add_task("kills", total=plan.kills)
        return asyncio.run(
            _measured(
                plan,
                postgres=postgres,
                webhook=webhook,
                progress=lambda story: shown.update(task, completed=story.kills),
            )
        )


async def _measured(
    plan: Plan, *, postgres: bool, webhook: bool, progress: Callable[[Story], None]
) -> tuple[Story, Outcome]:
    async with AsyncExitStack() as held:
        folder = Path(tempfile.mkdtemp(prefix="checkin-soak-"))
        keeping = held.enter_context(ExitStack())
        keeping.callback(shutil.rmtree, folder)
        url = ""
        if postgres:
            server = held.enter_context(postgres_server())
            if server is None:
                raise NoServer
            url = await held.enter_async_context(fresh_database(server, "checkin_soak"))
        parent = await held.enter_async_context(nursery([PROGRAM]))
        sandbox = await held.enter_async_context(
            Sandbox(token=TOKEN, seed=plan.seed, pace=_IMPATIENT if webhook else Pace())
        )
        clinic = await held.enter_async_context(
            house(
                folder / "clinic",
                sandbox=sandbox,
                nursery=parent,
                database_url=url,
                more=by_webhook() if webhook else {},
            )
        )
        database = clinic.opened()
        held.push_async_callback(database.close)
        story = await soak(clinic, database, plan, progress)
        outcome = await look(database, sandbox.ledger, story)
        if outcome.wrong:
            keeping.pop_all()
            typer.echo(f"soak: database, log and keys of this run are kept in {folder}", err=True)
        return story, outcome


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
