"""The messages from which it is learned what words weigh: of people in crisis, and of patients who are in none."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from alliance.crisis import CrisisClass, CrisisRules
from benchmarks.language.comments import WRITTEN_FOR_TRAINING, read_written
from benchmarks.screen.corpora import FOLDER

# Kept for measuring: nothing is learned from them.
NEVER_LEARNED: Mapping[str, frozenset[str]] = {
    "en": frozenset({"held_out_5", "held_out_10"}),
    "es": frozenset({"held_out_4_crisis", "held_out_4_ordinary", "held_out_9_crisis"}),
}
_LEARNED = frozenset({CrisisClass.SUICIDE, CrisisClass.SELF_HARM})
_POSTS = ("held_out", "tuning", "worked_with")
_ABOUT = frozenset({"ideation", "plan", "behaviour", "attempt", "terse", "self_harm"})
_FILES_ABOUT = ("suicide", "self_harm", "plans_and_means")
_Tables: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Learning:
    """What is learned from; `must_stay` are those of the ordinary ones that a test says nothing may be found in."""

    crisis: tuple[str, ...]
    ordinary: tuple[str, ...]
    must_stay: tuple[str, ...]


def to_learn_from(language: str, rules: CrisisRules) -> Learning:
    """Everything of our own in one language but what is kept for measuring."""
    crisis: list[str] = []
    ordinary: list[str] = []
    must_stay: list[str] = []
    for file in sorted((FOLDER / language).glob("*.toml")):
        if file.stem in NEVER_LEARNED[language]:
            continue
        for path, texts in _lists(tomllib.loads(file.read_text(encoding="utf-8"))):
            if file.stem.startswith("ordinary") or file.stem.endswith("_ordinary"):
                ordinary += texts
            elif path[-1].removeprefix("near_") == "none":
                must_stay += texts
            elif _is_learned(file.stem, path):
                crisis += texts
    for example in (example for rule in rules.rules if rule.language == language for example in rule.examples):
        if example.expected is None:
            must_stay.append(example.text)
    crisis += [
        example.text
        for rule in rules.rules
        if rule.language == language and rule.crisis_class in _LEARNED
        for example in rule.examples
        if example.expected is not None
    ]
    written = [comment.text for comment in read_written(WRITTEN_FOR_TRAINING)] if language == "en" else []
    return Learning(crisis=tuple(crisis), ordinary=(*ordinary, *written), must_stay=tuple(must_stay))


def _is_learned(file: str, path: tuple[str, ...]) -> bool:
    if file.startswith(_POSTS):
        return path[-1] in _ABOUT
    return file.startswith(_FILES_ABOUT) or path[0] in _LEARNED


def _lists(tables: _Tables, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Each list of messages with the keys that lead to it."""
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from _lists(cast("_Tables", value), (*path, key))  # TOML keys are strings
        else:
            yield (*path, key), cast("list[str]", value)  # the corpora hold nothing but messages
