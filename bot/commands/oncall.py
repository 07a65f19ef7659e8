"""`checkin oncall`: the order in which people are paged."""

import sys
from typing import Annotated

import typer

from bot.commands.session import at_work, run_async
from workflows.set_on_call import on_call_order, set_on_call

app = typer.Typer(help="The order in which people are paged about an alert.", no_args_is_help=True)


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
    """Show the on-call order."""

    async def story() -> tuple[str, ...]:
        async with at_work() as unit:
            return await on_call_order(unit)

    order = run_async(story())
    sys.stdout.write(
        f"Paged in this order: {', '.join(order)}.\n"
        if order
        else "No on-call order is set: the patient's clinician is paged, then coordinators and leads.\n"
    )
