"""How loud the evidence must be: the limit that keeps false flags within what a clinic's attention can bear.

The table is written by the detection benchmark: on simulated patients to whom nothing happens, which limit gives
how many false alarms per patient in twelve weeks, for scales of so many points.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

FILE = "calibration.toml"  # beside this module
USUAL_ATTENTION = 1.0  # false flags a week in a caseload of forty
CASELOAD = 40  # patients
PERIOD = 12  # weeks of the budget


class BrokenCalibration(ValueError):
    """The calibration table cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Limits of the evidence by points of the scale: (false alarms per patient in twelve weeks, limit), rising."""

    rules: str  # the version of the evidence it was made for
    limits: Mapping[int, Sequence[tuple[float, float]]]

    def limit(self, *, points: int, budget: float) -> float:
        """The limit for that scale and budget, between the table's rows by the budget's logarithm.

        Another scale takes the row of the nearest one, the finer of two; a budget outside the table the last
        row on that side. Raises ValueError for a budget of nothing: then nothing could ever be flagged.
        """
        if budget <= 0:
            raise ValueError("a budget of false alarms is above 0")
        nearest = min(self.limits, key=lambda known: (abs(known - points), -known))
        rows = self.limits[nearest]
        for (fewer, higher), (more, lower) in pairwise(rows):
            if fewer <= budget <= more:
                share = log(budget / fewer) / log(more / fewer)
                return max(lower, higher + share * (lower - higher))  # never rounded past the row
        return rows[0][1] if budget < rows[0][0] else rows[-1][1]


def budget_of(attention: float) -> float:
    """False alarms per patient in twelve weeks, of so many false flags a week per forty patients."""
    return attention * PERIOD / CASELOAD


def parse_calibration(text: str, *, name: str = FILE) -> Calibration:
    """Read the table from TOML; raises BrokenCalibration when a row is missing or falls the wrong way."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenCalibration(f"{name}: {error}") from error
    rules, scales = content.get("rules"), content.get("points")
    if not isinstance(rules, str) or not isinstance(scales, dict) or not scales:
        raise BrokenCalibration(f"{name}: rules or [points] is missing")
    limits = {_whole(points, name): _rows(rows, f"{name}, points.{points}") for points, rows in scales.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # TOML is untyped; _rows looks at each
    return Calibration(rules=rules, limits=limits)


def _whole(points: object, name: str) -> int:
    if isinstance(points, str) and points.isdecimal():
        return int(points)
    raise BrokenCalibration(f"{name}: {points} is no number of points")


def _rows(table: object, where: str) -> tuple[tuple[float, float], ...]:
    try:
        rows = sorted((float(budget), float(limit)) for budget, limit in table.items())  # type: ignore[union-attr]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType, reportAttributeAccessIssue]  # what is no table of numbers ends below
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenCalibration(f"{where}: each row is a budget and its limit") from error
    if not rows or rows[0][0] <= 0 or any(later[1] > earlier[1] for earlier, later in pairwise(rows)):
        raise BrokenCalibration(f"{where}: more false alarms need a lower limit")
    return tuple(rows)
