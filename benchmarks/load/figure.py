"""The figure of a run: for each thing people wait for, how many waited no longer than so many seconds."""

# pyright: reportMissingImports=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# matplotlib belongs to the extra of the benchmarks, which is not there where the types are checked
from pathlib import Path

from matplotlib.figure import Figure

from benchmarks.load.page import people_wait
from benchmarks.load.run import Found

WIDTH, HEIGHT = 9.0, 4.5  # inches
LINES = ("-", "--", "-.", ":", (0, (1, 3)))  # told apart in a grey print
SHORTEST = 1e-3  # seconds; a logarithm knows no zero
STORE_LINE, CRISIS_LINE = 0.25, 2.0  # seconds


def draw(found: Found, file: Path) -> None:
    """One curve for each wait, over seconds on a logarithmic axis, with the two pass lines."""
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.add_subplot()
    for (label, values), line in zip(people_wait(found.steady), LINES, strict=True):
        waited = sorted(max(value, SHORTEST) for value in values)
        shares = [100 * number / len(waited) for number in range(1, len(waited) + 1)]
        axes.step(waited, shares, where="post", color="black", linestyle=line, label=f"{label} ({len(waited):,})")
    for limit, label in ((STORE_LINE, "store p99"), (CRISIS_LINE, "crisis p99")):
        axes.axvline(limit, color="0.7", linewidth=0.8)
        axes.text(limit, 2, f" {label}", rotation=90, fontsize=7, color="0.4", va="bottom", ha="left")
    axes.axhline(99, color="0.7", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_ylim(0, 101)
    axes.set_xlabel("seconds")
    axes.set_ylabel("percent that waited no longer")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", fontsize=8)
    figure.savefig(file, dpi=150, metadata={"Software": None})
