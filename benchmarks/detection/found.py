"""What a run of the detection benchmark found, as results, tables and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.detection.judge import CEILING, OURS, Judged
from benchmarks.detection.simulation import SHAPES, Shape
from benchmarks.report import Result

HEADLINE = 0.30
TOLERATED = 0.2  # of the budget, up or down, in a stress case


@dataclass(frozen=True, kw_only=True, slots=True)
class Stress:
    """False alarms per patient in a clinic that is not as expected, at the limit of the expected one."""

    name: str
    false: float
    error: float  # standard

    @property
    def is_within(self) -> bool:
        """Whether they stay near the budget."""
        return abs(self.false - HEADLINE) <= TOLERATED * HEADLINE


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Everything one run found."""

    methods: Sequence[Judged]
    without_lengths: Sequence[Judged]  # ours, as on a file of ratings
    resolutions: Mapping[int, Sequence[Judged]]
    stress: Sequence[Stress]
    low_starts: float  # quiet floor lines per patient in twelve weeks, outside the budget
    microseconds: float  # one evaluation of two years

    def ours(self, budget: float) -> Judged:
        """What ours noticed at that budget."""
        return next(one for one in self.methods if one.method == OURS and one.budget == budget)


def results(found: Found) -> list[Result]:
    """The numbers for programs, by the names that are promised."""
    return [
        *(result for one in found.methods for result in _of(one)),
        *(
            result
            for points, judged in found.resolutions.items()
            for one in judged
            for result in _of(one, suffix=f", {points} points")
        ),
        *(result for one in found.without_lengths for result in _of(one, suffix=", ratings alone")),
        *(
            Result(name=f"ours, {case.name}", metric=f"false_alarms@{HEADLINE:.2f}", value=case.false, unit=_PER)
            for case in found.stress
        ),
        Result(name=OURS, metric="quiet_floor_lines", value=found.low_starts, unit=_PER),
        Result(name=OURS, metric="evaluation_of_two_years", value=found.microseconds, unit="microseconds"),
    ]


_PER = "per patient in 12 weeks"


def _of(one: Judged, *, suffix: str = "") -> Iterator[Result]:
    values = {
        "mean_sensitivity": one.mean,
        "score_shift_sensitivity": one.shift,
        "silence_sensitivity": one.shapes[Shape.SILENCE].sensitivity,
        "withdrawal_sensitivity": one.shapes[Shape.WITHDRAWAL].sensitivity,
        "false_alarms": one.false,
        "ppv": one.ppv,
        "delay_prompts": one.delay,
    }
    units = {"false_alarms": _PER, "delay_prompts": "prompts"}
    for metric, value in values.items():
        yield Result(
            name=one.method + suffix,
            ours=one.method == OURS,
            metric=f"{metric}@{one.budget:.2f}",
            value=value,
            unit=units.get(metric, "share"),
        )


def methods_table(judged: Sequence[Judged], budget: float) -> str:
    """All methods side by side at one budget, as Markdown."""
    head = ["method", *(str(shape) for shape in SHAPES), "mean", "shifts", "false", "PPV", "delay"]
    rows = [
        [
            f"**{one.method}**" if one.method == OURS else one.method,
            *(f"{one.shapes[shape].sensitivity:.2f}" for shape in SHAPES),
            f"{one.mean:.3f}",
            f"{one.shift:.3f}",
            f"{one.false:.2f}",
            f"{one.ppv:.2f}",
            f"{one.delay:.0f}",
        ]
        for one in judged
        if one.budget == budget
    ]
    return _markdown(head, rows)


def resolution_table(found: Found) -> str:
    """What the points of a scale buy, as Markdown."""
    head = ["points", "budget", "mean", "shifts", "withdrawal", "silence", "false"]
    rows = [
        [
            str(points),
            f"{one.budget:.2f}",
            f"{one.mean:.3f}",
            f"{one.shift:.3f}",
            f"{one.shapes[Shape.WITHDRAWAL].sensitivity:.2f}",
            f"{one.shapes[Shape.SILENCE].sensitivity:.2f}",
            f"{one.false:.2f}",
        ]
        for points, judged in sorted(found.resolutions.items())
        for one in judged
    ]
    return _markdown(head, rows)


def stress_table(found: Found) -> str:
    """False alarms in clinics that are not as expected, as Markdown."""
    rows = [
        [case.name, f"{case.false:.2f}", f"{case.error:.2f}", "yes" if case.is_within else "**no**"]
        for case in found.stress
    ]
    return _markdown(["clinic", "false alarms", "standard error", "within 20 %"], rows)


def sentences(found: Found) -> str:
    """The figures to reach beside those reached, in words."""
    ours, strict = found.ours(0.30), found.ours(0.15)
    rivals = [one for one in found.methods if one.method not in (OURS, CEILING) and one.budget == HEADLINE]
    silence = ours.shapes[Shape.SILENCE].sensitivity
    withdrawal = ours.shapes[Shape.WITHDRAWAL].sensitivity
    best = max(rivals, key=lambda one: one.shift)
    lines = [
        f"- Mean sensitivity of the seven shapes: {ours.mean:.3f} at .30 and {strict.mean:.3f} at .15.",
        f"- Pure score shifts at .30: {ours.shift:.3f}; the best single-channel rule ({best.method}) {best.shift:.3f}.",
        f"- At .30: silence {silence:.2f}, withdrawal {withdrawal:.2f}.",
        f"- Quiet floor lines (half the range, outside the budget): {found.low_starts:.2f} per patient in 12 weeks.",
        f"- One evaluation of a patient with two years of answers: {found.microseconds:.0f} microseconds.",
    ]
    return "\n".join(lines)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
