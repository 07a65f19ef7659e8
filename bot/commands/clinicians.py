"""`checkin clinicians`: who cares for a patient beside the primary clinician."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.session import BadInput, at_work, run_async
from workflows.set_cadence import find_patient
from workflows.share_patient import add_clinician, clinicians_of, remove_clinician


def clinicians(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    add: Annotated[str | None, typer.Option(help="Code name of a clinician who cares for the patient too.")] = None,
    remove: Annotated[str | None, typer.Option(help="Code name of one who no longer does.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show or change a patient's clinicians; the question about the bond means each of them in turn."""
    if add is not None and remove is not None:
        raise BadInput("Give --add or --remove, not both at once.")

    async def story() -> tuple[str, ...]:
        async with at_work() as unit:
            person = await find_patient(unit, patient)
            if add is not None:
                await add_clinician(unit, person, add)
            if remove is not None:
                await remove_clinician(unit, person, remove)
            return await clinicians_of(unit, person)

    primary, *beside = run_async(story())
    if as_json:
        sys.stdout.write(json.dumps({"patient": patient, "primary": primary, "beside": beside}) + "\n")
    else:
        sys.stdout.write(f"{patient}: {primary}, and beside: {', '.join(beside) or 'nobody'}.\n")
