"""`checkin hold`: staff hold a patient's check-ins; the reason stays with staff."""

import sys
from typing import Annotated

import typer

from alliance.holding import HoldReason
from alliance.local_time import local_day
from bot.commands.moments import read_day
from bot.commands.session import BadInput, at_work, run_async
from storage import holds, people
from storage.tables import Hold
from workflows import hold_checkins
from workflows.set_cadence import find_patient
from workflows.unit import Unit

app = typer.Typer(help="Hold a patient's check-ins for a while.", no_args_is_help=True)
Patient = Annotated[str, typer.Argument(help="Code name of the patient.")]


@app.command("add")
def add(
    patient: Patient,
    reason: Annotated[HoldReason, typer.Option(help="For staff alone; the chat never names it.")],
    starts: Annotated[str | None, typer.Option("--from", help="First day held; today if not given.")] = None,
    until: Annotated[str | None, typer.Option(help="Day on which check-ins go on; open if not given.")] = None,
) -> None:
    """Hold check-ins from a day until another; the patient is told that nothing is asked, and not why."""
    starts_on = read_day(starts, option="--from") if starts else None
    ends_on = read_day(until, option="--until") if until else None

    async def story() -> str:
        async with at_work() as unit:
            person = await find_patient(unit, patient)
            first = starts_on or local_day(unit.now, person.zone)
            return await _line(
                unit, await hold_checkins.hold(unit, person, reason=reason, starts_on=first, ends_on=ends_on)
            )

    sys.stdout.write(run_async(story()))


@app.command("list")
def show_all() -> None:
    """List the holds that last or are to come, with their reasons."""

    async def story() -> str:
        async with at_work() as unit:
            return "".join([await _line(unit, row) for row in await holds.every_open(unit.session)])

    sys.stdout.write(run_async(story()) or "Nobody is held.\n")


@app.command("lift")
def lift(patient: Patient) -> None:
    """Let a patient's check-ins go on now, or call off a hold that has not begun."""

    async def story() -> str:
        async with at_work() as unit:
            row = await hold_checkins.open_of(unit, await find_patient(unit, patient))
            if row is None:
                raise BadInput(f"{patient} is not held.")
            return (await hold_checkins.lift(unit, row)).code_name

    sys.stdout.write(f"Check-ins of {run_async(story())} go on.\n")


async def _line(unit: Unit, row: Hold) -> str:
    who = (await people.get(unit.session, row.patient_id)).code_name
    until = f"until {row.ends_on}" if row.ends_on else "until somebody says so"
    return f"{who}: held from {row.starts_on} {until} ({row.reason})\n"
