"""`checkin staff`: when digests come, who is away, who reads in the meantime, and who has left."""

import json
import sys
from typing import Annotated

import typer

from bot.commands.moments import read_day
from bot.commands.session import BadInput, at_work, run_async
from storage import leaves, people
from storage.tables import Person, StaffLeave
from workflows.reassign import end_staff
from workflows.set_hours import Hours, find_staff, hours_of, set_hours
from workflows.set_leave import end_leave, find_cover, name_cover, set_leave
from workflows.unit import Unit

app = typer.Typer(help="When digests come, who is away, and who reads in the meantime.", no_args_is_help=True)
Number = Annotated[int, typer.Argument(min=1, help="Its number, as listed by `checkin staff leaves`.")]


@app.command("hours")
def hours(
    code_name: Annotated[str, typer.Argument(help="Code name of a clinician or lead.")],
    at: Annotated[str | None, typer.Option(help="Local hour of the digest, such as 07:30.")] = None,
    days: Annotated[str | None, typer.Option(help="Working days, such as MO,TU,WE,TH,FR.")] = None,
    zone: Annotated[str | None, typer.Option(help="Time zone, such as Europe/Madrid.")] = None,
) -> None:
    """Show or change when somebody's digest comes; from the next one on, and once for each date."""

    async def story() -> tuple[str, Hours]:
        async with at_work() as unit:
            person = await find_staff(unit, code_name)
            if at is None and days is None and zone is None:
                return person.code_name, hours_of(person)
            return person.code_name, await set_hours(unit, person, at=at, days=days, zone=zone)

    who, now = run_async(story())
    sys.stdout.write(f"The digest of {who} comes at {now.at} ({now.zone}) on {now.days}.\n")


@app.command("away")
def away(
    code_name: Annotated[str, typer.Argument(help="Code name of a clinician.")],
    starts: Annotated[str, typer.Option("--from", help="First day away, such as 2026-03-09.")],
    back: Annotated[str | None, typer.Option(help="First day back; leave it out while it is not known.")] = None,
    cover: Annotated[str | None, typer.Option(help="Code name of the clinician who reads in the meantime.")] = None,
) -> None:
    """Write a leave down; the digest of that time goes to the cover, and so do the rights, for exactly that time."""
    starts_on, back_on = read_day(starts, option="--from"), read_day(back, option="--back") if back else None

    async def story() -> str:
        async with at_work() as unit:
            person = await find_staff(unit, code_name)
            reads = await find_cover(unit, cover) if cover else None
            done = await set_leave(unit, person, starts_on=starts_on, back_on=back_on, cover=reads)
            return await _line(unit, done.leave) + await _who_reads(unit, done.reads.person_id)

    sys.stdout.write(run_async(story()))


@app.command("leaves")
def show_all(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List the leaves that last or are to come."""

    async def story() -> tuple[list[dict[str, object]], str]:
        async with at_work() as unit:
            rows = await leaves.not_over(unit.session, now=unit.now)
            return [await _as_json(unit, row) for row in rows], "".join([await _line(unit, row) for row in rows])

    found, lines = run_async(story())
    sys.stdout.write(json.dumps(found) + "\n" if as_json else lines or "No leave is planned.\n")


@app.command("cover")
def cover_(
    number: Number, code_name: Annotated[str, typer.Argument(help="Code name of the clinician who reads.")]
) -> None:
    """Name somebody else to read during a leave, from now on."""

    async def story() -> str:
        async with at_work() as unit:
            done = await name_cover(unit, await _leave(unit, number), await find_cover(unit, code_name))
            return await _line(unit, done.leave) + await _who_reads(unit, done.reads.person_id)

    sys.stdout.write(run_async(story()))


@app.command("back")
def back_(number: Number) -> None:
    """End a leave now, or call it off: the digest and the rights are hers alone again."""

    async def story() -> str:
        async with at_work() as unit:
            return (await end_leave(unit, await _leave(unit, number))).code_name

    sys.stdout.write(f"The leave of {run_async(story())} has ended.\n")


@app.command("end")
def end(
    code_name: Annotated[str, typer.Argument(help="Code name of the person who leaves the clinic.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """End somebody's roles: no digest, no page and no button of theirs counts any more."""
    if not yes and not typer.confirm(f"End every role of {code_name}?", err=True):
        sys.stdout.write("Nothing was changed.\n")
        return

    async def story() -> list[str]:
        async with at_work() as unit:
            return await end_staff(unit, await _anybody(unit, code_name))

    left = run_async(story())
    sys.stdout.write(f"{code_name} has no role any more.\n")
    if left:
        sys.stdout.write(f"Without a team now: {', '.join(left)}.\n")
        sys.stdout.write("Give each of them to somebody: checkin enrolment CODE --clinician NAME\n")


async def _anybody(unit: Unit, code_name: str) -> Person:
    person = await people.by_code_name(unit.session, code_name)
    if person is None:
        raise BadInput(f"Nobody is called {code_name}.")
    return person


async def _leave(unit: Unit, number: int) -> StaffLeave:
    leave = await leaves.get(unit.session, number)
    if leave is None or leave.ended_at is not None:
        raise BadInput(f"There is no leave {number} that could be changed.")
    return leave


async def _as_json(unit: Unit, leave: StaffLeave) -> dict[str, object]:
    cover = await people.get(unit.session, leave.cover_id) if leave.cover_id is not None else None
    return {
        "number": leave.id,
        "code_name": (await people.get(unit.session, leave.person_id)).code_name,
        "from": leave.starts_on.isoformat(),
        "back": leave.back_on.isoformat() if leave.back_on else None,
        "cover": cover.code_name if cover else None,
    }


async def _line(unit: Unit, leave: StaffLeave) -> str:
    seen = await _as_json(unit, leave)
    back, cover = seen["back"] or "not known yet", seen["cover"] or "nobody"
    return f"{leave.id:>6}  {seen['code_name']}: away from {seen['from']}, back on {back}. Named to read: {cover}.\n"


async def _who_reads(unit: Unit, person_id: int | None) -> str:
    if person_id is None:
        return "As it stands, nobody would read the digest in that time; coordinators have been told.\n"
    return f"Reads, as it stands: {(await people.get(unit.session, person_id)).code_name}.\n"
