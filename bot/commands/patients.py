"""`checkin patients`: a roster is imported, and who takes part is listed."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from alliance.enrolment import EnrolmentState
from alliance.roster import LARGEST_FILE, Roster, read_roster
from bot.commands import patients_list, roster_report
from bot.commands.files import read_small
from bot.commands.progress import in_batches
from bot.commands.roster_report import Ending
from bot.commands.session import BadInput, Office, in_office, run_async
from workflows.import_roster import ROWS_AT_ONCE, Imported, foresee_rows, import_rows, refused_already
from workflows.roster_plan import What

app = typer.Typer(help="Patients: import a roster, and list who takes part.", no_args_is_help=True)

SOME_REFUSED = 1  # exit status
FEW_REFUSED, SHARE_REFUSED = 10, 0.1  # rows; above both nothing is imported

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The roster; docs/roster.md describes its columns.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    links: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the one-time links of new patients to this new file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Import a roster: a report for each row; exit status 1 when rows were refused."""
    roster = read_roster(read_small(file, most=LARGEST_FILE))
    if links is not None and not dry_run:
        try:
            roster_report.make_links_file(links)
        except FileExistsError:
            raise BadInput(f"{links} exists already; links are written to a new file.") from None

    async def story() -> tuple[list[Imported], Ending]:
        async with in_office(ask_name=links is not None and not dry_run) as office:
            rows = await _foreseen(office, roster)
            if dry_run:
                return rows, Ending.DRY_RUN
            if _is_another_file(_whole(rows, roster)):
                return rows, Ending.TOO_MANY_REFUSED
            return await _imported(office, roster, rows, links=links), Ending.DONE

    found, ending = run_async(story())
    rows = _whole(found, roster)
    roster_report.show(rows, ending=ending, as_json=as_json)
    if any(row.what is What.REFUSED for row in rows):
        raise typer.Exit(SOME_REFUSED)


@app.command("list")
def list_(
    clinician: Annotated[str | None, typer.Option(help="Of this clinician alone, by code name.")] = None,
    state: Annotated[EnrolmentState | None, typer.Option(help="In this state alone.")] = None,
    seen_by: Annotated[
        str | None, typer.Option("--as", metavar="CODE", help="What this clinician or coordinator may see.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List patients by code name: with whom, how often they are asked, and when next."""
    found = run_async(patients_list.look_up(clinician=clinician, state=state, seen_by=seen_by))
    patients_list.show(found, as_json=as_json)


def _whole(found: Sequence[Imported], roster: Roster) -> list[Imported]:
    """Every row of the file in its order, those that could not be read too."""
    return sorted([*found, *map(refused_already, roster.refused)], key=lambda row: row.line)


def _is_another_file(rows: Sequence[Imported]) -> bool:
    """Whether so many rows are refused that a column has slipped, or this is not the roster."""
    refused = sum(row.what is What.REFUSED for row in rows)
    return refused > max(FEW_REFUSED, len(rows) * SHARE_REFUSED)


async def _foreseen(office: Office, roster: Roster) -> list[Imported]:
    found: list[Imported] = []
    async with office.look() as unit:
        for some in in_batches(roster.rows, size=ROWS_AT_ONCE, doing="Looking"):
            found += await foresee_rows(unit, some)
    return found


async def _imported(
    office: Office, roster: Roster, foreseen: Sequence[Imported], *, links: Path | None
) -> list[Imported]:
    """Import what is new or has changed; each row is judged again in the transaction that writes it.

    A transaction for each batch, so that a bot that is running goes on answering in between.
    """
    settled = {row.line: row for row in foreseen if row.what in {What.SAME, What.REFUSED}}
    done: list[Imported] = list(settled.values())
    try:
        to_do = [row for row in roster.rows if row.line not in settled]
        for some in in_batches(to_do, size=ROWS_AT_ONCE, doing="Importing"):
            async with office.work() as unit:
                imported = await import_rows(unit, some, with_links=links is not None)
            done += imported
    finally:
        if links is not None:  # those of rows that are there already are wanted whatever happened next
            roster_report.write_links(links, done)
    return done
