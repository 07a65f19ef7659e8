"""`./checkin bench audit`: a million entries are looked through, and an act is noted with and without its link."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated, cast

import typer
from rich.console import Console
from sqlalchemy import Table, insert

from alliance.audit_trail import BEGINNING, Act, bound
from benchmarks.report import PAGES, Result, as_json, as_markdown, print_table, report
from bot import logs
from bot.clock import SystemClock
from storage import audit, audit_inspection, schema
from storage.database import Database
from storage.tables import AuditEntry, AuditHead, AuditLink
from storage.vault import KEY_LENGTH, Vault

FULL, QUICK = 1_000_000, 20_000  # entries
GOAL = 60.0  # seconds for a million
AT_ONCE = 10_000  # rows of one statement
ACTS, QUICK_ACTS = 2_000, 200  # noted one by one, each with a commit of its own
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main(
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK:,} entries; no page is written.")] = False,
    entries: Annotated[int | None, typer.Option(help=f"How many; {FULL:,} if not given.", min=1)] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Look a chain through; exit status 1 when it does not hold, or a million entries take more than a minute."""
    logs.set_up("CRITICAL")
    number = entries or (QUICK if quick else FULL)
    with tempfile.TemporaryDirectory(prefix="checkin-audit-") as folder:
        results, holds = asyncio.run(_run(Path(folder), number, acts=QUICK_ACTS if quick else ACTS))
    found = report(results, at=SystemClock().now())
    sys.stdout.write(as_json(found) + "\n") if json else print_table(found, Console())
    for_a_million = results[0].value / number * FULL
    if number == FULL:
        verdict = "within" if for_a_million <= GOAL else "NOT within"
        top = f"{_TOP}The goal is a million in {GOAL:.0f} s; this run is {verdict} it.\n\n"
        (PAGES / "audit.md").write_text(top + as_markdown(found), encoding="utf-8")
    raise typer.Exit(0 if holds and for_a_million <= GOAL else 1)


async def _run(folder: Path, entries: int, *, acts: int) -> tuple[list[Result], bool]:
    database = Database(f"sqlite:///{folder / 'checkin.sqlite3'}", Vault({1: bytes(KEY_LENGTH)}))
    await schema.migrate(database)
    noting = await _noted(database, acts, bound_too=True)
    bare = await _noted(database, acts, bound_too=False)
    await database.close()
    (folder / "checkin.sqlite3").unlink()
    database = Database(f"sqlite:///{folder / 'large.sqlite3'}", Vault({1: bytes(KEY_LENGTH)}))
    await schema.migrate(database)
    await _fill(database, entries)
    began = perf_counter()
    async with database.reading() as session:
        end, damages = await audit_inspection.inspect(session)
    seconds = perf_counter() - began
    await database.close()
    holds = not damages and end.position == entries
    figures = [
        ("looked_through", seconds, f"s for {entries:,} entries"),
        ("damages", len(damages), "damages"),
        ("an_act_noted_and_bound", noting * 1e6, "microseconds of the processor, with its commit"),
        ("an_act_noted_only", bare * 1e6, "microseconds of the processor, with its commit"),
    ]
    return [Result(name="ours", metric=metric, value=value, unit=unit) for metric, value, unit in figures], holds


async def _noted(database: Database, acts: int, *, bound_too: bool) -> float:
    began = process_time()
    for number in range(acts):
        async with database.writing("updates") as session:
            await audit.record(session, at=NOW, actor_id=1, action="read_words", object_kind="flag", object_id=number)
            if not bound_too:
                session.info.pop(audit.NOTED)
    return (process_time() - began) / acts


async def _fill(database: Database, entries: int) -> None:
    digits = BEGINNING
    for first in range(1, entries + 1, AT_ONCE):
        acts = [_act(number) for number in range(first, min(first + AT_ONCE, entries + 1))]
        links: list[dict[str, object]] = []
        for act in acts:
            link = bound(act, after=digits, position=act.number)
            digits = link.digits
            links.append({"position": act.number, "entry_id": act.number, "digits": digits})
        rows = [{"id": act.number, **{name: getattr(act, name) for name in _COLUMNS}} for act in acts]
        async with database.writing() as session:
            await session.execute(insert(cast("Table", AuditEntry.__table__)), rows)
            await session.execute(insert(cast("Table", AuditLink.__table__)), links)
    seal = Vault({1: bytes(KEY_LENGTH)}).seal(f"{entries}:{digits}", audit.SEAL)
    async with database.writing() as session:
        session.add(AuditHead(id=audit.THE_ONLY_ROW, position=entries, digits=digits, seal=seal))


_COLUMNS = ("at", "actor_id", "action", "object_kind", "object_id", "detail")


def _act(number: int) -> Act:
    return Act(
        number=number,
        at=NOW + timedelta(seconds=number),
        actor_id=number % 40 + 1,
        action="read_words",
        object_kind="patient",
        object_id=number % 1_000,
        detail={"digest": number % 365, "rung": 1},
    )


_TOP = f"""# How long the audit takes to be looked through

`./checkin bench audit` writes {FULL:,} entries with their links into a SQLite file and looks at every one of them, as
`checkin audit verify` does. Beside it, what noting an act costs: bound to the chain, as it is, and without.

"""

if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
