"""`checkin cadence closed`: days on which the clinic asks nobody."""

import sys
from datetime import date
from typing import Annotated

import typer

from alliance.programme import Stretch
from bot.commands.session import BadInput, at_work, run_async
from storage.tables import ClosedDays
from workflows import close_days

app = typer.Typer(help="Days on which the clinic asks nobody.", no_args_is_help=True)


@app.command("add")
def add(
    first: Annotated[str, typer.Argument(help="The first day, such as 2026-12-24.")],
    last: Annotated[str | None, typer.Argument(help="The last day; else the first one alone.")] = None,
    note: Annotated[str, typer.Option(help="Why, for staff.")] = "",
) -> None:
    """Close the clinic on some days: who is due then is told to staff as held, and is nobody's silence."""
    days = Stretch(first=read_day(first), last=read_day(last or first))

    async def story() -> ClosedDays:
        async with at_work() as unit:
            return await close_days.close(unit, days, note=note)

    sys.stdout.write(_line(run_async(story())))


@app.command("list")
def list_() -> None:
    """Show the closed days from today on."""

    async def story() -> list[ClosedDays]:
        async with at_work() as unit:
            return list(await close_days.closed(unit))

    sys.stdout.write("".join(_line(row) for row in run_async(story())))


@app.command("reopen")
def reopen(number: Annotated[int, typer.Argument(help="The number that list shows.")]) -> None:
    """Ask on those days after all."""

    async def story() -> ClosedDays:
        async with at_work() as unit:
            return await close_days.reopen(unit, number)

    sys.stdout.write(f"Open again: {_line(run_async(story()))}")


def read_day(words: str) -> date:
    """A day as 2026-12-24; raises BadInput for anything else."""
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise BadInput(f"{words} is no day; write it as 2026-12-24.") from None


def _line(row: ClosedDays) -> str:
    days = str(row.first) if row.first == row.last else f"{row.first} to {row.last}"
    return f"{row.id}: {days}{f' ({row.note})' if row.note else ''}\n"
