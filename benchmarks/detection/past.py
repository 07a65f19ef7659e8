"""Past ratings: a file of a clinic's two years goes through `checkin flags --history`, and memory is looked at."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import psutil

from alliance.items import Domain
from benchmarks.report import ROOT, Result

ROWS = 1_000_000
PART = 4  # the same file is also read to this part, to see what more rows cost in memory
WEEKS = 104
HIGHEST = 7
REPLIES = 0.95  # of the check-ins
FALLS_AFTER = 80  # weeks, for one patient in eleven
MIB = 1024 * 1024
LOOK_EVERY = 0.05  # seconds


def measured(rows: int) -> list[Result]:
    """How long that many rows take, and the most memory a quarter of them and all of them need.

    Raises ``subprocess.CalledProcessError`` when the command does not take the file.
    """
    with tempfile.TemporaryDirectory(prefix="checkin-bench-") as folder:
        part, whole = (_written(Path(folder) / f"{count}.csv", count) for count in (max(rows // PART, 1), rows))
        _, _, memory_of_part = _run(part)
        seconds, computing, memory = _run(whole)
    return [
        Result(name="ours", metric="past_ratings", value=seconds, unit=f"seconds for {rows:,} rows"),
        Result(name="ours", metric="past_ratings_computing", value=computing, unit=f"CPU seconds for {rows:,} rows"),
        Result(name="ours", metric="memory", value=memory / MIB, unit="MiB at most"),
        Result(name="ours", metric="memory_for_a_quarter", value=memory_of_part / MIB, unit="MiB at most"),
    ]


def _run(file: Path) -> tuple[float, float, int]:
    """Seconds by the clock, seconds of the processor, and the most bytes the command was seen to hold.

    It is looked at while it runs: what a parent is told afterwards begins with the parent's own memory.
    """
    began = perf_counter()
    command = [sys.executable, "-m", "bot", "flags", "--history", str(file), "--json"]
    most = 0
    before = os.times()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        looked_at = psutil.Process(process.pid)
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                most = max(most, looked_at.memory_info().rss)
            sleep(LOOK_EVERY)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    after = os.times()
    computing = after.children_user - before.children_user + after.children_system - before.children_system
    return perf_counter() - began, computing, most


def _written(file: Path, rows: int) -> Path:
    with file.open("w", encoding="utf-8") as out:
        out.write("patient,at,domain,rating\n")
        out.writelines(islice(_rows(rows), rows))
    return file


def _rows(rows: int) -> Iterator[str]:
    """At least so many rows, by moment and not by patient, as a clinic's system would hand them out."""
    chance = np.random.default_rng(4)
    begins = datetime(2024, 1, 1, 9, tzinfo=UTC)
    patients = round(rows / (WEEKS * len(Domain) * REPLIES)) + 2
    usual = np.clip(chance.normal(5.5, 0.6, size=patients), 2, HIGHEST)
    for week in range(WEEKS + 8):
        replies = chance.random(patients) < REPLIES
        fall = np.where((np.arange(patients) % 11 == 0) & (week > FALLS_AFTER), 1.5, 0.0)
        ratings = np.clip(np.rint(chance.normal(usual - fall, 0.8, size=(len(Domain), patients))), 1, HIGHEST)
        for patient in np.flatnonzero(replies):
            at = begins + timedelta(weeks=week, minutes=int(patient) % 600)
            for domain, rating in zip(Domain, ratings[:, patient], strict=True):
                yield f"P{patient},{at.isoformat()},{domain},{int(rating)}\n"
