"""The figure of a run: for each design a bar of what it lost and a bar of what it doubled."""

# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# matplotlib belongs to the extra of the benchmarks, which is not there where the types are checked
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.losses.counting import Count

WIDTH, ROW = 9.0, 0.42  # inches
BAR = 0.36  # of a row
INK, PAPER, GREY = "black", "white", "0.55"


def draw(counts: Sequence[Count], file: Path) -> None:
    """Bars of percent, told apart by ink and hatching, so that a grey print can be read."""
    figure = Figure(figsize=(WIDTH, 1.2 + ROW * len(counts)), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(counts))
    for word, numbers, offset, color, hatch in (
        ("lost", [count.lost for count in counts], -BAR / 2, GREY, None),
        ("doubled", [count.doubled for count in counts], BAR / 2, PAPER, "////"),
    ):
        words = [_beside(number, count, word) for number, count in zip(numbers, counts, strict=True)]
        shares = [min(100.0, 100 * number / count.of) for number, count in zip(numbers, counts, strict=True)]
        drawn = axes.barh(
            [place + offset for place in places], shares, BAR, edgecolor=INK, color=color, hatch=hatch, label=word
        )
        axes.bar_label(drawn, labels=words, padding=3, fontsize=7)
    axes.set_yticks(list(places), [_label(count) for count in counts], fontsize=8)
    for place, count in zip(places, counts, strict=True):
        axes.get_yticklabels()[place].set_fontweight("bold" if count.ours else "normal")
        if place and count.case != counts[place - 1].case:
            axes.axhline(place - 0.5, color="0.8", linewidth=0.7)
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set_xlim(0, 112)
    axes.set_xlabel("percent of what there was; the number beside a bar is the count, ours in bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", fontsize=8)
    figure.savefig(file, dpi=150, metadata={"Software": None})


def _label(count: Count) -> str:
    return f"{count.case}\n{count.design}"


def _beside(number: int, count: Count, word: str) -> str:
    copies = f" and {count.admitted:,} copies that it admits" if word == "doubled" and count.admitted else ""
    return f"{number:,}{copies}"
