"""The page and the figure of the language benchmark."""
# matplotlib's own types leave some of what it returns unknown.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.language.comments import WRITTEN_FOR_TESTING, WRITTEN_FOR_TRAINING, WRITTEN_IN_SPANISH
from benchmarks.language.fitting import auc, curve, sensitivity
from benchmarks.language.judge import TARGETS, Judged
from benchmarks.language.trials import ANOTHER_KIND, BASELINES, SERVICES, WITHOUT_WRITTEN, Trial, Trials
from benchmarks.report import Report

PICTURE = "language.svg"
_SAID = {"any_concern": "any concern", "bond_negative": "bond and negative", "task_negative": "task and negative"}
_HEAD = f"| tried on | by | comments | {' | '.join(_SAID.values())} |\n|---|---|---:|---:|---:|---:|"


def page(found: Report, tried: Trials) -> str:
    """The page: what was tried, the figures, and what they do not show."""
    return f"""# The words of a message

How well the rules and the model of [rupture language](../language.md) tell comments that voice a concern from others,
where they were not learned. Each cell: AUC, and the share found when 5 % of the others are flagged as well.

The comments are those of patients of an NHS ambulance and transport service (Friends and Family Test) in the public
repository `CDU-data-science-team/pxtextmining`, MIT licence, © 2021 NHS England; the project keeps numbers learned from
them and no comment. *Negative* is a sentiment of 4 or 5 of 5. *Any concern* is the highest of the three scores.

## Whole services held out

Learned from the other services (and from the comments written for training), judged on one that was never seen:

{_HEAD}
{_rows(tried, SERVICES)}

![How many are found at each rate of false positives]({PICTURE})

## Another kind of service

Learned only from the comments written for training, of mental health, primary and hospital care, and judged on the
given ones, of which nothing was learned: another kind of service, and other people's words and labels.

{_HEAD}
{_rows(tried, ANOTHER_KIND)}

## Held out otherwise

Whole questions, and respondents (in five groups); learned from the rest.

{_HEAD}
{_rows(tried, "questions")}
{_rows(tried, "respondents")}

## Comments written for this project

{_count(WRITTEN_FOR_TESTING)} English comments as patients of mental health, primary and hospital care write them,
set down before any word list existed; {_count(WRITTEN_FOR_TRAINING)} others are learned from. The
{_count(WRITTEN_IN_SPANISH)} Spanish ones were written after the Spanish lists. The same hand wrote comments, lists and
labels, so these figures say that nothing is broken, and not how well the words of strangers are read.

{_HEAD}
{_rows(tried, "written")}
{_rows(tried, "spanish")}

## Speed and size

{tried.messages_per_second:,.0f} messages a second on one core, markers included.
The numbers take {tried.model_kib:.0f} KiB.

## What these figures do not show

- The services held out belong to one organisation; another kind of care may well differ more.
- How strongly to regularise, and some words of the lists, were chosen with these figures, and what was scored wrongly,
  in sight.
- The written comments teach the model as well; without them, services held out, it reaches
  {_without(tried)}.
- No comment was labelled for *goal*: that score follows hand-set lists and rules, and nothing here measures it.
- Spanish weighs its lists by what the English ones taught; no Spanish comments of real patients were at hand.
- A comment on a service is not a sentence to one's own clinician. The phrase rules were written for the latter.

{found.machine}; commit {found.commit or "unknown"}; {found.at:%Y-%m-%d %H:%M} UTC

Repeat it with `./checkin bench language --comments CSV`; `--quick` holds out services only.
"""


def as_picture(tried: Trials, file: Path) -> None:
    """One panel a target: how many are found at each rate of false positives, services held out."""
    mpl.rcParams["svg.hashsalt"] = "language"  # the same figures make the same file
    figure = Figure(figsize=(10, 3.6), layout="constrained")
    for place, target in enumerate(TARGETS, start=1):
        axes = figure.add_subplot(1, len(TARGETS), place)
        for trial in tried.trials:
            if trial.name == SERVICES and trial.method in {"ours", *BASELINES}:
                labels, scores = trial.whole.labels[target], trial.whole.scores[target]
                false, true = curve(labels, scores)
                axes.plot(false, true, label=f"{trial.method} {auc(labels, scores):.3f}", lw=2 if trial.is_ours else 1)
        axes.axvline(0.05, color="grey", lw=0.5)
        axes.set(title=_SAID[target], xlabel="others flagged", ylabel="found" if place == 1 else "")
        axes.legend(loc="lower right", fontsize=8)
    figure.savefig(file, metadata={"Date": None})


def _rows(tried: Trials, name: str) -> str:
    rows: list[str] = []
    for trial in tried.trials:
        if trial.name == name:
            parts: Sequence[Judged] = trial.parts if trial.is_ours and name == SERVICES else ()
            rows += [_row(trial, part) for part in (*parts, trial.whole)]
    return "\n".join(rows)


def _row(trial: Trial, part: Judged) -> str:
    cells = (
        f"{auc(part.labels[target], part.scores[target]):.3f}, "
        f"{sensitivity(part.labels[target], part.scores[target]):.2f}"
        for target in TARGETS
    )
    by = f"**{trial.method}**" if trial.is_ours else trial.method
    return f"| {part.held_out} | {by} | {len(part.labels['any_concern']):,} | {' | '.join(cells)} |"


def _without(tried: Trials) -> str:
    """What the model reaches on held-out services when it has learned from given comments only."""
    (trial,) = (trial for trial in tried.trials if trial.method == WITHOUT_WRITTEN)
    return ", ".join(
        f"{auc(trial.whole.labels[target], trial.whole.scores[target]):.3f} ({said})" for target, said in _SAID.items()
    )


def _count(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines()) - 1
