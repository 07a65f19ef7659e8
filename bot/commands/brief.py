"""`checkin brief`: what a clinician should know of one patient before a visit, as she would read it now."""

import json
import sys
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from alliance.brief import Brief
from alliance.brief_words import as_message
from bot.commands.session import BadInput, at_work, run_async
from storage import people
from workflows.pre_visit_brief import make_brief, readable


class Format(StrEnum):
    """How a brief is printed."""

    TEXT = "text"
    JSON = "json"


def brief(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    clinician: Annotated[str, typer.Option(help="Code name of the clinician who would read it.")],
    form: Annotated[Format, typer.Option("--format", help="Neither holds a word of the patient's.")] = Format.TEXT,
) -> None:
    """Print the brief of one patient for one clinician: only what she may see."""

    async def story() -> str:
        async with at_work() as unit:
            reader = await people.by_code_name(unit.session, clinician)
            if reader is None or reader.digest_at is None:
                raise BadInput(f"There is no clinician called {clinician} who has opened their invitation.")
            person = await people.by_code_name(unit.session, patient)
            actor = await people.actor(unit.session, reader, now=unit.now)
            enrolment = await readable(unit, actor, person) if person else None
            if person is None or enrolment is None:
                raise BadInput(f"Nobody on the caseload of {clinician} who takes part is called {patient}.")
            made = await make_brief(unit, person, reader, enrolment, starts_at=None)
            if form is Format.JSON:
                return _as_json(made)
            return as_message(made, wording=unit.wording(reader.language)).text + "\n"

    sys.stdout.write(run_async(story()))


def _as_json(made: Brief) -> str:
    return json.dumps(asdict(made), ensure_ascii=False, indent=2, default=_written) + "\n"


def _written(value: object) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat()
    raise TypeError(type(value).__name__)
