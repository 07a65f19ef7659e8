"""`python -m benchmarks.detection.words --comments CSV`: what reading the words costs in false flags.

Simulated patients to whom nothing happens write, beside their ratings, what real people wrote without a concern; each
comment is scored by a model that has never seen its service. The limits are the product's own, made without words.
"""

# numpy and matplotlib leave parts of their types open
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from alliance.course import Course
from alliance.evidence import spoken, weigh
from alliance.heard import Heard
from alliance.language import LanguageRules
from alliance.listening import listen, listened
from alliance.observation import Observation
from alliance.rupture import deep_floor
from benchmarks.detection.alarms import false_alarms
from benchmarks.detection.judge import unharmed
from benchmarks.detection.ours import ALWAYS, NOTHING, observations
from benchmarks.detection.simulation import EXPECTED, PROMPTS, Array, Ward
from benchmarks.language.comments import (
    VARIABLE,
    WRITTEN_FOR_TRAINING,
    CannotRead,
    Comment,
    read_comments,
    read_written,
)
from benchmarks.language.read import read
from benchmarks.language.train import learn
from benchmarks.report import Result, as_json, print_table, report
from bot.clinic import read_calibration
from bot.clock import SystemClock
from bot.phrases import shipped_language

PATIENTS = 1500
BUDGETS = (0.15, 0.30)
WRITES = (0.25, 1.0)  # share of replies with a sentence: as in the demo, and somebody who always writes
DRAWN_ON = 77  # seed of who writes what


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """What was heard in a sentence, and whether it voices a concern about the people or the treatment."""

    comment: Comment
    appeasing: bool | None  # None: there was nothing to read
    heard: tuple[Heard, ...]


def remarks(comments: Sequence[Comment]) -> list[Remark]:
    """What the rules hear in every comment, its whole service held out of the model."""
    written, shipped = read_written(WRITTEN_FOR_TRAINING), shipped_language()
    found: list[Remark] = []
    for service in sorted({comment.service for comment in comments}):
        others = [*(one for one in comments if one.service != service), *written]
        unseen = replace(shipped, model=learn(others, read(others)))
        found += [_remark(comment, unseen) for comment in comments if comment.service == service]
    return found


def _remark(comment: Comment, rules: LanguageRules) -> Remark:
    heard = listened(listen(comment.text, rules, language="en"), message=1)
    return Remark(comment=comment, appeasing=heard.appeasing if heard else None, heard=heard.heard if heard else ())


def scores(ward: Ward, said: Sequence[Remark], *, writes: float) -> Array:
    """The evidence at each prompt when that share of the replies comes with one of these sentences."""
    chance = np.random.default_rng(DRAWN_ON)
    found = np.full((len(ward.replied), PROMPTS), NOTHING)
    for patient in range(len(ward.replied)):
        course = Course()
        for prompt, seen in enumerate(observations(ward, patient)):
            remark = said[int(chance.integers(len(said)))]
            is_written = chance.random() < writes
            if seen is None:
                continue
            course = course.after(_with(seen, remark) if is_written and seen.replied else seen)
            total = weigh(course, points=ward.setting.points).total
            found[patient, prompt] = ALWAYS if deep_floor(course) else max(total, NOTHING)
    return found


def _with(seen: Observation, remark: Remark) -> Observation:
    return replace(seen, appeasing=remark.appeasing, heard=remark.heard)


def measured(comments: Sequence[Comment], *, patients: int, said: Callable[[str], None]) -> list[Result]:
    """False alarms per patient in twelve weeks, without words and with them, and how often words alone are told."""
    said("learning without each service")
    known = remarks(comments)
    calm = [remark for remark in known if not remark.comment.concern]
    voicing = [remark for remark in known if remark.comment.bond_concern or remark.comment.task_concern]
    ward = unharmed(EXPECTED, patients)
    marked = sum(bool(remark.heard) for remark in calm) / len(calm)
    brief = sum(bool(remark.appeasing) for remark in calm) / len(calm)
    results = [
        Result(name="ours", metric="comments_without_a_concern", value=len(calm), unit="comments"),
        Result(name="ours", metric="marked_without_a_concern", value=marked, unit="share of comments"),
        Result(name="ours", metric="appeasing_without_a_concern", value=brief, unit="share of comments"),
    ]
    for budget in BUDGETS:
        limit = read_calibration().limit(points=EXPECTED.points, budget=budget)
        for name, those in (("told_with_a_concern", voicing), ("told_without_a_concern", calm)):
            share = sum(spoken(remark.heard) >= limit for remark in those) / len(those)
            results.append(Result(name="ours", metric=f"{name}@{budget:.2f}", value=share, unit="share of comments"))
    for writes in (0.0, *WRITES):
        said(f"{writes:.0%} of replies with a sentence")
        found = scores(ward, calm, writes=writes)
        for budget in BUDGETS:
            limit = read_calibration().limit(points=EXPECTED.points, budget=budget)
            metric = f"false_alarms@{budget:.2f}, {writes:.0%} write"
            value = false_alarms(found, limit)
            results.append(Result(name="ours", metric=metric, value=value, unit="per patient in 12 weeks"))
    return results


def main(
    comments: Annotated[Path | None, typer.Option(envvar=VARIABLE, help="Labelled comments, a CSV file.")] = None,
    patients: Annotated[int, typer.Option(help="To whom nothing happens.", min=1)] = PATIENTS,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Print what reading the words costs in false flags."""
    shown = Console(stderr=True)
    try:
        known = read_comments(comments)
    except CannotRead as error:
        shown.print(f"bench detection.words: {error}", markup=False, highlight=False)
        raise typer.Exit(2) from None
    results = measured(known, patients=patients, said=lambda what: shown.print(f"looking: {what}", style="dim"))
    found = report(results, at=SystemClock().now())
    typer.echo(as_json(found)) if json else print_table(found, Console())


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(main)
    app()
