"""`checkin preview`: when a patient is asked next, and what holds back what would be due: just what will happen."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.session import at_work, run_async
from workflows import foresee
from workflows.foresee import Foreseen, local_moment
from workflows.set_cadence import find_patient


def preview(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    count: Annotated[int, typer.Option(min=1, max=1000, help="How many dates.")] = foresee.SHOWN,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a patient's cadence in words, and the next dates."""

    async def story() -> tuple[str, Foreseen]:
        async with at_work() as unit:
            person = await find_patient(unit, patient)
            return person.code_name, await foresee.for_patient(unit, person, count=count)

    code_name, seen = run_async(story())
    if as_json:
        sys.stdout.write(_as_json(code_name, seen))
        return
    sys.stdout.write(f"{code_name}: {seen.words} ({seen.zone})\n")
    for due in seen.coming:
        held = f"  not asked: {due.held.replace('_', ' ')}" if due.held else ""
        sys.stdout.write(f"  {local_moment(due, seen.zone):%a %d %b %Y %H:%M}{held}\n")


def _as_json(code_name: str, seen: Foreseen) -> str:
    shown = {
        "patient": code_name,
        "zone": seen.zone,
        "words": seen.words,
        "next": [local_moment(due, seen.zone).isoformat() for due in seen.asked],
        "held": [{"at": local_moment(due, seen.zone).isoformat(), "why": due.held} for due in seen.coming if due.held],
    }
    return json.dumps(shown, ensure_ascii=False) + "\n"
