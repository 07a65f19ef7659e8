"""How every benchmark says what it found: JSON for programs, a table for people, a page for the documents."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "benchmarks"
FULL_BAR = 40  # characters
ASK_GIT_FOR = 5.0  # seconds; a page without a commit is better than none


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One number: what was measured, of us or of something to compare with, and its unit.

    ``case`` and ``of`` are for benchmarks that count: under which circumstances, and out of how many.
    """

    name: str
    ours: bool = True
    metric: str
    value: float
    unit: str
    case: str | None = None
    of: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """Everything one run found, and where and when (aware, UTC) it ran; ``more`` holds keys of its own."""

    at: datetime
    results: tuple[Result, ...]
    machine: str
    commit: str | None
    more: Mapping[str, object] = field(default_factory=dict[str, object])


def report(results: Sequence[Result], *, at: datetime, more: Mapping[str, object] | None = None) -> Report:
    """A report of results found on this machine, with the commit that is checked out, if there is one."""
    return Report(at=at, results=tuple(results), machine=_machine(), commit=_commit(), more=more or {})


def as_json(found: Report) -> str:
    """The report as one JSON object."""
    content = {
        "machine": found.machine,
        "commit": found.commit,
        "at": found.at.isoformat(timespec="seconds"),
        "results": [_without_gaps(asdict(result)) for result in found.results],
        **found.more,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def print_table(found: Report, console: Console) -> None:
    """The report as a table, with where and when below it."""
    print_rows(_HEADER, _rows(found), found, console)


def print_rows(header: Sequence[str], rows: Iterable[Sequence[str]], found: Report, console: Console) -> None:
    """Rows of one's own as a table; what reads as a number stands on the right."""
    table = Table(*header, caption=_where(found))
    listed = [tuple(row) for row in rows]
    for place, column in enumerate(table.columns):
        column.justify = "right" if _are_numbers(row[place] for row in listed) else "left"
    for row in listed:
        table.add_row(*row)
    console.print(table)


def as_markdown(found: Report) -> str:
    """The same table for a page."""
    return rows_as_markdown(_HEADER, _rows(found), found)


def rows_as_markdown(header: Sequence[str], rows: Iterable[Sequence[str]], found: Report) -> str:
    """Rows of one's own for a page."""
    listed = [tuple(row) for row in rows]
    rules = ["---:" if _are_numbers(row[place] for row in listed) else "---" for place in range(len(header))]
    lines = "\n".join(f"| {' | '.join(row)} |" for row in listed)
    return f"| {' | '.join(header)} |\n|{'|'.join(rules)}|\n{lines}\n\n{_where(found)}\n"


def bars(values: Mapping[str, float], *, unit: str, full: float | None = None, length: int = FULL_BAR) -> str:
    """A figure that needs nothing but letters: one bar for each value, the longest for the highest or for ``full``."""
    highest = full or max(values.values(), default=0.0) or 1.0
    width = max(map(len, values), default=0)
    return "\n".join(
        f"{name:<{width}}  {'█' * round(value / highest * length):<{length}} {in_figures(value)} {unit}"
        for name, value in values.items()
    )


def in_figures(value: float) -> str:
    """A number as people read it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


_HEADER = ("what", "measured", "unit")


def _rows(found: Report) -> list[tuple[str, str, str]]:
    return [(_label(result), in_figures(result.value), result.unit) for result in found.results]


def _label(result: Result) -> str:
    metric = result.metric.replace("_", " ")
    return metric if result.ours else f"{metric} ({result.name})"


def _are_numbers(cells: Iterable[str]) -> bool:
    return all(cell.replace(",", "").replace(".", "", 1).isdigit() for cell in cells)


def _without_gaps(result: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in result.items() if value is not None}


def _where(found: Report) -> str:
    commit = f"commit {found.commit}" if found.commit else "not a commit"
    return f"{found.machine}; {commit}; {found.at:%Y-%m-%d %H:%M} UTC"


def _machine() -> str:
    """What matters for a number, and no name of the machine."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _commit() -> str | None:
    asked = _git("rev-parse", "--short=12", "HEAD")
    if not asked:
        return None
    return f"{asked} with changes" if _git("status", "--porcelain") else asked


def _git(*words: str) -> str | None:
    try:
        asked = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, timeout=ASK_GIT_FOR, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return asked.stdout.strip() if asked.returncode == 0 else None
