"""`checkin oncall`: the order in which people are paged, and who is on shift when."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.moments import moment_in_words, read_moment
from bot.commands.session import at_work, run_async
from workflows.set_on_call import (
    ShiftOf,
    add_shift,
    on_call_now,
    on_call_order,
    remove_shift,
    set_on_call,
    shifts,
)

app = typer.Typer(help="The order in which people are paged about an alert.", no_args_is_help=True)
shift_app = typer.Typer(help="Who is on call from when until when; paged before the standing order.")
app.add_typer(shift_app, name="shift", no_args_is_help=True)


@app.command("set")
def set_order(
    code_names: Annotated[list[str], typer.Argument(help="Code names of staff, the first to be paged first.")],
) -> None:
    """Set the on-call order; it replaces the one before."""

    async def story() -> tuple[str, ...]:
        async with at_work() as unit:
            return await set_on_call(unit, code_names)

    sys.stdout.write(f"Paged in this order: {', '.join(run_async(story()))}.\n")


@app.command("show")
def show() -> None:
    """Show the standing on-call order, and who is on call now where shifts make a difference."""

    async def story() -> tuple[tuple[str, ...], tuple[str, ...]]:
        async with at_work() as unit:
            return await on_call_order(unit), await on_call_now(unit)

    order, now = run_async(story())
    sys.stdout.write(
        f"Paged in this order: {', '.join(order)}.\n"
        if order
        else "No on-call order is set: the patient's clinician is paged, then coordinators and leads.\n"
    )
    if now != order:
        sys.stdout.write(f"On call now, with shifts: {', '.join(now)}.\n")


@shift_app.command("add")
def add(
    code_name: Annotated[str, typer.Argument(help="Code name of a clinician, coordinator or lead.")],
    starts: Annotated[str, typer.Option("--from", help="With its zone, such as 2026-03-02T20:00+01:00.")],
    ends: Annotated[str, typer.Option("--until", help="The same way.")],
    position: Annotated[int, typer.Option(min=1, max=99, help="Of those on shift, 1 is paged first.")] = 1,
) -> None:
    """Put somebody on shift."""
    starts_at, ends_at = read_moment(starts, option="--from"), read_moment(ends, option="--until")

    async def story() -> ShiftOf:
        async with at_work() as unit:
            return await add_shift(unit, code_name, starts_at=starts_at, ends_at=ends_at, position=position)

    sys.stdout.write(f"Added:\n{_line(run_async(story()))}\n")


@shift_app.command("list")
def show_all(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the shifts that last or are to come."""

    async def story() -> tuple[ShiftOf, ...]:
        async with at_work() as unit:
            return await shifts(unit)

    found = run_async(story())
    if as_json:
        sys.stdout.write(json.dumps([_as_json(shift) for shift in found]) + "\n")
    else:
        sys.stdout.write("".join(f"{_line(shift)}\n" for shift in found) or "No shift is planned.\n")


@shift_app.command("remove")
def remove(number: Annotated[int, typer.Argument(min=1, help="Its number, as listed.")]) -> None:
    """Take a shift away."""

    async def story() -> None:
        async with at_work() as unit:
            await remove_shift(unit, number)

    run_async(story())
    sys.stdout.write(f"Shift {number} is removed.\n")


def _line(shift: ShiftOf) -> str:
    when = f"{moment_in_words(shift.starts_at)} to {moment_in_words(shift.ends_at)}"
    return f"{shift.number:>6}  {when}  {shift.position}. {shift.code_name}"


def _as_json(shift: ShiftOf) -> dict[str, object]:
    return {
        "number": shift.number,
        "code_name": shift.code_name,
        "from": shift.starts_at.isoformat(),
        "until": shift.ends_at.isoformat(),
        "position": shift.position,
    }
