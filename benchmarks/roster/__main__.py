"""`./checkin bench roster`: the command imports a roster in a process of its own, then again, then with changes."""

import asyncio
import json as json_module
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer
from rich.console import Console

from alliance.people import Role
from benchmarks.report import PAGES, Result, as_json, as_markdown, print_table, report
from benchmarks.roster.rows import CLINICIANS, Written, roster
from bot.clock import SystemClock
from sandbox import Sandbox
from storage import people, schema
from storage.database import Database
from storage.vault import Vault, new_key, parse_keys

QUICK, FULL = 2_000, 10_000  # rows
GOAL = 30.0  # seconds for a full import
CHANGED_EVERY = 100  # rows
TOKEN = "123456:abcdefghijklmnopqrstuvwxyz"  # noqa: S105  # of the sandbox
BEGINNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Import:
    """One run of the command: how long it took, what it counted, and how many rows it judged as nobody should."""

    seconds: float
    counts: dict[str, int]
    links: int
    misjudged: int


def main(
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK} rows; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Import a roster of which three rows in a hundred are broken; exit status 1 when one is not named."""
    number = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="checkin-roster-") as folder:
        runs = asyncio.run(_runs(Path(folder), number))
    found = report(_results(number, runs), at=SystemClock().now())
    if json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_table(found, Console())
    if not quick:
        (PAGES / "roster.md").write_text(_TOP + as_markdown(found), encoding="utf-8")
    wrong = sum(run.misjudged for run in runs) + abs(runs[0].links - runs[0].counts["new"])
    raise typer.Exit(1 if wrong else 0)


async def _runs(folder: Path, number: int) -> list[Import]:
    key = new_key()
    await _make_clinic(folder, Vault(parse_keys(key)))
    first, changed = roster(number), roster(number, renamed_every=CHANGED_EVERY)
    async with Sandbox(token=TOKEN) as telegram:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CHECKIN_")},
            "CHECKIN_BOT_TOKEN": TOKEN,
            "CHECKIN_TELEGRAM_API_URL": telegram.url,
            "CHECKIN_DATABASE_URL": _address(folder),
            "CHECKIN_DATA_DIR": str(folder),
            "CHECKIN_ENCRYPTION_KEYS": key,
        }
        return [
            await _import(folder, environment, written, n) for n, written in enumerate((first, first, changed), start=1)
        ]


async def _make_clinic(folder: Path, vault: Vault) -> None:
    database = Database(_address(folder), vault)
    try:
        await schema.migrate(database)
        async with database.writing("bench:clinicians") as session:
            for n in range(CLINICIANS):
                person = await people.add(
                    session, code_name=f"CLINICIAN-{n}", name=None, language="en", zone="UTC", now=BEGINNING
                )
                await people.give_role(session, person.id, Role.CLINICIAN, now=BEGINNING)
    finally:
        await database.close()


async def _import(folder: Path, environment: dict[str, str], written: Written, n: int) -> Import:
    file, links = folder / f"{n}.csv", folder / f"links-{n}.csv"
    file.write_bytes(written.text.encode("utf-8-sig"))
    words = ("-m", "bot", "patients", "import", str(file), "--links", str(links), "--json")
    began = perf_counter()
    ran = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=environment, cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE
    )
    out, _ = await ran.communicate()
    seconds = perf_counter() - began
    said = json_module.loads(out)
    refused = {row["line"] for row in said["rows"] if row["what"] == "refused" and row["says"]}
    return Import(
        seconds=seconds,
        counts={what: said[what] for what in ("new", "changed", "same", "refused")},
        links=len(links.read_text(encoding="utf-8").splitlines()) - 1,
        misjudged=len(refused ^ written.broken) + abs(len(said["rows"]) - written.rows),
    )


def _address(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'checkin.sqlite3'}"


def _results(number: int, runs: list[Import]) -> list[Result]:
    first, second, changed = runs

    def one(metric: str, value: float, unit: str) -> Result:
        return Result(name="roster", metric=metric, value=value, unit=unit)

    return [
        one("rows", number, "rows"),
        one("broken_rows_each_named_with_line_and_reason", first.counts["refused"], "rows"),
        one("rows_judged_wrongly", sum(run.misjudged for run in runs), "rows"),
        one("patients_imported", first.counts["new"], "patients"),
        one("links_written", first.links, "links"),
        one("first_import", first.seconds, "s"),
        one("the_same_again", second.seconds, "s"),
        one("the_same_again_changed", second.counts["new"] + second.counts["changed"], "rows"),
        one("one_row_in_a_hundred_has_changed", changed.seconds, "s"),
        one("one_row_in_a_hundred_has_changed_changed", changed.counts["changed"], "rows"),
    ]


_TOP = f"""# How long a roster takes

`./checkin bench roster` writes a roster of {FULL:,} rows for {CLINICIANS} clinicians, three rows in a hundred of them
broken in ten ways (no id, a zone or a clinician that does not exist, a formula, a number that a spreadsheet shortened,
and so on), and imports it into a clinic on SQLite with `checkin patients import FILE --links FILE --json`, in a process
of its own. The times are those of the whole command: start, reading, judging each row, writing, and the one-time link
of each new patient. Then the same file is imported again, and then one in which every {CHANGED_EVERY}th patient has
another name. The exit status is 1 when a broken row is not named, or another one is.

The goal is {GOAL:g} s for the first import.

"""

if __name__ == "__main__":
    typer.run(main)
