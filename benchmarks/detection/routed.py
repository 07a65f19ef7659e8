"""`python -m benchmarks.detection.routed`: what it costs that answers about the relationship go to somebody else.

Nobody gets a limit of their own: each reader's evidence is judged at the product's limit for the clinic's attention,
once on everything, once without what is about the relationship, once on that alone.
"""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from alliance.course import Course
from alliance.evidence import weigh
from alliance.items import Domain
from alliance.observation import Observation
from alliance.rupture import deep_floor
from benchmarks.detection.alarms import false_alarms, noticed
from benchmarks.detection.judge import JUDGED_ON, unharmed
from benchmarks.detection.ours import ALWAYS, NOTHING, observations
from benchmarks.detection.simulation import BOND, EXPECTED, PROMPTS, SHAPES, Array, Shape, Ward, simulate
from benchmarks.report import Result, as_json, print_table, report
from bot.clinic import read_calibration
from bot.clock import SystemClock

PATIENTS = 600
BUDGET = 0.30
JUDGED = (Shape.STEP, Shape.STEP_LARGE, Shape.WITHDRAWAL, Shape.SILENCE)

Told = Callable[[Observation], Observation | None]


def without_bond(seen: Observation) -> Observation:
    """What the own clinician is told when answers about the relationship go to somebody else."""
    return replace(seen, ratings={d: r for d, r in seen.ratings.items() if d is not Domain.BOND}, bond_elsewhere=True)


def bond_alone(seen: Observation) -> Observation | None:
    """What that other reader is told: nothing of a check-in in which nothing is about the relationship."""
    if not seen.ratings:
        return None
    told = {d: r for d, r in seen.ratings.items() if d is Domain.BOND}
    return replace(seen, ratings=told, words=None, rated_elsewhere=True)


READERS: Mapping[str, Told] = {
    "one reader of everything": lambda seen: seen,
    "own clinician, without the bond": without_bond,
    "another reader, the bond alone": bond_alone,
}


def scores(ward: Ward, told: Told) -> Array:
    """The evidence at each prompt as one reader has it."""
    found = np.full((len(ward.replied), PROMPTS), NOTHING)
    for patient in range(len(ward.replied)):
        course = Course()
        for prompt, seen in enumerate(observations(ward, patient)):
            mine = told(seen) if seen is not None else None
            if mine is None:
                continue
            course = course.after(mine)
            total = weigh(course, points=ward.setting.points).total
            found[patient, prompt] = ALWAYS if deep_floor(course) else max(total, NOTHING)
    return found


def only(ward: Ward, patients: Array) -> Ward:
    """The same ward with some of its patients; what is hidden of them is not needed here."""
    which = patients.astype(bool)
    return replace(
        ward,
        delivered=ward.delivered[which],
        replied=ward.replied[which],
        ratings=ward.ratings[which],
        log_words=ward.log_words[which],
        onset=ward.onset[which],
    )


def measured(patients: int, *, said: Callable[[str], None]) -> list[Result]:
    """False alarms of each reader, and what each notices: falls of the bond alone, and what is about replies."""
    limit = read_calibration().limit(points=EXPECTED.points, budget=BUDGET)
    calm, results = unharmed(EXPECTED, patients), list[Result]()
    drawn = {
        shape: simulate(EXPECTED, shape, patients, np.random.default_rng(JUDGED_ON + 1 + SHAPES.index(shape)))
        for shape in JUDGED
    }
    for name, told in READERS.items():
        said(name)
        value = false_alarms(scores(calm, told), limit)
        results.append(
            Result(name=name, metric=f"false_alarms@0.30, {name}", value=value, unit="per patient in 12 weeks")
        )
        for shape, ward in drawn.items():
            hit = ward.hidden.hit
            is_bond = hit[:, BOND] & (hit.sum(axis=1) == 1)
            harmed = only(ward, is_bond) if shape in {Shape.STEP, Shape.STEP_LARGE} else ward
            metric = f"{shape}{' of the bond' if harmed is not ward else ''}, {name}"
            found = noticed(scores(harmed, told), limit, harmed).sensitivity
            results.append(Result(name=name, metric=metric, value=found, unit="share noticed"))
    return results


def main(
    patients: Annotated[int, typer.Option(help="In each group.", min=1)] = PATIENTS,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Print what each reader notices, and how often for nothing."""
    shown = Console(stderr=True)
    results = measured(patients, said=lambda what: shown.print(f"looking: {what}", style="dim"))
    found = report(results, at=SystemClock().now())
    typer.echo(as_json(found)) if json else print_table(found, Console())


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
