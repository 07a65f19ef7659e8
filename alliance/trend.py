"""A patient's answers over time as a small picture: one strip for each domain, drawn as inline SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element, SubElement, tostring  # writes only, so nothing foreign is parsed

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
    size = {"viewBox": f"0 0 {WIDTH} {height}", "width": f"{WIDTH}", "height": f"{height}"}
    svg = Element("svg", {"class": "trend", **size, "role": "img", "aria-label": labels.described})
    for number, strip in enumerate(strips):
        top = number * (LABEL + STRIP + GAP)
        _draw_strip(svg, strip, points, top=top, labels=labels)
        _draw_marks(svg, [mark for mark in marks if mark.domain in ("", strip.domain)], across, top=top + LABEL)
    if unanswered or lost:
        _draw_unanswered(svg, unanswered, lost, top=bottom + GAP, silent=silent, labels=labels)
    _text(svg, LEFT, height - 4, labels.first, "axis")
    if len(points) > 1:
        _text(svg, RIGHT, height - 4, labels.last, "axis", anchor="end")
    return tostring(svg, encoding="unicode", short_empty_elements=False)


def _places(points: Sequence[Point]) -> Callable[[date], float]:
    """Where a day lies between the left and the right edge; days outside lie at the edges."""
    first, days = points[0].on, (points[-1].on - points[0].on).days

    def across(on: date) -> float:
        share = (on - first).days / days if days else 0.0
        return round(LEFT + MARGIN + min(max(share, 0.0), 1.0) * (RIGHT - LEFT - 2 * MARGIN), 1)

    return across


def _down(fraction: float, *, top: float) -> float:
    return round(top + MARGIN + (1 - min(max(fraction, 0.0), 1.0)) * (STRIP - 2 * MARGIN), 1)


def _draw_strip(svg: Element, strip: Strip, points: Sequence[Point], *, top: float, labels: Labels) -> None:
    group = SubElement(svg, "g", {"class": "strip flagged" if strip.since else "strip"})
    _text(group, LEFT, top + LABEL - 5, strip.label, "name")
    top += LABEL
    _rect(group, top, top + STRIP, "plot")
    _text(group, LEFT - 5, _down(1, top=top) + 4, labels.highest, "scale", anchor="end")
    _text(group, LEFT - 5, _down(0, top=top) + 4, labels.lowest, "scale", anchor="end")
    if strip.usual is not None:
        low, high = strip.usual
        # a hair wider than the range, so that a range of no width is still seen
        _rect(group, _down(high, top=top) - 1, _down(low, top=top) + 1, "usual")
    if strip.since:
        x = _places(points)(strip.since.on) - DOT - 2  # beside the first changed answer, not through it
        _line(group, x, top, x, top + STRIP, "since")
        _text(group, RIGHT, top - 5, strip.since.label, "since-label", anchor="end")
    _draw_answers(group, strip, points, top=top)


def _draw_answers(group: Element, strip: Strip, points: Sequence[Point], *, top: float) -> None:
    across = _places(points)
    places = [
        (across(point.on), _down(point.fractions[strip.domain], top=top)) if strip.domain in point.fractions else None
        for point in points
    ]
    for before, after in pairwise(places):
        if before and after:
            _line(group, *before, *after, "path")
    latest: float | None = None
    for point, place in zip(points, places, strict=True):
        if place:
            changed = strip.since is not None and point.on >= strip.since.on
            _circle(group, *place, "dot changed" if changed else "dot")
            latest = place[1]
    if latest is not None:
        _text(group, RIGHT + 7, latest + 4, strip.latest, "latest")


def _draw_marks(svg: Element, marks: Sequence[Mark], across: Callable[[date], float], *, top: float) -> None:
    bottom = top + STRIP
    for mark in marks:
        x = across(mark.on)
        if mark.kind == MarkKind.VISIT:
            _line(svg, x, top, x, bottom, "visit")
        elif mark.kind == MarkKind.FLAG:
            corners = f"{x - MARK:g},{top:g} {x + MARK:g},{top:g} {x:g},{top + 2 * MARK:g}"
            SubElement(svg, "polygon", {"class": "flag", "points": corners})
        elif mark.kind == MarkKind.ACTION:
            place = {"x": f"{x - MARK:g}", "y": f"{bottom - 2 * MARK:g}"}
            SubElement(svg, "rect", {"class": "action", **place, "width": f"{2 * MARK:g}", "height": f"{2 * MARK:g}"})


def _draw_unanswered(
    svg: Element,
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
    group = SubElement(svg, "g", {"class": "strip flagged" if silent else "strip"})
    told = " / ".join(label for label, there in ((labels.no_reply, places), (labels.lost, lost)) if there)
    _text(group, LEFT, top + LABEL - 5, told, "name")
    if silent:
        _text(group, RIGHT, top + LABEL - 5, silent.label, "since-label", anchor="end")
    y = top + LABEL + CROSS_ROW / 2
    for x in places:
        _line(group, x - CROSS, y - CROSS, x + CROSS, y + CROSS, "cross")
        _line(group, x - CROSS, y + CROSS, x + CROSS, y - CROSS, "cross")
    for x in lost:
        corners = f"{x:g},{y - MARK:g} {x + MARK:g},{y:g} {x:g},{y + MARK:g} {x - MARK:g},{y:g}"
        SubElement(group, "polygon", {"class": "lost", "points": corners})


def _line(parent: Element, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
    place = {"x1": f"{x1:g}", "y1": f"{y1:g}", "x2": f"{x2:g}", "y2": f"{y2:g}"}
    SubElement(parent, "line", {"class": name, **place})


def _rect(parent: Element, top: float, bottom: float, name: str) -> None:
    place = {"x": f"{LEFT}", "y": f"{top:g}", "width": f"{RIGHT - LEFT}", "height": f"{bottom - top:g}"}
    SubElement(parent, "rect", {"class": name, **place})


def _circle(parent: Element, x: float, y: float, name: str) -> None:
    SubElement(parent, "circle", {"class": name, "cx": f"{x:g}", "cy": f"{y:g}", "r": f"{DOT:g}"})


def _text(parent: Element, x: float, y: float, words: str, name: str, *, anchor: str = "start") -> None:
    text = SubElement(parent, "text", {"class": name, "x": f"{x:g}", "y": f"{y:g}", "text-anchor": anchor})
    text.text = words
