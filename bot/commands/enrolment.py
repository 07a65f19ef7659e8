"""`checkin enrolment`: where a patient's taking part stands, and whose patient it is."""

import sys
from typing import Annotated

import typer

from alliance.enrolment import EnrolmentState
from bot.commands.session import BadInput, at_work, run_async
from workflows.change_enrolment import change_enrolment
from workflows.reassign import reassign
from workflows.set_cadence import find_patient
from workflows.set_leave import find_cover

STATES = "on_hold, active, discharged, transferred or deceased; from then on nothing is sent any more that may not be."


def enrolment(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    state: Annotated[EnrolmentState | None, typer.Argument(help=STATES)] = None,
    clinician: Annotated[str | None, typer.Option(help="Give the patient to this clinician, open flags too.")] = None,
) -> None:
    """Put a patient on hold, let check-ins go on, end taking part, or give the patient to another clinician."""
    if state is None and clinician is None:
        raise BadInput("Say a state such as on_hold, or --clinician with a code name.")

    async def story() -> list[str]:
        said: list[str] = []
        async with at_work() as unit:
            person = await find_patient(unit, patient)
            if clinician is not None:
                given = await reassign(unit, person, await find_cover(unit, clinician))
                said.append(f"{patient} was with {given.before.code_name} and is with {clinician} now.")
                said.append(f"Open flags that went along: {given.flags}.")
            if state is not None:
                said.append(f"{patient} was {await change_enrolment(unit, person, state)} and is {state} now.")
        return said

    sys.stdout.write("\n".join(run_async(story())) + "\n")
