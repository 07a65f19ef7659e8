"""`checkin team`: the lead's digest as it was sent, or as it would be sent now."""

import json
import sys
from typing import Annotated, Literal

import typer

from alliance.local_time import local_day
from alliance.team_digest_json import as_json, from_json
from alliance.team_digest_words import as_saying
from bot.commands.moments import read_day
from bot.commands.session import at_work, run_async
from storage import team as stored
from workflows.send_team_digest import arranged
from workflows.set_hours import find_staff


def team(
    lead: Annotated[str, typer.Option(help="Code name of the lead.")],
    on: Annotated[str | None, typer.Option("--date", help="The day, such as 2026-03-02; today if not given.")] = None,
    form: Annotated[Literal["text", "json"], typer.Option("--format")] = "text",
) -> None:
    """Print a team digest: flags and their age, follow-up times, alerts, and patients without a team."""
    day = read_day(on, option="--date") if on else None

    async def story() -> str:
        async with at_work() as unit:
            person = await find_staff(unit, lead)
            today = local_day(unit.now, person.zone)
            sent = await stored.digest_on(unit.session, person.id, day or today)
            if sent is None and day is not None and day < today:
                raise LookupError(f"No team digest was sent to {person.code_name} on {day}.")
            content = from_json(sent.content) if sent else await arranged(unit, person, today)
            if form == "json":
                return json.dumps(as_json(content), ensure_ascii=False, indent=2) + "\n"
            return as_saying(content, wording=unit.wording(person.language)).text + "\n"

    sys.stdout.write(run_async(story()))
