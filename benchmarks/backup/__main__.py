"""`./checkin bench backup`: a clinic with many messages is backed up while updates are stored, and restored."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.backup.run import PACE, Times, p99, run
from benchmarks.report import PAGES, Result, as_json, as_markdown, print_table, report
from bot.clock import SystemClock

QUICK, FULL = 100_000, 1_000_000  # messages


def main(
    messages: Annotated[int | None, typer.Option(help=f"How many; {FULL} if not given.", min=1)] = None,
    quick: Annotated[bool, typer.Option("--quick", help=f"{QUICK} messages; no page is written.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Take the times of a backup and a restore on SQLite; exit status 1 when a message is missing afterwards."""
    number = messages or (QUICK if quick else FULL)
    with tempfile.TemporaryDirectory(prefix="checkin-backup-") as folder:
        times = asyncio.run(run(Path(folder), messages=number))
    found = report(_results(times), at=SystemClock().now())
    if json:
        sys.stdout.write(as_json(found) + "\n")
    else:
        print_table(found, Console())
    if not quick and messages is None:
        (PAGES / "backup.md").write_text(_TOP + as_markdown(found), encoding="utf-8")
    raise typer.Exit(1 if times.missing else 0)


def _results(times: Times) -> list[Result]:
    milliseconds = {
        "store_p99_without_a_backup": p99(times.store_quiet),
        "store_p99_during_the_backup": p99(times.store_during),
        "reading_all_figures_for_metrics": times.figures,
    }
    return [
        Result(name="backup", metric="messages", value=times.messages, unit="rows"),
        Result(name="backup", metric="size", value=times.megabytes, unit="MiB"),
        Result(name="backup", metric="missing_after_the_restore", value=times.missing, unit="rows"),
        Result(name="backup", metric="backup_with_verification", value=times.backup, unit="s"),
        Result(name="backup", metric="restore_with_verification", value=times.restore, unit="s"),
        Result(name="backup", metric="stored_during_the_backup", value=times.stored_during_backup, unit="updates"),
        *(Result(name="backup", metric=name, value=one * 1000, unit="ms") for name, one in milliseconds.items()),
    ]


_TOP = f"""# Backup and restore

`./checkin bench backup` fills a clinic on SQLite with messages, stores {PACE} updates a second, runs `checkin backup`
in a process of its own meanwhile, and `checkin restore` afterwards. The times are those of the whole commands: start,
copy, check of the database, counting, checksum; on the way back also the copy beside the place where it goes.

"""

if __name__ == "__main__":
    typer.run(main)
