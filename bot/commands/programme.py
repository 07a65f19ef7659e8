"""`checkin programme`: cadences by name, said in words; what changes for each patient is seen before it counts."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from alliance.cadence import Due
from bot.commands.session import at_work, run_async
from workflows import change_programme, keep_programmes
from workflows.change_programme import Change, CountFrom, Row, Seen
from workflows.foresee import local_moment
from workflows.keep_programmes import Kept
from workflows.set_cadence import find_patient

app = typer.Typer(help="Programmes: cadences by name, for many patients.", no_args_is_help=True)
WORDS_HELP = 'In English or Spanish: "daily for two weeks, then weekly on Monday at 18:00".'
AS_JSON = typer.Option("--json", help="Print one JSON object a line.")
SHOWN_DATES = 3  # a patient in the table: enough to tell one cadence from another


@app.command("list")
def list_(
    retired: Annotated[bool, typer.Option("--retired", help="Those that are retired as well.")] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Show every programme in words, and how many patients are on it."""

    async def story() -> list[Kept]:
        async with at_work() as unit:
            return await keep_programmes.every(unit, retired=retired)

    for kept in run_async(story()):
        sys.stdout.write(_kept_as_json(kept) if as_json else f"{_line(kept)}\n")


@app.command("save")
def save(
    name: Annotated[str, typer.Argument(help="The name of the programme, new or known.")],
    words: Annotated[str, typer.Argument(help=WORDS_HELP)],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Keep a programme, or a new version of one; no patient moves before `checkin programme assign`."""

    async def story() -> Kept:
        async with at_work() as unit:
            return await keep_programmes.save(unit, name=name, words=words)

    kept = run_async(story())
    sys.stdout.write(_kept_as_json(kept) if as_json else f"{_line(kept)}\n")
    if kept.on_older and not as_json:
        sys.stdout.write(f"{kept.on_older} on an older version; checkin programme assign {kept.name!r} --everybody\n")


@app.command("retire")
def retire(name: Annotated[str, typer.Argument(help="The name of the programme.")]) -> None:
    """Put nobody on a programme any more; those who are on it stay on it."""

    async def story() -> Kept:
        async with at_work() as unit:
            return await keep_programmes.retire(unit, name)

    sys.stdout.write(f"{run_async(story()).name}: retired.\n")


@app.command("assign")
def assign(
    name: Annotated[str, typer.Argument(help="The name of the programme.")],
    patients: Annotated[list[str] | None, typer.Argument(help="Code names.")] = None,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="All who are on any version of it, instead of code names.")
    ] = False,
    count_from: Annotated[
        CountFrom, typer.Option("--count-from", help="The day from which the first phase counts.")
    ] = CountFrom.KEEP,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would mean.")] = False,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Put patients on a programme, after showing each one's dates before and after."""
    seen = run_async(_look(name, patients or [], everybody=everybody, count_from=count_from))
    for row in seen.rows:
        sys.stdout.write(_row_as_json(row) if as_json else _shown(row))
    going = len(seen.rows) - len(seen.refused)
    if dry_run or not going:
        raise typer.Exit(1 if seen.refused else 0)
    if not yes and not typer.confirm(f"Move {going} of {len(seen.rows)}?", err=True):
        sys.stderr.write("Nothing was changed.\n")
        return
    moved = run_async(_apply(seen))
    sys.stderr.write(f"{moved} on {seen.change.programme} now, {len(seen.refused)} refused.\n")
    raise typer.Exit(1 if seen.refused else 0)


async def _look(name: str, patients: Sequence[str], *, everybody: bool, count_from: CountFrom) -> Seen:
    async with at_work() as unit:
        ids = await keep_programmes.patients_on(unit, name) if everybody else ()
        chosen = tuple([(await find_patient(unit, patient)).id for patient in patients])
        return await change_programme.look(
            unit, Change(programme=name, patient_ids=(*ids, *chosen), count_from=count_from)
        )


async def _apply(seen: Seen) -> int:
    moved = 0
    for some in seen.slices():
        async with at_work() as unit:  # each slice is a transaction of its own, so that replies do not wait
            moved += await change_programme.apply(unit, seen, some)
    return moved


def _line(kept: Kept) -> str:
    older = f", {kept.on_older} of them on an older version" if kept.on_older else ""
    state = ", retired" if kept.is_retired else ""
    return f"{kept.name} (version {kept.number}{state}; patients: {kept.patients}{older}): {kept.words}"


def _kept_as_json(kept: Kept) -> str:
    shown = {
        "name": kept.name,
        "version": kept.number,
        "words": kept.words,
        "patients": kept.patients,
        "on_older": kept.on_older,
        "retired": kept.is_retired,
    }
    return json.dumps(shown, ensure_ascii=False) + "\n"


def _shown(row: Row) -> str:
    if row.refused:
        return f"{row.code_name}: {row.refused}\n"
    own = " (keeps a rhythm of their own)" if row.keeps_own else ""
    before, after = (_asked(dues, row.zone, "%a %d %b %H:%M")[:SHOWN_DATES] for dues in (row.before, row.after))
    return f"{row.code_name}{own}: {', '.join(before) or 'nothing'} -> {', '.join(after) or 'nothing'}\n"


def _row_as_json(row: Row) -> str:
    shown = {
        "patient": row.code_name,
        "refused": str(row.refused) if row.refused else None,
        "keeps_own": row.keeps_own,
        "before": _asked(row.before, row.zone),
        "after": _asked(row.after, row.zone),
    }
    return json.dumps(shown, ensure_ascii=False) + "\n"


def _asked(dues: Sequence[Due], zone: str, pattern: str | None = None) -> list[str]:
    moments = [local_moment(due, zone) for due in dues if due.held is None]
    return [f"{moment:{pattern}}" if pattern else moment.isoformat() for moment in moments]
