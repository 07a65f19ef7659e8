"""The messages of our own that the screen is measured with, by language; all of them made up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

FOLDER = Path(__file__).parents[2] / "tests" / "alliance" / "corpus"
# Each frozen before it was first measured; the sixth set speaks in three voices.
HELD_OUT = (
    *(f"held_out_{number}" for number in range(1, 6)),
    *(f"held_out_6_{voice}" for voice in ("forum", "oblique", "terse")),
    "held_out_7",
    "held_out_8",
    "held_out_9",
    "held_out_10",
)
IN_SPANISH = ("held_out_4_crisis", "held_out_9_crisis")  # those that nobody worked with
TUNING = "tuning"
WORKED_WITH = "worked_with"  # the other half of the tenth set
ORDINARY = "ordinary"
SOUNDS_ALIKE = "ordinary_2"
IN_DISTRESS = "ordinary_3"
_NOT_PHRASES = frozenset({*HELD_OUT, TUNING, WORKED_WITH, ORDINARY, SOUNDS_ALIKE, IN_DISTRESS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One sentence with what must come of it: "now", "review_now" or "none"."""

    text: str
    expected: str
    crisis_class: str
    is_near_miss: bool


def posts(language: str, name: str) -> Mapping[str, tuple[str, ...]]:
    """Messages by what they speak of, such as ideation, plan, behaviour and attempt."""
    content = tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))
    return {kind: tuple(cast("list[str]", texts)) for kind, texts in content.items()}


def phrases(language: str) -> tuple[Phrase, ...]:
    """The phrase suite: one file for each class, each with positive sentences and near misses."""
    found: list[Phrase] = []
    for file in sorted((FOLDER / language).glob("*.toml")):
        if file.stem in _NOT_PHRASES:
            continue
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for is_near_miss, lists in ((False, content), (True, content["near_misses"])):
            for expected in ("now", "review_now", "none"):
                found += [
                    Phrase(text=text, expected=expected, crisis_class=file.stem, is_near_miss=is_near_miss)
                    for text in lists.get(expected, [])
                ]
    return tuple(found)
