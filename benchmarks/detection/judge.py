"""Every method calibrated alike on one seed, and judged on others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.detection.alarms import BUDGETS, Noticed, expected_ppv, false_alarms, limit_for, noticed, raised
from benchmarks.detection.ceiling import scores_of_ceiling
from benchmarks.detection.ours import scores_of_ours
from benchmarks.detection.published import RULES, scores_of
from benchmarks.detection.simulation import SHAPES, SHIFTS, Array, Setting, Shape, Ward, simulate

CALIBRATED_ON, JUDGED_ON = 1, 1000  # seeds; each shape and stress case has one of its own from there on
OURS, CEILING = "ours", "ceiling: everything known"
Method = Callable[[Ward], Array]
METHODS: Mapping[str, Method] = {
    **{name: (lambda ward, rule=rule: scores_of(rule, ward)) for name, rule in RULES.items()},
    OURS: scores_of_ours,
    CEILING: scores_of_ceiling,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Size:
    """How many patients: to whom nothing happens, and to whom each of the shapes happens."""

    unharmed: int
    each_shape: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One method at one budget of false alarms."""

    method: str
    budget: float
    limit: float
    false: float  # alarms per patient in twelve weeks, on a seed it was not calibrated on
    shapes: Mapping[Shape, Noticed]

    @property
    def mean(self) -> float:
        """Sensitivity over the seven shapes."""
        return float(np.mean([found.sensitivity for found in self.shapes.values()]))

    @property
    def shift(self) -> float:
        """Sensitivity over the five that shift the score."""
        return float(np.mean([self.shapes[shape].sensitivity for shape in SHIFTS]))

    @property
    def delay(self) -> float:
        """Prompts from the onset to the alarm, a median of the shapes' medians."""
        return float(np.nanmedian([found.delay for found in self.shapes.values()]))

    @property
    def ppv(self) -> float:
        """The share of flags that mean something at a prevalence of a quarter."""
        return expected_ppv(self.mean, self.false)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wards:
    """The simulated patients of one setting."""

    calibration: Ward
    unharmed: Ward
    shapes: Mapping[Shape, Ward]


def wards(setting: Setting, size: Size) -> Wards:
    """Draw them: the calibration from its own seed, everybody else from unseen ones."""
    return Wards(
        calibration=simulate(setting, Shape.NOTHING, size.unharmed, np.random.default_rng(CALIBRATED_ON)),
        unharmed=unharmed(setting, size.unharmed),
        shapes={
            shape: simulate(setting, shape, size.each_shape, np.random.default_rng(JUDGED_ON + 1 + nth))
            for nth, shape in enumerate(SHAPES)
        },
    )


def unharmed(setting: Setting, patients: int) -> Ward:
    """Patients to whom nothing happens, of a seed that nothing is calibrated on."""
    return simulate(setting, Shape.NOTHING, patients, np.random.default_rng(JUDGED_ON))


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """One method's scores of everybody."""

    calibration: Array
    unharmed: Array
    shapes: Mapping[Shape, Array]


def scored(method: Method, drawn: Wards) -> Scored:
    """Let a method look at everybody."""
    return Scored(
        calibration=method(drawn.calibration),
        unharmed=method(drawn.unharmed),
        shapes={shape: method(ward) for shape, ward in drawn.shapes.items()},
    )


def judged(name: str, scores: Scored, drawn: Wards, budgets: Sequence[float] = BUDGETS) -> list[Judged]:
    """What a method notices at each budget."""
    found: list[Judged] = []
    for budget in budgets:
        limit = limit_for(budget, scores.calibration)
        found.append(
            Judged(
                method=name,
                budget=budget,
                limit=limit,
                false=false_alarms(scores.unharmed, limit),
                shapes={shape: noticed(scores.shapes[shape], limit, ward) for shape, ward in drawn.shapes.items()},
            )
        )
    return found


def spread_of_false(scores: Array, limit: float) -> float:
    """Standard error of the false alarms per patient."""
    each = raised(scores, limit).sum(axis=1)
    return float(each.std() / np.sqrt(len(each)))


def with_points(setting: Setting, points: int) -> Setting:
    """The same clinic with another scale."""
    return replace(setting, name=f"{points} points", points=points)
