"""Words that say nothing alone and much together: what each adds, learned beside ordinary messages."""

import json
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from alliance.normalise import Reading
from alliance.word_weights import Rows, weigh

FORMAT = 1
FEWEST_WORDS = 1_000  # a language; weights that lost this much were cut by accident
HEAVIEST = 1_000  # no weight that was learned comes near; JSON can hold 1e999
FEWEST_KNOWN = 7  # different words of a message; of fewer, chance says more than they do
LEAST_KNOWN = 0.5  # of a message's words; one in another language is not weighed
MOST_WORDS = 1_000  # one message of a messenger holds no more; longer texts may be made to keep us busy


class BrokenWeights(Exception):
    """The weights cannot be trusted as they are written, so nobody may be screened with them."""

    def __init__(self, what: str, *, line: int | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.line = line


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisWeights:
    """What words add in one language, and from where they begin: enough is said once the sum is above nought."""

    begins_at: float
    rows: Rows = field(repr=False)


def heaviest_sentence(reading: Reading, weights: CrisisWeights) -> tuple[int, int] | None:
    """The places of the first and last word of the sentence that weighs most, if the message weighs enough."""
    words = reading.words[:MOST_WORDS]
    if not is_weighed(words, weights.rows) or weights.begins_at + sum(weigh(words, weights.rows)) <= 0:
        return None
    by_sentence: defaultdict[int, list[int]] = defaultdict(list)
    for place in range(len(words)):
        by_sentence[reading.sentences[place]].append(place)
    heaviest = max(by_sentence.values(), key=lambda places: _adds(words[places[0] : places[-1] + 1], weights.rows))
    return heaviest[0], heaviest[-1]


def is_weighed(words: Sequence[str], known: Container[str]) -> bool:
    """Whether enough of a message is known for its weight to mean something."""
    found = [word for word in words if word in known]
    return len(set(found)) >= FEWEST_KNOWN and len(found) >= LEAST_KNOWN * len(words)


def read_weights(text: str) -> Mapping[str, CrisisWeights]:
    """Read the JSON, by language; raises BrokenWeights, with the line where there is one."""
    try:
        loaded: object = json.loads(text)
    except json.JSONDecodeError as broken:
        raise BrokenWeights(broken.msg, line=broken.lineno) from broken
    top = _object(loaded, "the file")
    if top.get("format") != FORMAT:
        raise BrokenWeights(f"it is not of format {FORMAT}")
    return {
        name: _weights(_object(one, name), name) for name, one in _object(top.get("languages"), "languages").items()
    }


def _adds(words: tuple[str, ...], rows: Rows) -> float:
    return sum(rarity * weight for rarity, weight in (rows[word] for word in words if word in rows))


def _weights(one: Mapping[str, object], language: str) -> CrisisWeights:
    rows = {gram: _numbers(row, f"{language}, {gram!r}") for gram, row in _object(one.get("words"), language).items()}
    if len(rows) < FEWEST_WORDS:
        raise BrokenWeights(f"only {len(rows)} words of {language}, at least {FEWEST_WORDS} are expected")
    begins_at, _ = _numbers([one.get("begins_at"), 0], f"{language}, begins_at")
    return CrisisWeights(begins_at=begins_at, rows=rows)


def _numbers(value: object, name: str) -> tuple[float, float]:
    match value:
        case [int() | float() as rarity, int() | float() as weight] if max(abs(rarity), abs(weight)) < HEAVIEST:
            return float(rarity), float(weight)
        case _:
            raise BrokenWeights(f"{name}: numbers are expected")


def _object(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BrokenWeights(f"{name} is not an object")
    return cast("Mapping[str, object]", value)  # JSON keys are strings
