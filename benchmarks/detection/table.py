"""The calibration table that the product reads: limits of the evidence by scale and budget."""

from collections.abc import Mapping
from pathlib import Path

from alliance.evidence import RULES
from benchmarks.detection.alarms import limit_for
from benchmarks.detection.simulation import Array
from benchmarks.report import ROOT

TABLE = ROOT / "alliance" / "calibration.toml"
BUDGETS = (0.05, 0.10, 0.15, 0.30, 0.60, 1.20)
_HEAD = """# Written by ./checkin bench detection; read by alliance/calibration.py.
# For scales of so many points: false alarms per patient in twelve weeks, and the limit of the evidence (natural
# logarithm of a likelihood ratio) that keeps them so few.
"""


def table(scores: Mapping[int, Array]) -> str:
    """The table as TOML, from the scores of patients to whom nothing happens, by points of the scale."""
    parts = [_HEAD + f'rules = "{RULES}"\n']
    for points, each in sorted(scores.items()):
        rows = "\n".join(f'"{budget:.2f}" = {limit_for(budget, each):.3f}' for budget in BUDGETS)
        parts.append(f"[points.{points}]\n{rows}\n")
    return "\n".join(parts)


def write_table(scores: Mapping[int, Array], *, file: Path = TABLE) -> None:
    """Put the table where the product reads it."""
    file.write_text(table(scores), encoding="utf-8")
