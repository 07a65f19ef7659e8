"""`checkin visits`: plan, move, call off and mark visits, and see which are to come."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from alliance.local_time import known_zone
from bot.commands import visits_import
from bot.commands.session import BadInput, at_work, run_async
from storage import people
from storage.tables import Person, Visit
from workflows import plan_visits
from workflows.import_visits import Became
from workflows.plan_visits import VisitOf
from workflows.unit import Unit

app = typer.Typer(help="Visits: whom a clinician sees when; each is preceded by a brief.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, help="Its number, as listed.")]
Starts = Annotated[str, typer.Argument(metavar="WHEN", help="Such as 2026-03-02T10:00, or with its offset.")]
Zone = Annotated[str | None, typer.Option(help="Whose clocks WHEN is on; the clinician's if not given.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("add")
def add(
    patient: Annotated[str, typer.Argument(help="Code name of the patient.")],
    starts: Starts,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Plan a visit of a patient with their clinician."""

    async def story() -> VisitOf:
        async with at_work() as unit:
            person = await plan_visits.own_patient(unit, patient)
            enrolment = await people.enrolment(unit.session, person.id)
            clinician = await people.get(unit.session, enrolment.clinician_id if enrolment else person.id)
            starts_at = plan_visits.read_moment(unit, starts, zone=_zone(zone, clinician))
            return await _of(unit, await plan_visits.plan(unit, person, starts_at=starts_at))

    _say("Planned", run_async(story()), as_json=as_json)


@app.command("move")
def move(number: Number, starts: Starts, zone: Zone = None, as_json: Json = False) -> None:
    """Move a planned visit; its brief moves with it."""

    async def story() -> VisitOf:
        async with at_work() as unit:
            visit, _ = await plan_visits.allowed_visit(unit, number)
            clinician = await people.get(unit.session, visit.clinician_id)
            starts_at = plan_visits.read_moment(unit, starts, zone=_zone(zone, clinician))
            return await _of(unit, await plan_visits.move(unit, number, starts_at=starts_at))

    _say("Moved", run_async(story()), as_json=as_json)


@app.command("cancel")
def cancel(number: Number, as_json: Json = False) -> None:
    """Call a planned visit off; no brief comes of it any more."""

    async def story() -> VisitOf:
        async with at_work() as unit:
            return await _of(unit, await plan_visits.cancel(unit, number))

    _say("Called off", run_async(story()), as_json=as_json)


@app.command("done")
def done(number: Number, as_json: Json = False) -> None:
    """Say that a visit took place."""

    async def story() -> VisitOf:
        async with at_work() as unit:
            return await _of(unit, await plan_visits.mark_done(unit, number))

    _say("Took place", run_async(story()), as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.ics", help="An iCalendar file; docs/visits-and-agreements.md.")],
    calendar: Annotated[
        str | None,
        typer.Option(help="The name it has every time; the file's if not given. By it is known what is gone."),
    ] = None,
    all_day_at: Annotated[str | None, typer.Option(metavar="HH:MM", help="The hour of events of whole days.")] = None,
    although_many: Annotated[
        bool, typer.Option("--although-many", help="Call off what is gone, although it is most of them.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    as_json: Json = False,
) -> None:
    """Import visits from a calendar: planned, moved and called off as it says; exit status 1 when some were refused."""
    story = visits_import.import_visits(
        file, calendar=calendar, all_day_at=all_day_at, dry_run=dry_run, although_many=although_many
    )
    handled = run_async(story)
    visits_import.show(handled, dry_run=dry_run, as_json=as_json)
    if any(one.what is Became.REFUSED for one in handled):
        raise typer.Exit(1)


@app.command("list")
def show_all(
    clinician: Annotated[str | None, typer.Option(help="Code name of a clinician; everybody's if not given.")] = None,
    as_json: Json = False,
) -> None:
    """List planned visits, and those of the last two weeks that nobody has marked."""

    async def story() -> list[VisitOf]:
        async with at_work() as unit:
            person = await people.by_code_name(unit.session, clinician) if clinician else None
            if clinician and (person is None or person.digest_at is None):
                raise BadInput(f"There is no clinician called {clinician} who has opened their invitation.")
            return list(await plan_visits.coming(unit, person))

    found = run_async(story())
    if as_json:
        sys.stdout.write(json.dumps([_as_json(each) for each in found]) + "\n")
    else:
        sys.stdout.write("".join(f"{_line(each)}\n" for each in found) or "No visit is planned.\n")


async def _of(unit: Unit, visit: Visit) -> VisitOf:
    patient, clinician = await people.some(unit.session, [visit.patient_id, visit.clinician_id])
    return VisitOf(visit=visit, patient=patient, clinician=clinician)


def _zone(given: str | None, clinician: Person) -> str:
    if given is None:
        return clinician.zone
    if not known_zone(given):
        raise BadInput(f"There is no time zone called {given}; write it as Europe/Madrid.")
    return given


def _say(what: str, found: VisitOf, *, as_json: bool) -> None:
    sys.stdout.write(f"{json.dumps(_as_json(found))}\n" if as_json else f"{what}:\n{_line(found)}\n")


def _line(found: VisitOf) -> str:
    at, clinician = _on_the_wall(found), found.clinician
    who = f"{found.patient.code_name} with {clinician.code_name}"
    return f"{found.visit.id:>6}  {at:%Y-%m-%d %H:%M} {clinician.zone}  {who}"


def _on_the_wall(found: VisitOf) -> datetime:
    return found.visit.starts_at.astimezone(ZoneInfo(found.clinician.zone))


def _as_json(found: VisitOf) -> dict[str, object]:
    return {
        "number": found.visit.id,
        "patient": found.patient.code_name,
        "clinician": found.clinician.code_name,
        "starts_at": _on_the_wall(found).isoformat(),
        "state": str(found.visit.state),
    }
