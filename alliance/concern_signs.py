"""What a message's listed words come to: turned by "not" and "should", summed by sentence, by domain and in all."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import log1p

from alliance.concern_words import Found, WordLists, find
from alliance.normalise import Reading

DENIED_WITHIN = 3  # words from "not" to what it denies: "not at all very helpful"
WISHED_WITHIN = 5  # words from "more" or "should" to what is wished for
SHORT = 3  # words: hardly a sentence
AN_ANSWER = 4  # words: "nothing at the moment" is a whole answer

_CONTENT = frozenset({"delight", "praise", "kindness"})
_CONCERN = frozenset({"outrage", "complaint", "unkindness", "task_trouble", "no_progress"})
_WISHES = frozenset({"wish", "more", "less"})
_DOMAINS = ("people", "kindness", "unkindness", "treatment", "task_trouble", "aims", "no_progress", "setting")
_OPENINGS = ("bare_nothing", "no_complaint", "as_reason", "lack", "wish", "more", "less")
# What a list adds to the mood of its sentence: rough guesses, the model weighs what comes of them anew.
_MOOD: Mapping[str, float] = {
    "delight": 2,
    "praise": 1,
    "no_complaint": 2,
    "kindness": 0.5,
    "outrage": -2,
    "complaint": -1,
    "unkindness": -1,
    "task_trouble": -1,
    "no_progress": -1,
}
_ORDERED, _WISHED, _DENIED_CONTENT, _DENIED_CONCERN = -0.5, -1.0, -1.5, 1.0


@dataclass(slots=True)
class _Sentence:
    """How good and how bad a sentence sounds, and how often it uses each list."""

    good: float = 0.0
    bad: float = 0.0
    lists: Counter[str] = field(default_factory=Counter[str])

    def add(self, mood: float) -> None:
        self.good += max(0.0, mood)
        self.bad += max(0.0, -mood)

    @property
    def balance(self) -> float:
        return _balance(self.good, self.bad)


def signs(reading: Reading, lists: WordLists) -> dict[str, float]:
    """Everything the model weighs of a message's listed words, by name; what is absent is left out.

    Counts are damped, ln(1+n): the third "rude" says little that the first did not. Balances are -1 (all praise) to 1.
    """
    found = list(find(reading.words, lists))
    counts: Counter[str] = Counter()
    sentences: defaultdict[int, _Sentence] = defaultdict(_Sentence)
    for number, group in groupby(found, key=lambda hit: reading.sentences[hit.place]):
        hits, sentence = list(group), sentences[number]
        for name, mood in _turned(hits, reading):
            counts[name] += 1
            sentence.add(mood)
        for hit in hits:
            sentence.lists.update(hit.lists)
        counts.update(sentence.lists)
    return {
        **{name: log1p(count) for name, count in counts.items()},
        **_moods(reading, sentences),
        **_by_domain(sentences),
        **_shape(reading, found),
    }


def _turned(hits: Sequence[Found], reading: Reading) -> Iterator[tuple[str, float]]:
    """What each word of one sentence means where it stands, and what that does to the sentence's mood.

    A denial reaches to the next comma; a wish ("more", "should", a bare verb at the start) turns praise into
    what is missing, so "be more helpful" is no praise.
    """
    denied_from = wished_from = -1 - max(DENIED_WITHIN, WISHED_WITHIN)
    if "order" in hits[0].lists and _opens_sentence(hits[0], reading):
        wished_from = hits[0].place
        yield "ordered", _ORDERED
    for hit in hits:
        lists = set(hit.lists)
        is_denied = hit.place - denied_from <= DENIED_WITHIN and (
            reading.clauses[hit.place] == reading.clauses[denied_from]
        )
        mood = sum(_MOOD.get(name, 0.0) for name in hit.lists)
        if lists & _CONCERN:
            yield ("denied_concern", _DENIED_CONCERN) if is_denied else ("concern", mood)
        elif lists & _CONTENT and is_denied:
            yield "denied_content", _DENIED_CONTENT
        elif lists & _CONTENT and hit.place - wished_from <= WISHED_WITHIN:
            yield "wished_content", _WISHED
        elif mood:
            yield "content", mood
        if "negation" in lists and not lists & (_CONCERN | {"no_complaint"}):
            denied_from = hit.place + hit.length - 1
        if lists & _WISHES:
            wished_from = hit.place


def _opens_sentence(hit: Found, reading: Reading) -> bool:
    return hit.place == 0 or reading.sentences[hit.place - 1] != reading.sentences[hit.place]


def _moods(reading: Reading, sentences: Mapping[int, _Sentence]) -> dict[str, float]:
    good = sum(sentence.good for sentence in sentences.values())
    bad = sum(sentence.bad for sentence in sentences.values())
    silent = _Sentence()
    first, last = (reading.sentences[0], reading.sentences[-1]) if reading.sentences else (0, 0)
    return {
        "good": log1p(good),
        "bad": log1p(bad),
        "balance": _balance(good, bad),
        "first_balance": sentences.get(first, silent).balance,
        "last_balance": sentences.get(last, silent).balance,
        "worst": max((sentence.balance for sentence in sentences.values()), default=0.0),
    }


def _by_domain(sentences: Mapping[int, _Sentence]) -> dict[str, float]:
    """How often a list is used in sentences that sound bad, and in those that sound good."""
    counts: Counter[str] = Counter()
    for sentence in sentences.values():
        if sentence.good != sentence.bad:
            manner = "badly" if sentence.bad > sentence.good else "well"
            counts.update({f"{name}_{manner}": sentence.lists[name] for name in _DOMAINS if sentence.lists[name]})
    return {name: log1p(count) for name, count in counts.items()}


def _shape(reading: Reading, found: Sequence[Found]) -> dict[str, float]:
    shape = {"length": log1p(len(reading.words))}
    if len(reading.words) <= SHORT:
        shape["short"] = 1.0
    if not found:
        shape["unknown"] = 1.0
    elif found[0].place == 0:
        shape |= {f"first_{name}": 1.0 for name in _OPENINGS if name in found[0].lists}
        if "bare_nothing" in found[0].lists and len(reading.words) <= AN_ANSWER:
            shape["only_nothing"] = 1.0
    return shape


def _balance(good: float, bad: float) -> float:
    return (bad - good) / (bad + good + 1)
