"""A patient's answers over time as a small picture: one strip for each domain, drawn as inline SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from typing import TypeAlias

from alliance.digest import Point
from alliance.marks import Mark, MarkKind

# Lengths in SVG units; at its natural size one unit is one CSS pixel, so a phone shows it unscaled.
WIDTH = 344
LEFT, RIGHT = 16, 312  # of the strips; the ends of the scale stand before them, the latest rating after
STRIP = 46  # height of one strip
MARGIN = 7  # kept free inside a strip above the best and below the worst answer
LABEL = 17  # height of a line of text
GAP = 9  # between strips
DOT = 3.0  # radius
CROSS_ROW = 14
CROSS = 3.0  # half the width of the mark of a check-in without a reply
MARK = 3.5  # half the width of a flag's or an action's mark

Svg: TypeAlias = list[str]  # elements as they are written: a digest of a hundred patients has ten thousand of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """From which day on something is different, and how that is said."""

    on: date
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One domain: its name, its latest rating in words, and the usual range as fractions, if known."""

    domain: str  # a Domain
    label: str
    latest: str
    usual: tuple[float, float] | None = None
    since: Since | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """The other words in the picture, and what it says to somebody who cannot see it."""

    described: str
    first: str
    last: str
    no_reply: str
    lowest: str
    highest: str
    lost: str = ""  # what did not arrive, where there is such a thing


@dataclass(frozen=True, kw_only=True, slots=True)
class Pictured:
    """What a picture of one patient's answers shows, whatever draws it."""

    points: tuple[Point, ...]  # oldest first, at least one
    strips: tuple[Strip, ...]
    silent: Since | None
    labels: Labels
    marks: tuple[Mark, ...] = ()


def trend_svg(
    points: Sequence[Point],
    *,
    strips: Sequence[Strip],
    silent: Since | None,
    labels: Labels,
    marks: Sequence[Mark] = (),
) -> str:
    """The picture as one svg element, every text escaped; empty when there are no points.

    ``points`` are delivered check-ins, oldest first, with answers as fractions of the scale, 0 to 1, 1
    the good end; values outside are drawn at the edge. The line is broken where an answer is missing,
    because what is missing is unknown. Visits are lines through every strip; flags stand at the upper edge of
    their domain's, what was done at the lower; those that are of no domain stand in all of them. Colours are
    left to the page (classes only), and every difference is also one of shape, so that it survives a grey print.
    """
    if not points:
        return ""
    across = _places(points)
    bottom = len(strips) * (LABEL + STRIP + GAP) - GAP
    unanswered = [across(point.on) for point in points if not point.fractions]
    lost = [across(mark.on) for mark in marks if mark.kind == MarkKind.LOST]
    height = bottom + (GAP + LABEL + CROSS_ROW if unanswered or lost else 0) + LABEL
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    svg: Svg = [f'<svg class="trend" {size} role="img" aria-label="{escape(labels.described)}">']
    for number, strip in enumerate(strips):
        top = number * (LABEL + STRIP + GAP)
        _draw_strip(svg, strip, points, top=top, labels=labels)
        _draw_marks(svg, [mark for mark in marks if mark.domain in ("", strip.domain)], across, top=top + LABEL)
    if unanswered or lost:
        _draw_unanswered(svg, unanswered, lost, top=bottom + GAP, silent=silent, labels=labels)
    _text(svg, LEFT, height - 4, labels.first, "axis")
    if len(points) > 1:
        _text(svg, RIGHT, height - 4, labels.last, "axis", anchor="end")
    svg.append("</svg>")
    return "".join(svg)


def _places(points: Sequence[Point]) -> Callable[[date], float]:
    """Where a day lies between the left and the right edge; days outside lie at the edges."""
    first, days = points[0].on, (points[-1].on - points[0].on).days

    def across(on: date) -> float:
        share = (on - first).days / days if days else 0.0
        return round(LEFT + MARGIN + min(max(share, 0.0), 1.0) * (RIGHT - LEFT - 2 * MARGIN), 1)

    return across


def _down(fraction: float, *, top: float) -> float:
    return round(top + MARGIN + (1 - min(max(fraction, 0.0), 1.0)) * (STRIP - 2 * MARGIN), 1)


def _draw_strip(svg: Svg, strip: Strip, points: Sequence[Point], *, top: float, labels: Labels) -> None:
    svg.append(f'<g class="{"strip flagged" if strip.since else "strip"}">')
    _text(svg, LEFT, top + LABEL - 5, strip.label, "name")
    top += LABEL
    _rect(svg, LEFT, top, RIGHT - LEFT, STRIP, "plot")
    _text(svg, LEFT - 5, _down(1, top=top) + 4, labels.highest, "scale", anchor="end")
    _text(svg, LEFT - 5, _down(0, top=top) + 4, labels.lowest, "scale", anchor="end")
    if strip.usual is not None:
        low, high = strip.usual
        # a hair wider than the range, so that a range of no width is still seen
        upper, lower = _down(high, top=top) - 1, _down(low, top=top) + 1
        _rect(svg, LEFT, upper, RIGHT - LEFT, lower - upper, "usual")
    if strip.since:
        x = _places(points)(strip.since.on) - DOT - 2  # beside the first changed answer, not through it
        _line(svg, x, top, x, top + STRIP, "since")
        _text(svg, RIGHT, top - 5, strip.since.label, "since-label", anchor="end")
    _draw_answers(svg, strip, points, top=top)
    svg.append("</g>")


def _draw_answers(svg: Svg, strip: Strip, points: Sequence[Point], *, top: float) -> None:
    across = _places(points)
    places = [
        (across(point.on), _down(point.fractions[strip.domain], top=top)) if strip.domain in point.fractions else None
        for point in points
    ]
    for before, after in pairwise(places):
        if before and after:
            _line(svg, *before, *after, "path")
    latest: float | None = None
    for point, place in zip(points, places, strict=True):
        if place:
            changed = strip.since is not None and point.on >= strip.since.on
            _circle(svg, *place, "dot changed" if changed else "dot")
            latest = place[1]
    if latest is not None:
        _text(svg, RIGHT + 7, latest + 4, strip.latest, "latest")


def _draw_marks(svg: Svg, marks: Sequence[Mark], across: Callable[[date], float], *, top: float) -> None:
    bottom = top + STRIP
    for mark in marks:
        x = across(mark.on)
        if mark.kind == MarkKind.VISIT:
            _line(svg, x, top, x, bottom, "visit")
        elif mark.kind == MarkKind.FLAG:
            _polygon(svg, f"{x - MARK:g},{top:g} {x + MARK:g},{top:g} {x:g},{top + 2 * MARK:g}", "flag")
        elif mark.kind == MarkKind.ACTION:
            _rect(svg, x - MARK, bottom - 2 * MARK, 2 * MARK, 2 * MARK, "action")


def _draw_unanswered(
    svg: Svg,
    places: Sequence[float],
    lost: Sequence[float],
    *,
    top: float,
    silent: Since | None,
    labels: Labels,
) -> None:
    """A cross for each without a reply and a diamond for each that did not arrive, on a line of their own: neither
    belongs to any height of the scale.
    """
    svg.append(f'<g class="{"strip flagged" if silent else "strip"}">')
    told = " / ".join(label for label, there in ((labels.no_reply, places), (labels.lost, lost)) if there)
    _text(svg, LEFT, top + LABEL - 5, told, "name")
    if silent:
        _text(svg, RIGHT, top + LABEL - 5, silent.label, "since-label", anchor="end")
    y = top + LABEL + CROSS_ROW / 2
    for x in places:
        _line(svg, x - CROSS, y - CROSS, x + CROSS, y + CROSS, "cross")
        _line(svg, x - CROSS, y + CROSS, x + CROSS, y - CROSS, "cross")
    for x in lost:
        _polygon(svg, f"{x:g},{y - MARK:g} {x + MARK:g},{y:g} {x:g},{y + MARK:g} {x - MARK:g},{y:g}", "lost")
    svg.append("</g>")


def _line(svg: Svg, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
    svg.append(f'<line class="{name}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"></line>')


def _rect(svg: Svg, x: float, y: float, width: float, height: float, name: str) -> None:
    svg.append(f'<rect class="{name}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"></rect>')


def _polygon(svg: Svg, corners: str, name: str) -> None:
    svg.append(f'<polygon class="{name}" points="{corners}"></polygon>')


def _circle(svg: Svg, x: float, y: float, name: str) -> None:
    svg.append(f'<circle class="{name}" cx="{x:g}" cy="{y:g}" r="{DOT:g}"></circle>')


def _text(svg: Svg, x: float, y: float, words: str, name: str, *, anchor: str = "start") -> None:
    place = f'class="{name}" x="{x:g}" y="{y:g}" text-anchor="{anchor}"'
    svg.append(f"<text {place}>{escape(words, quote=False)}</text>")
