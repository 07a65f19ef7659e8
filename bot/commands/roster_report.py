"""What an import of a roster says: a line for each row that does something or cannot, and the counts."""

import csv
import json
import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from alliance.sheet import guarded
from workflows.import_roster import Imported
from workflows.roster_plan import What, counted

ONLY_THE_OWNER = 0o600


class Ending(StrEnum):
    """How an import ended, besides what became of each row."""

    DONE = "done"
    DRY_RUN = "dry_run"
    TOO_MANY_REFUSED = "too_many_refused"


_SAYS = {
    Ending.DONE: "",
    Ending.DRY_RUN: "Nothing was changed: this was a dry run.\n",
    Ending.TOO_MANY_REFUSED: "Nothing was changed: more than one row in ten is refused. Is this the right file?\n",
}


def show(rows: Sequence[Imported], *, ending: Ending, as_json: bool) -> None:
    """Print the report of an import."""
    sys.stdout.write(_in_json(rows, ending) if as_json else _in_words(rows, ending))


def make_links_file(path: Path) -> None:
    """Make the file that links go into, for its owner alone; an existing one is never touched (FileExistsError)."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER))


def write_links(path: Path, rows: Sequence[Imported]) -> None:
    """Write the one-time links of new patients as CSV, beside the clinic's ids."""
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(("clinic_id", "code_name", "link", "expires_at"))
        for row in rows:
            if row.link and row.expires_at:
                written.writerow((guarded(row.clinic_id), guarded(row.code_name), row.link, row.expires_at.isoformat()))


def _in_words(rows: Sequence[Imported], ending: Ending) -> str:
    told = [row for row in rows if row.what is not What.SAME]
    lines = [f"line {row.line}: {_who(row)}: {_mark(row)}{row.says}\n" for row in told]
    counts = counted(row.what for row in rows)
    summary = ", ".join(f"{number} {what}" for what, number in counts.items())
    return f"{''.join(lines)}{len(rows)} rows: {summary}.\n{_SAYS[ending]}"


def _who(row: Imported) -> str:
    return row.code_name or row.clinic_id or "nobody"


def _mark(row: Imported) -> str:
    return "refused: " if row.what is What.REFUSED else ""


def _in_json(rows: Sequence[Imported], ending: Ending) -> str:
    told = [
        {
            "line": row.line,
            "clinic_id": row.clinic_id,
            "code_name": row.code_name,
            "what": row.what,
            "says": row.says,
            "changes": list(row.changes),
            "link": row.link,
            "expires_at": row.expires_at.isoformat() if row.expires_at else None,
        }
        for row in rows
    ]
    report = {"ending": ending, **counted(row.what for row in rows), "rows": told}
    return json.dumps(report, ensure_ascii=False) + "\n"
