"""Learns what each sign and word weighs; `python -m benchmarks.language.train` writes alliance/weights/concern.json.

Strong regularisation on purpose: the words are to be read in services they were not learned in. What only one kind of
service would say is left out, and the hand-written lists weigh more freely than single words.
"""

import json
import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from alliance.concern_model import FORMAT, HEADS, ConcernModel, read_model
from alliance.word_weights import grams
from benchmarks.language.comments import (
    VARIABLE,
    WRITTEN_FOR_TRAINING,
    CannotRead,
    Comment,
    read_comments,
    read_written,
)
from benchmarks.language.fitting import Fitted, fit
from benchmarks.language.read import Read, read

WEIGHTS = Path(__file__).parent.parent.parent / "alliance" / "weights" / "concern.json"
FEWEST_COMMENTS, FEWEST_SERVICES = 4, 2  # that must use a word before it is learned
# What an ambulance, transport or telephone service says of itself; elsewhere it means nothing.
ONLY_THERE = frozenset(
    [
        *("ambulance", "ambulances", "paramedic", "paramedics", "crew", "crews", "driver", "drivers"),
        *("drive", "driving", "transport", "taxi", "taxis", "vehicle", "vehicles", "journey"),
        *("journeys", "111", "999", "handler", "handlers", "operator", "operators", "dispatch"),
        *("dispatched", "arrive", "arrived", "arrival", "pick", "picked", "collect", "collected"),
        *("drop", "dropped", "home", "seat", "seatbelt", "wheelchair", "bus", "minibus"),
        *("neas", "pts", "call", "calls", "called", "phoned", "rang"),
    ]
)
# No comment was labelled for goals: these are set by hand. Lists and rules decide, words add nothing.
GOAL_FROM = -2.0
GOAL_BY_HAND = {
    "no_progress": 1.5,
    "no_progress_badly": 1.0,
    "aims_badly": 0.7,
    "withdrawal_goal": 2.5,
    "confrontation_goal": 2.5,
}
SOURCE = (
    "Weights learned from comments of patients of an NHS ambulance and transport service (Friends and Family Test) in "
    "the public repository CDU-data-science-team/pxtextmining, MIT licence, © 2021 NHS England, and from comments "
    "written for this project; no comment is contained."
)


def learn(comments: Sequence[Comment], reads: Sequence[Read]) -> ConcernModel:
    """The model that these comments teach, exactly as the product will read it."""
    return read_model(as_text(comments, reads))


def as_text(comments: Sequence[Comment], reads: Sequence[Read]) -> str:
    """The model as JSON, one sign or word a line."""
    known = vocabulary(comments, reads)
    concern = fit(reads, [comment.concern for comment in comments], known)
    bond = _mean(
        fit(reads, [comment.bond_concern for comment in comments], known),
        fit(reads, [comment.bond for comment in comments], known),
    )
    task = _mean(
        fit(reads, [comment.task_concern for comment in comments], known),
        fit(reads, [comment.task for comment in comments], known),
    )
    heads = (concern, bond, task, Fitted(GOAL_FROM, GOAL_BY_HAND, {}))
    names = sorted({name for head in heads for name in head.signs})
    signs = {name: [_short(head.signs.get(name, 0.0)) for head in heads] for name in names}
    words = {
        gram: [_short(rarity), *(_short(head.grams.get(gram, 0.0)) for head in heads)]
        for gram, rarity in sorted(concern.rarity.items())
    }
    top = {
        "format": FORMAT,
        "version": "1",
        "source": SOURCE,
        "heads": list(HEADS),
        "intercepts": [_short(head.intercept) for head in heads],
    }
    opening = json.dumps(top, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{opening},\n "signs": {{\n{_lines(signs)}\n }},\n "grams": {{"en": {{\n{_lines(words)}\n }}}}\n}}\n'


def vocabulary(comments: Sequence[Comment], reads: Sequence[Read]) -> list[str]:
    """The words and pairs that several comments of several services use, without what only some would say."""
    times: Counter[str] = Counter()
    services: defaultdict[str, set[str]] = defaultdict(set)
    for comment, one in zip(comments, reads, strict=True):
        for gram in grams(one.words):
            times[gram] += 1
            services[gram].add(comment.service)
    return sorted(
        gram
        for gram, count in times.items()
        if count >= FEWEST_COMMENTS and len(services[gram]) >= FEWEST_SERVICES and not ONLY_THERE & set(gram.split())
    )


def _mean(one: Fitted, other: Fitted) -> Fitted:
    """What it is about, and a concern about it: their mean travels better than either."""
    return Fitted(
        (one.intercept + other.intercept) / 2,
        {name: (one.signs[name] + other.signs[name]) / 2 for name in one.signs},
        {gram: (one.grams[gram] + other.grams[gram]) / 2 for gram in one.grams},
    )


def _short(number: float) -> float:
    return round(number, 3) or 0.0  # minus nought is nought


def _lines(rows: dict[str, list[float]]) -> str:
    return ",\n".join(f"  {json.dumps(name, ensure_ascii=False)}: {json.dumps(row)}" for name, row in rows.items())


def main(
    comments: Annotated[Path | None, typer.Option(envvar=VARIABLE, help="A labelled CSV file.")] = None,
    out: Annotated[Path, typer.Option(help="Where the weights go.")] = WEIGHTS,
) -> None:
    """Learn from all comments and write the weights."""
    try:
        learned = (*read_comments(comments), *read_written(WRITTEN_FOR_TRAINING))
    except CannotRead as error:
        typer.echo(f"train: {error}", err=True)
        raise typer.Exit(2) from None
    text = as_text(learned, read(learned))
    out.parent.mkdir(exist_ok=True)
    out.write_text(text, encoding="utf-8")
    typer.echo(f"{len(learned)} comments, {len(text) / 1024:.0f} KiB, {os.path.relpath(out)}")


if __name__ == "__main__":
    typer.run(main)
