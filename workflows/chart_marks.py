"""The marks of a chart, each of a shape of its own, so that no difference rests on colour."""
# matplotlib's own types are partial
# pyright: reportUnknownMemberType=false

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes

from alliance.marks import MarkKind

PAPER, INK, SOFT, RULE = "#fdfcf9", "#1b1f22", "#565d63", "#c9c5bb"
BAND, BAND_EDGE, ACCENT = "#d3e2dd", "#86a69f", "#1d5e5a"
VISIT_DASHES, SINCE_DASHES = (0, (0.6, 1.6)), (0, (3, 2))


def dots(area: Axes, places: Sequence[tuple[float, float]], *, are_full: bool = False) -> None:
    """Answers, all at once; filled from the day of the change on, and none where the height is not a number."""
    face, edge, size = (INK, INK, 3.6) if are_full else (PAPER, SOFT, 3.0)
    area.plot(
        [x for x, _ in places], [y for _, y in places], marker="o", markersize=size, markerfacecolor=face,
        markeredgecolor=edge, markeredgewidth=0.9, linestyle="none", clip_on=False, zorder=4,
    )  # fmt: skip


def dot(area: Axes, x: float, y: float, *, is_full: bool = False) -> None:
    """One answer."""
    dots(area, [(x, y)], are_full=is_full)


def cross(area: Axes, x: float, y: float) -> None:
    """A check-in without an answer: unknown."""
    _mark(area, x, y, "x", size=3.6, face=INK, edge=INK)


def diamond(area: Axes, x: float, y: float) -> None:
    """A check-in that did not arrive: unknown too, and not the patient's doing."""
    _mark(area, x, y, "D", size=3.0, face=PAPER, edge=INK)


def triangle(area: Axes, x: float, y: float) -> None:
    """Something was flagged."""
    _mark(area, x, y, "v", size=5.0, face=ACCENT, edge=PAPER)


def square(area: Axes, x: float, y: float) -> None:
    """Something was done about a flag."""
    _mark(area, x, y, "s", size=4.0, face=PAPER, edge=ACCENT, width=1.2)


def _mark(area: Axes, x: float, y: float, shape: str, *, size: float, face: str, edge: str, width: float = 0.9) -> None:
    area.plot(
        [x], [y], marker=shape, markersize=size, markerfacecolor=face, markeredgecolor=edge, markeredgewidth=width,
        linestyle="none", clip_on=False, zorder=4,
    )  # fmt: skip


def _swatch(area: Axes, x: float, y: float) -> None:
    area.fill_between([x - 5, x + 5], [y - 4, y - 4], [y + 4, y + 4], color=BAND, linewidth=0)
    for end in (y - 4, y + 4):
        area.plot([x - 5, x + 5], [end, end], color=BAND_EDGE, linewidth=0.5)


def _dashed(area: Axes, x: float, y: float) -> None:
    area.plot([x - 4, x - 4], [y - 6, y + 6], color=INK, linewidth=0.9, linestyle=SINCE_DASHES)
    dot(area, x + 2, y, is_full=True)


def _dotted(area: Axes, x: float, y: float) -> None:
    area.plot([x, x], [y - 6, y + 6], color=SOFT, linewidth=1.1, linestyle=VISIT_DASHES)


def _rules(area: Axes, x: float, y: float) -> None:
    for end in (y - 5, y + 5):
        area.plot([x - 5, x + 5], [end, end], color=RULE, linewidth=0.9)


SIGNS: dict[str, Callable[[Axes, float, float], None]] = {
    "scale": _rules,
    "answer": dot,
    "usual": _swatch,
    "changed": _dashed,
    "no_reply": cross,
    MarkKind.VISIT: _dotted,
    MarkKind.FLAG: triangle,
    MarkKind.ACTION: square,
    MarkKind.LOST: diamond,
}
