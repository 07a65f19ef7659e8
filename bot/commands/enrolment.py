"""`checkin enrolment`: where a patient's taking part stands."""

import sys
from typing import Annotated

import typer

from alliance.enrolment import EnrolmentState
from bot.commands.session import at_work, run_async
from workflows.change_enrolment import change_enrolment
from workflows.set_cadence import find_patient


def enrolment(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    state: Annotated[EnrolmentState, typer.Argument(help="on_hold, active, discharged, transferred or deceased.")],
) -> None:
    """Put a patient on hold, let check-ins go on, or end taking part; nothing is sent any more from then on."""

    async def story() -> EnrolmentState:
        async with at_work() as unit:
            return await change_enrolment(unit, await find_patient(unit, patient), state)

    before = run_async(story())
    sys.stdout.write(f"{patient} was {before} and is {state} now.\n")
