"""Comments as the product reads them: the same words, lists and rules, before anything is weighed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from alliance.concern_model import FORMAT, HEADS
from alliance.language import LanguageRules, parse_language, signs_of
from alliance.language_file import MODEL
from alliance.language_markers import hits
from alliance.normalise import normalise
from benchmarks.language.comments import Comment

_UNTRAINED = {"format": FORMAT, "heads": HEADS, "intercepts": [0] * 4, "signs": {"length": [0] * 4}, "grams": {}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """What is weighed of one comment."""

    words: tuple[str, ...]
    signs: Mapping[str, float]


@cache
def rules() -> LanguageRules:
    """The rules and lists of the product with a model that has learned nothing yet."""
    return parse_language({**rule_texts(), MODEL: json.dumps(_UNTRAINED)})


def rule_texts() -> dict[str, str]:
    """The phrase and word files by name, as the product ships them."""
    folder = files("alliance") / "phrases"
    return {
        entry.name: entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.startswith(("language_", "concern_words_"))
    }


def read(comments: Sequence[Comment], *, language: str = "en") -> list[Read]:
    """Each comment as words and signs, in the lists of one language."""
    known = rules()
    lists = next(lists for lists in known.words if lists.language == language)
    out: list[Read] = []
    for comment in comments:
        words = normalise(comment.text, known.matcher.lexicon)
        out.append(Read(words=words.words, signs=signs_of(words, hits(words, known), lists)))
    return out
