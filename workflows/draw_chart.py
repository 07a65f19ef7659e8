"""Draws a chart as a PNG: light paper with dark ink, for phones by day and night, for e-mail and for grey print.

Importing this module imports matplotlib, which takes a second: only the process that draws does (bot/draughtsman.py).
Lengths are CSS pixels of a phone 390 wide; the picture has about three dots for each.
"""
# matplotlib's own types are partial
# pyright: reportUnknownMemberType=false

import warnings
from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from math import nan
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from alliance.charts import Chart, Row
from alliance.marks import Mark, MarkKind
from alliance.trend import Pictured, Strip
from workflows.chart_marks import (
    BAND,
    BAND_EDGE,
    INK,
    PAPER,
    RULE,
    SIGNS,
    SINCE_DASHES,
    SOFT,
    VISIT_DASHES,
    cross,
    diamond,
    dots,
    square,
    triangle,
)

WIDTH = 390  # of the picture
EDGE = 14  # free around everything
GUTTER = 14  # between two domains
TITLE, NAME, LABEL, PLOT, LANE, DAYS, GAP = 26, 22, 15, 52, 13, 14, 12  # heights, from the top down
KEY_LINE = 17
PER_INCH = 100  # CSS pixels, so that a length divided by it is one of matplotlib's inches
DOTS = 280  # an inch: 1,092 across, which Telegram shows as it is
POINTS = 0.72  # of a printer, in a CSS pixel
FONT = ("DejaVu Sans",)
_TALLEST_MARGIN = 0.08  # of the plot, free above the best and below the worst answer


def draw(chart: Chart) -> bytes:
    """The picture; the same chart gives the same bytes on the same machine."""
    return _Sheet(chart).png()


class _Sheet:
    """One picture in the making; ``y`` is how far down from the top it has been drawn."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._key_lines = _in_lines(list(chart.key.items()))
        row = NAME + LABEL + PLOT + LANE + DAYS
        height = 2 * EDGE + (TITLE if chart.title else 0) + len(chart.rows) * (row + GAP)
        self._height = height + len(self._key_lines) * KEY_LINE
        self._figure = Figure(figsize=(WIDTH / PER_INCH, self._height / PER_INCH), dpi=DOTS, facecolor=PAPER)
        FigureCanvasAgg(self._figure)
        self._paper = self._area(0, 0, WIDTH, self._height)
        self._paper.set_xlim(0, WIDTH)
        self._paper.set_ylim(self._height, 0)

    def png(self) -> bytes:
        y = float(EDGE)
        if self._chart.title:
            self._write(EDGE, y + TITLE / 2 - 3, self._chart.title, size=14, weight="bold")
            y += TITLE
        for number, row in enumerate(self._chart.rows):
            if number or self._chart.title:
                self._paper.plot([EDGE, WIDTH - EDGE], [y - 5, y - 5], color=RULE, linewidth=0.6)
            self._row(row, y + 3)
            y += NAME + LABEL + PLOT + LANE + DAYS + GAP
        self._key(y + 2)
        written = BytesIO()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Glyph", UserWarning)  # a letter the font lacks is drawn as a box
            self._figure.savefig(written, format="png", dpi=DOTS, facecolor=PAPER, metadata={"Software": None})
        return written.getvalue()

    def _row(self, row: Row, top: float) -> None:
        self._write(EDGE, top + NAME / 2 - 1, row.name, size=13, weight="bold")
        self._write(WIDTH - EDGE, top + NAME / 2 - 1, row.kind, size=11, color=SOFT, align="right")
        strips = row.shown.strips
        width = (WIDTH - 2 * EDGE - GUTTER * (len(strips) - 1)) / len(strips)
        for place, strip in enumerate(strips):
            left = EDGE + place * (width + GUTTER)
            self._domain(row, row.labels[place], strip, (left, top + NAME, width))

    def _domain(self, row: Row, label: str, strip: Strip, place: tuple[float, float, float]) -> None:
        (left, top, width), shown = place, row.shown
        is_flagged = strip.since is not None
        weight, color = ("bold", INK) if is_flagged else ("normal", SOFT)
        self._write(left, top + LABEL / 2, label, size=10, weight=weight, color=color)
        self._write(left + width, top + LABEL / 2, strip.latest, size=11, weight="bold", color=color, align="right")
        across = _places(shown)
        plot = self._area(left, top + LABEL, width, PLOT)
        plot.set_xlim(0, 1)
        plot.set_ylim(-_TALLEST_MARGIN, 1 + _TALLEST_MARGIN)
        _frame(plot)
        _usual(plot, strip)
        _visits(plot, shown.marks, across)
        _since(plot, strip, across)
        _answers(plot, shown, strip, across)
        _signs(plot, [mark for mark in shown.marks if mark.domain in ("", strip.domain)], across)
        lane = self._area(left, top + LABEL + PLOT, width, LANE)
        lane.set_xlim(0, 1)
        lane.set_ylim(0, 1)
        _unknown(lane, shown, strip, across)
        below = top + LABEL + PLOT + LANE + DAYS / 2
        self._write(left, below, row.first, size=9, color=SOFT)
        self._write(left + width, below, row.last, size=9, color=SOFT, align="right")

    def _key(self, top: float) -> None:
        """What the marks mean, each beside the mark itself."""
        for number, line in enumerate(self._key_lines):
            x, y = float(EDGE), top + number * KEY_LINE + KEY_LINE / 2
            for name, meaning in line:
                SIGNS[name](self._paper, x + 5, y)
                self._write(x + 15, y, meaning, size=10, color=SOFT)
                x += _KEY_SIGN + _wide(meaning)

    def _area(self, left: float, top: float, width: float, height: float) -> Axes:
        place = (left / WIDTH, 1 - (top + height) / self._height, width / WIDTH, height / self._height)
        area = self._figure.add_axes(place)
        area.set_axis_off()
        return area

    def _write(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int,
        weight: str = "normal",
        color: str = INK,
        align: str = "left",
    ) -> None:
        # a code name may hold a dollar sign, which is no formula
        more = cast("dict[str, Any]", {"parse_math": False, "fontfamily": FONT})  # Any: matplotlib's own keywords
        self._paper.text(
            x, y, words, fontsize=size * POINTS, fontweight=weight, color=color, ha=align, va="center_baseline", **more
        )


def _frame(plot: Axes) -> None:
    for edge in (0.0, 1.0):
        plot.axhline(edge, color=RULE, linewidth=0.6, zorder=0)


def _usual(plot: Axes, strip: Strip) -> None:
    if strip.usual is None:
        return
    low, high = (min(max(end, 0.0), 1.0) for end in strip.usual)
    plot.axhspan(low - 0.015, high + 0.015, color=BAND, linewidth=0, zorder=1)
    for end in (low - 0.015, high + 0.015):  # an edge, so that grey print keeps the band
        plot.axhline(end, color=BAND_EDGE, linewidth=0.5, zorder=1)


def _since(plot: Axes, strip: Strip, across: Callable[[date], float]) -> None:
    if strip.since:
        x = across(strip.since.on) - 0.035
        plot.axvline(x, color=INK, linewidth=0.9, linestyle=SINCE_DASHES, zorder=2)


def _answers(plot: Axes, shown: Pictured, strip: Strip, across: Callable[[date], float]) -> None:
    """The line is broken where an answer is missing: what is missing is unknown."""
    xs = [across(point.on) for point in shown.points]
    ys = [min(max(point.fractions.get(strip.domain, nan), 0.0), 1.0) for point in shown.points]
    plot.plot(xs, ys, color=SOFT, linewidth=1.0, zorder=3)
    since = strip.since.on if strip.since else date.max
    dots(plot, [place for place, point in zip(zip(xs, ys, strict=True), shown.points, strict=True) if point.on < since])
    changed = [place for place, point in zip(zip(xs, ys, strict=True), shown.points, strict=True) if point.on >= since]
    dots(plot, changed, are_full=True)


def _unknown(lane: Axes, shown: Pictured, strip: Strip, across: Callable[[date], float]) -> None:
    for point in shown.points:
        if strip.domain not in point.fractions:
            cross(lane, across(point.on), 0.5)
    for mark in shown.marks:
        if mark.kind == MarkKind.LOST:
            diamond(lane, across(mark.on), 0.5)


def _visits(plot: Axes, marks: Sequence[Mark], across: Callable[[date], float]) -> None:
    for mark in marks:
        if mark.kind == MarkKind.VISIT:
            plot.axvline(across(mark.on), color=SOFT, linewidth=1.1, linestyle=VISIT_DASHES, zorder=2)


def _signs(plot: Axes, marks: Sequence[Mark], across: Callable[[date], float]) -> None:
    for mark in marks:
        if mark.kind == MarkKind.FLAG:
            triangle(plot, across(mark.on), 1 + _TALLEST_MARGIN - 0.04)
        elif mark.kind == MarkKind.ACTION:
            square(plot, across(mark.on), -_TALLEST_MARGIN + 0.03)


def _places(shown: Pictured) -> Callable[[date], float]:
    """Where a day lies from left to right; days outside lie at the edges."""
    first, days = shown.points[0].on, (shown.points[-1].on - shown.points[0].on).days

    def across(on: date) -> float:
        share = (on - first).days / days if days else 0.0
        return 0.04 + 0.92 * min(max(share, 0.0), 1.0)

    return across


_KEY_SIGN = 26  # a mark of the key with the room around it
_LETTER = 6.0  # about the width of one at ten pixels


def _wide(words: str) -> float:
    return len(words) * _LETTER


def _in_lines(key: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """The key in as few lines as hold it."""
    lines: list[list[tuple[str, str]]] = []
    room = 0.0
    for name, meaning in key:
        needed = _KEY_SIGN + _wide(meaning)
        if not lines or needed > room:
            lines.append([])
            room = WIDTH - 2.0 * EDGE
        lines[-1].append((name, meaning))
        room -= needed
    return lines
