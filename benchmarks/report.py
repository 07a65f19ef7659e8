"""How every benchmark says what it found: JSON for programs, a table for people, a page for the documents."""

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
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
    """One number: what was measured, of us or of something to compare with, and its unit."""

    name: str
    ours: bool = True
    metric: str
    value: float
    unit: str


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
        "results": [asdict(result) for result in found.results],
        **found.more,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def print_table(found: Report, console: Console) -> None:
    """The report as a table, with where and when below it."""
    table = Table("what", "measured", "unit", caption=_where(found))
    table.columns[1].justify = "right"
    for result in found.results:
        table.add_row(_label(result), _value(result.value), result.unit)
    console.print(table)


def as_markdown(found: Report) -> str:
    """The same table for a page."""
    rows = "\n".join(f"| {_label(r)} | {_value(r.value)} | {r.unit} |" for r in found.results)
    return f"| what | measured | unit |\n|---|---:|---|\n{rows}\n\n{_where(found)}\n"


def bars(values: Mapping[str, float], *, unit: str) -> str:
    """A figure that needs nothing but letters: one bar for each value, the longest for the highest."""
    highest = max(values.values(), default=0.0) or 1.0
    width = max(map(len, values), default=0)
    return "\n".join(
        f"{name:<{width}}  {'█' * round(value / highest * FULL_BAR):<{FULL_BAR}} {_value(value)} {unit}"
        for name, value in values.items()
    )


def _label(result: Result) -> str:
    metric = result.metric.replace("_", " ")
    return metric if result.ours else f"{metric} ({result.name})"


def _value(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


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
