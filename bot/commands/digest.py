"""`checkin digest`: a clinician's digest as it was sent, or as it would be sent now."""

import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from alliance.digest_json import in_words
from alliance.digest_messages import as_messages
from alliance.local_time import local_day
from bot.commands.session import BadInput, at_work, run_async
from storage import audit, digests, people
from storage.tables import Person
from workflows.arrange_digest import kept_or_now, stored_or_now
from workflows.digest_page import render_page
from workflows.open_words import goals_for, phrases_for, words_for
from workflows.unit import Unit


class Format(StrEnum):
    """How a digest is printed."""

    TEXT = "text"
    HTML = "html"
    JSON = "json"


def digest(
    clinician: Annotated[str, typer.Option(help="Code name of the clinician.")],
    on: Annotated[str | None, typer.Option("--date", help="The day, such as 2026-03-02; today if not given.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Only html holds the patients' words.")] = Format.TEXT,
) -> None:
    """Print a digest. The HTML one holds what patients wrote: send it to a file that only you can read."""
    day = _day(on)

    async def story() -> str:
        async with at_work() as unit:
            return await printed(unit, clinician, day, form)

    sys.stdout.write(run_async(story()))


async def printed(unit: Unit, clinician: str, day: date | None, form: Format) -> str:
    """A digest as the command prints it; as JSON exactly what was kept of one that was sent."""
    person = await people.by_code_name(unit.session, clinician)
    if person is None or person.digest_at is None:
        raise BadInput(f"There is no clinician called {clinician} who has opened their invitation.")
    if form is Format.JSON:
        return in_words(await kept_or_now(unit, person, day))
    content = await stored_or_now(unit, person, day)
    wording = unit.wording((await _reader(unit, person, day)).language)
    if form is Format.TEXT:
        messages = as_messages(content, digest_id=0, wording=wording)
        return "\n\n".join(message.text for message in messages) + "\n"
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=None,
        action="read_digest_with_words",
        object_kind="clinician",
        object_id=person.id,
    )
    return render_page(
        content,
        words=await words_for(unit, content),
        phrases=await phrases_for(unit, content),
        goals=await goals_for(unit, content),
        wording=wording,
        clinic_name=unit.clinic.name,
    )


async def _reader(unit: Unit, clinician: Person, day: date | None) -> Person:
    """Who was sent the digest of that day: it is printed as it was read; before that, its clinician."""
    sent = await digests.on(unit.session, clinician.id, day or local_day(unit.now, clinician.zone))
    if sent is None:
        return clinician
    return await people.get(unit.session, await digests.reader_of(unit.session, sent))


def _day(words: str | None) -> date | None:
    if words is None:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise BadInput(f"--date: {words} is not a day such as 2026-03-02.") from None
