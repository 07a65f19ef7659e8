"""`./checkin bench console`: each page is asked for again and again, by one browser and without a network."""

import asyncio
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import httpx
import typer
from rich.console import Console
from sqlalchemy import event
from sqlalchemy.engine import Engine
from starlette.applications import Starlette

from benchmarks.console.clinic import CHECKINS, CLINICIANS, NOW, fill
from benchmarks.report import PAGES, Result, as_json, as_markdown, print_table, report
from bot import logs
from bot.clinic import read_clinic
from bot.clock import SystemClock
from bot.console_rooms import ConsoleRooms
from bot.settings import read_settings
from console.app import console
from console.rooms import Around
from storage import schema, sessions
from storage.database import Database
from storage.vault import KEY_LENGTH, Vault
from workflows.unit import Unit

FULL, QUICK = 10_000, 1_000  # patients
LOOKS, FEW_LOOKS = 60, 20  # at each page, after the first, which reads the templates
OF_A_HUNDRED = 95
URL = "http://127.0.0.1:8080"
GOAL = 100  # milliseconds


def main(
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK} patients; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Take the time from the request to the last byte of the answer, page by page."""
    logs.set_up("CRITICAL")
    with TemporaryDirectory() as folder:
        results = asyncio.run(_measured(Path(folder), QUICK if quick else FULL, looks=FEW_LOOKS if quick else LOOKS))
    found = report(results, at=SystemClock().now())
    if json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_table(found, Console())
    if not quick:
        (PAGES / "console.md").write_text(_TOP + as_markdown(found), encoding="utf-8")


async def _measured(folder: Path, patients: int, *, looks: int) -> list[Result]:
    database = Database(f"sqlite:///{folder / 'clinic.sqlite3'}", Vault({1: b"k" * KEY_LENGTH}))
    try:
        await schema.migrate(database)
        ids = await fill(database, patients)
        settings = read_settings(_env_file=None, data_dir=folder, web_address="127.0.0.1:8080", console_url=URL)
        clinic = read_clinic(settings, bot_username="bench_bot")
        rooms = ConsoleRooms(
            database,
            lambda session, origin: Unit(session=session, now=NOW, clinic=clinic, origin=origin),
            lambda: None,
        )
        app = Starlette(routes=[console(Around(rooms=rooms, clinic=clinic, url=URL))])
        return [
            *await _looked(app, database, ids["coordinator"], _of_a_coordinator(ids, patients), looks=looks),
            *await _looked(app, database, ids["clinician"], _of_a_clinician(ids), looks=looks),
        ]
    finally:
        await database.close()


def _of_a_coordinator(ids: dict[str, int], patients: int) -> dict[str, str]:
    deep = f"/patients?after=patient-{patients * 9 // 10:05}"
    return {
        "today": "/",
        "patients": "/patients",
        "patients_far_down": deep,
        "patients_by_next_check-in": "/patients?order=next",
        "patients_searched": "/patients?q=977",
        "one_patient_without_answers": f"/patients/{ids['patient']}",
        "programmes": "/programmes",
        "team": "/team",
        "invite": "/invite",
        "health": "/health",
    }


def _of_a_clinician(ids: dict[str, int]) -> dict[str, str]:
    return {
        "own_day": "/",
        "one_patient_with_answers": f"/patients/{ids['patient']}",
        "flags": "/flags",
        "digest_as_it_would_be_now": f"/digest/{ids['clinician']}/now",
    }


@contextmanager
def asking() -> Generator[list[str]]:
    """Every statement that goes to a database meanwhile."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))  # the third of what SQLAlchemy tells of a statement

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def _looked(
    app: Starlette, database: Database, person_id: int, pages: dict[str, str], *, looks: int
) -> list[Result]:
    async with database.writing() as session:
        token = await sessions.begin(session, person_id, now=NOW)
    clock, results = SystemClock(), list[Result]()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=URL, cookies={"console": token}) as client:
        for name, path in pages.items():
            (await client.get(f"/console{path}")).raise_for_status()
            with asking() as asked:
                (await client.get(f"/console{path}")).raise_for_status()
            times: list[float] = []
            for _ in range(looks):
                began = clock.monotonic()
                (await client.get(f"/console{path}")).raise_for_status()
                times.append((clock.monotonic() - began) * 1000)
            value = sorted(times)[looks * OF_A_HUNDRED // 100 - 1]
            results += [
                Result(name="console", metric=f"p95_{name}", value=value, unit="ms"),
                Result(name="console", metric=f"asked_for_{name}", value=len(asked), unit="statements"),
            ]
    return results


_TOP = f"""# How long the console's pages take

`./checkin bench console` fills a SQLite database with {FULL:,} patients of {CLINICIANS} clinicians, {CHECKINS}
check-ins of each with their answers, and a flag for one patient in twenty; the clinician who is measured has a hundred
of these flags. Then it asks for each page {LOOKS} times after a first look, one request after another, inside one
process. Measured is the server's own time: reading, rendering, and noting the look in the audit, which waits for the
disk. A network and a browser come on top. The goal is {GOAL} ms for {OF_A_HUNDRED} of a hundred looks. Beside it stands
how many statements the database was sent for one look, those of the session and of the audit among them.

"""

if __name__ == "__main__":
    typer.run(main)
