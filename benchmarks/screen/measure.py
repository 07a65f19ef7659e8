"""What the screen makes of the corpora, of their disguises and of ordinary comments."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alliance.crisis import CrisisRules, Hit, screen
from benchmarks.report import Result
from benchmarks.screen.corpora import (
    HELD_OUT,
    IN_DISTRESS,
    IN_SPANISH,
    ORDINARY,
    SOUNDS_ALIKE,
    TUNING,
    WORKED_WITH,
    phrases,
    posts,
)
from benchmarks.screen.disguises import disguises

NAME = "screen"
A_THOUSAND = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """The phrase suite's results, and the sentences of our own that got what they should not."""

    results: tuple[Result, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comments:
    """How many ordinary comments were taken for a crisis, and by which rules."""

    results: tuple[Result, ...]
    hits: tuple[Hit, ...]


def verdict(text: str, rules: CrisisRules) -> str:
    """The degree of the hit, or "none"."""
    hit = screen(text, rules)
    return hit.degree if hit else "none"


def measured_posts(language: str, rules: CrisisRules) -> list[Result]:
    """Sensitivity on messages by what they speak of, held out and tuned on, and hits on ordinary ones."""
    results = [
        _result(f"sensitivity {name} {kind}", _share_found(texts, rules), f"of {len(texts)}")
        for name in (*HELD_OUT, TUNING, WORKED_WITH)
        for kind, texts in posts(language, name).items()
    ]
    ordinary = {name: posts(language, name)["comments"] for name in (ORDINARY, SOUNDS_ALIKE, IN_DISTRESS)}
    hits = {name: sum(screen(text, rules) is not None for text in texts) for name, texts in ordinary.items()}
    own = [_result(f"hits on {name} comments of our own", hits[name], f"of {len(ordinary[name])}") for name in ordinary]
    return [*results, *own]


def measured_in_spanish(rules: CrisisRules) -> list[Result]:
    """Sensitivity on the Spanish messages that nobody worked with, and hits on Spanish ordinary ones."""
    found = [
        _result(f"sensitivity in Spanish {name} {kind}", _share_found(texts, rules), f"of {len(texts)}")
        for name in IN_SPANISH
        for kind, texts in posts("es", name).items()
    ]
    ordinary = [text for name in (SOUNDS_ALIKE, IN_DISTRESS) for text in posts("es", name)["comments"]]
    hits = sum(screen(text, rules) is not None for text in ordinary)
    return [*found, _result("hits on Spanish ordinary comments of our own", hits, f"of {len(ordinary)}")]


def measured_suite(language: str, rules: CrisisRules) -> Suite:
    """How many sentences there are for each class, and which of them get another result than expected."""
    counted: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for phrase in phrases(language):
        counted[phrase.crisis_class, "near misses" if phrase.is_near_miss else "positive"] += 1
        if verdict(phrase.text, rules) != phrase.expected:
            wrong.append(phrase.text)
    sizes = [_result(f"{of_class} {kind}", size, "sentences") for (of_class, kind), size in counted.items()]
    return Suite(results=(*sizes, _result("wrong", len(wrong), "sentences")), wrong=tuple(wrong))


def measured_disguises(language: str, rules: CrisisRules) -> list[Result]:
    """The share of positive sentences found under each disguise that changes them, and of all together."""
    positive = [phrase.text for phrase in phrases(language) if not phrase.is_near_miss]
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for kind, disguise in disguises().items():
        hidden = (disguise(text) for text in positive)
        found[kind] = [screen(d, rules) is not None for d, text in zip(hidden, positive, strict=True) if d != text]
    everything = [one for kind in found.values() for one in kind]
    rows = {**found, "all disguises together": everything}
    return [_result(f"caught {kind}", sum(of) / len(of), f"of {len(of)}") for kind, of in rows.items()]


def measured_comments(texts: Sequence[str], rules: CrisisRules) -> Comments:
    """Hits for each thousand comments, by degree."""
    hits = tuple(hit for text in texts if (hit := screen(text, rules)))
    by_degree = Counter(str(hit.degree) for hit in hits)
    rates = {"of both degrees": len(hits), "now": by_degree["now"], "review_now": by_degree["review_now"]}
    return Comments(
        results=tuple(
            _result(f"hits_per_1000_comments {name}", count / len(texts) * A_THOUSAND, f"of {len(texts)}")
            for name, count in rates.items()
        ),
        hits=hits,
    )


def _result(metric: str, value: float, unit: str) -> Result:
    return Result(name=NAME, metric=metric, value=value, unit=unit)


def _share_found(texts: Iterable[str], rules: CrisisRules) -> float:
    found = [screen(text, rules) is not None for text in texts]
    return sum(found) / len(found)
