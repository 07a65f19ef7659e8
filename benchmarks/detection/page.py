"""The part of docs/detection.md that a full run writes, between two marks; all prose around it stays."""

from pathlib import Path

from benchmarks.detection.found import Found, methods_table, resolution_table, sentences, stress_table
from benchmarks.report import ROOT, Report

PAGE = ROOT / "docs" / "detection.md"
BEGINS, ENDS = "<!-- written by ./checkin bench detection: begin -->", "<!-- end -->"


def write_page(found: Found, report: Report, *, file: Path = PAGE) -> None:
    """Put the figures of this run between the marks; raises ValueError when the page has none."""
    text = file.read_text(encoding="utf-8")
    before, begins, rest = text.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    if not (begins and ends):
        raise ValueError(f"{file.name} has no place for the figures")
    file.write_text(f"{before}{BEGINS}\n\n{figures(found, report)}\n{ENDS}{after}", encoding="utf-8")


def figures(found: Found, report: Report) -> str:
    """Everything a full run measured, as Markdown."""
    bare = "; ".join(f"{one.mean:.3f} at {one.budget:.2f}" for one in found.without_lengths)
    return f"""{sentences(found)}
- Without the lengths of replies, as in a file of ratings: mean sensitivity {bare}.

![What each method notices, shape by shape](pictures/detection.svg)

### At .30 false alarms per patient in twelve weeks

{methods_table(found.methods, 0.30)}

### At .15

{methods_table(found.methods, 0.15)}

### What the points of a scale buy

{resolution_table(found)}

### Clinics that are not as expected, at the limit of the expected one (.30)

{stress_table(found)}

{report.machine}; {f"commit {report.commit}" if report.commit else "not a commit"}; {report.at:%Y-%m-%d %H:%M} UTC
"""
