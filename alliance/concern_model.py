"""A small linear model: how likely a message voices a concern, and about which domain."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import TypeAlias, cast

from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.word_weights import weigh

HEADS = ("concern", "bond", "task", "goal")  # any concern; and whether it is about that domain, if there is one
FORMAT = 1
HEAVIEST = 1000  # no weight that was learned comes near; JSON can hold 1e999
# What names neither people nor treatment (parking, waiting) is an expectation of care unmet: counted under goal, at
# half its likelihood, so that a domain that is named always stands out.
UNNAMED = 0.5
# A phrase rule that fires is mostly right, and too rare in any training data for its weight to be learned.
MARKED = {RuptureKind.CONFRONTATION: 0.5, RuptureKind.WITHDRAWAL: 0.3}

_Weights: TypeAlias = Mapping[str, tuple[float, ...]]


class BrokenModel(Exception):
    """The model cannot be trusted as it is written, so it may not score anybody."""

    def __init__(self, what: str, *, line: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class ConcernModel:
    """What each sign and each word or pair of words adds to each of HEADS, and where those begin."""

    version: str
    intercepts: tuple[float, ...]
    signs: _Weights = field(repr=False)
    grams: Mapping[str, Mapping[str, tuple[float, ...]]] = field(repr=False)  # by language: rarity, then weights


@dataclass(frozen=True, slots=True)
class Scores:
    """0 to 1 each: how likely the message voices any concern, and one in each domain."""

    concern: float
    by_domain: Mapping[Domain, float]


def score(model: ConcernModel, signs: Mapping[str, float], words: Sequence[str], *, language: str) -> Scores:
    """Weigh the signs (`concern_signs.signs`) and the plain words of one message. Linear in its length."""
    totals = list(model.intercepts)
    for name, value in signs.items():
        for head, weight in enumerate(model.signs.get(name, ())):
            totals[head] += value * weight
    for head, weight in enumerate(weigh(words, model.grams.get(language, {}))):
        totals[head] += weight
    concern, bond, task, goal = (1 / (1 + exp(-min(30.0, max(-30.0, total)))) for total in totals)
    weighed = {Domain.GOAL: concern * max(goal, UNNAMED), Domain.TASK: concern * task, Domain.BOND: concern * bond}
    by_domain = {domain: _marked(value, domain, signs) for domain, value in weighed.items()}
    return Scores(max(concern, *by_domain.values()), by_domain)


def _marked(value: float, domain: Domain, signs: Mapping[str, float]) -> float:
    for kind, likely in MARKED.items():
        if f"{kind}_{domain}" in signs:
            value = 1 - (1 - value) * (1 - likely)
    return value


def read_model(text: str) -> ConcernModel:
    """Read the model's JSON; raises BrokenModel, with the line where there is one."""
    try:
        loaded: object = json.loads(text)
    except json.JSONDecodeError as broken:
        raise BrokenModel(broken.msg, line=broken.lineno) from broken
    if not isinstance(loaded, dict):
        raise BrokenModel("it is not an object")
    top = cast("dict[str, object]", loaded)  # JSON keys are strings
    if top.get("format") != FORMAT or top.get("heads") != list(HEADS):
        raise BrokenModel(f"it is not of format {FORMAT} with the heads {', '.join(HEADS)}")
    languages = top.get("grams")
    if not isinstance(languages, dict):
        raise BrokenModel("grams are missing")
    return ConcernModel(
        version=str(top.get("version", "")),
        intercepts=_row(top.get("intercepts"), "intercepts", length=len(HEADS)),
        signs=_rows(top.get("signs"), "signs", length=len(HEADS)),
        grams={
            language: _rows(rows, f"grams of {language}", length=len(HEADS) + 1)
            for language, rows in cast("dict[str, object]", languages).items()  # JSON keys are strings
        },
    )


def _rows(value: object, name: str, *, length: int) -> Mapping[str, tuple[float, ...]]:
    if not isinstance(value, dict) or not value:
        raise BrokenModel(f"{name} are missing")
    rows = cast("dict[str, object]", value)  # JSON keys are strings
    return {key: _row(row, f"{name}, {key!r}", length=length) for key, row in rows.items()}


def _row(value: object, name: str, *, length: int) -> tuple[float, ...]:
    row = cast("list[object]", value) if isinstance(value, list) else []  # JSON arrays hold anything
    numbers = tuple(float(number) for number in row if isinstance(number, int | float) and abs(number) < HEAVIEST)
    if len(numbers) != length or len(row) != length:
        raise BrokenModel(f"{name}: {length} numbers are expected")
    return numbers
