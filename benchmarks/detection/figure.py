"""The benchmark as a picture: what each method notices, shape by shape."""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.detection.judge import CEILING, OURS, Judged
from benchmarks.detection.simulation import SHAPES
from benchmarks.report import ROOT

PICTURE = ROOT / "docs" / "pictures" / "detection.svg"
SHOWN = ("fixed cut-off", "EWMA", "shrunken z", "Bayesian change point", OURS, CEILING)
_COLOURS = ("#b8b8b8", "#8aa4c8", "#7ab8b0", "#c0a878", "#b03a2e", "#404040")


def draw(judged: Sequence[Judged], *, budget: float, file: Path = PICTURE) -> None:
    """Write the picture as SVG, the same for the same numbers."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "detection"  # names of parts that do not change from run to run
    figure, axes = plt.subplots(figsize=(9, 3.8), layout="constrained")
    methods = [one for name in SHOWN for one in judged if one.method == name and one.budget == budget]
    width = 0.8 / len(methods)
    for nth, (one, colour) in enumerate(zip(methods, _COLOURS, strict=True)):
        heights = [one.shapes[shape].sensitivity for shape in SHAPES]
        places = [place + (nth - (len(methods) - 1) / 2) * width for place in range(len(SHAPES))]
        axes.bar(places, heights, width, label=f"{one.method} ({one.mean:.2f})", color=colour)
    axes.set_xticks(range(len(SHAPES)), [str(shape) for shape in SHAPES])
    axes.set_ylim(0, 1)
    axes.set_ylabel("noticed (share)")
    axes.set_title(
        f"Noticed at {budget:.2f} false alarms per patient in twelve weeks (mean of the shapes)", fontsize=10
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=8, ncols=3, frameon=False, loc="upper left")
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)
