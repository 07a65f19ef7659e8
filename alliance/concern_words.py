"""Lists of words by which patients voice content or concern, and what of a message stands in which list."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import log1p

from alliance.normalise import Reading, normalise

DENIED_WITHIN = 3  # words from "not" to what it denies: "not at all very helpful"
WISHED_WITHIN = 5  # words from "more" or "should" to what is wished for
SHORTEST_STEM = 4  # letters before a star; a shorter stem begins too many words

_CONTENT = ("delight", "praise")
_CONCERN = ("outrage", "complaint", "unkindness", "task_trouble", "no_progress")
_WISHES = ("wish", "more", "less")
_STRONG = 2.0  # how much more a strong word says about its sentence; a rough guess, the model weighs anew
# What a list contributes to the mood of its sentence.
_MOOD: Mapping[str, float] = {
    "delight": _STRONG,
    "praise": 1,
    "no_complaint": _STRONG,
    "kindness": 0.5,
    "outrage": -_STRONG,
    "complaint": -1,
    "unkindness": -1,
    "task_trouble": -1,
    "no_progress": -1,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WordLists:
    """The lists of one language. `phrases` are by first word, longest first, each with the lists it stands in."""

    language: str
    common: frozenset[str]  # by which a message is known to be in this language
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]] = field(repr=False)
    stems: Mapping[str, tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    length: int
    lists: tuple[str, ...]


def word_lists(language: str, entries: Mapping[str, Sequence[str]], *, common: Sequence[str] = ()) -> WordLists:
    """Arrange lists of plainly written words and phrases; a star ends a stem. Raises ValueError for a bad entry."""
    together: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for name, words in entries.items():
        for entry in words:
            spelt = normalise(entry.removesuffix("*")).words
            if not spelt or (entry.endswith("*") and (len(spelt) > 1 or len(spelt[0]) < SHORTEST_STEM)):
                raise ValueError(f"{name}: {entry!r} is no word, phrase or stem of {SHORTEST_STEM} letters")
            if entry.endswith("*"):
                stems[spelt[0]].append(name)
            elif name not in together[spelt]:
                together[spelt].append(name)
    by_first: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for phrase in sorted(together, key=len, reverse=True):
        by_first[phrase[0]].append((phrase, tuple(together[phrase])))
    return WordLists(
        language=language,
        common=frozenset(common),
        phrases=dict(by_first),
        stems={stem: tuple(names) for stem, names in stems.items()},
    )


def signs(reading: Reading, lists: WordLists) -> dict[str, float]:
    """What of a message stands in which list and how it is turned, by name; what is absent is left out.

    Counts are damped (ln(1+n)): the third "rude" says little that the first did not.
    """
    found = list(_found(reading.words, lists))
    counts: defaultdict[str, float] = defaultdict(float)
    moods: defaultdict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    domains: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sentence, group in groupby(found, key=lambda hit: reading.sentences[hit.place]):
        hits = list(group)
        for name, value in _turned(hits, reading):
            counts[name] += 1
            if value:
                moods[sentence][value < 0] += abs(value)
        for hit in hits:
            for name in hit.lists:
                counts[name] += 1
                domains[sentence][name] += 1
    out = {name: log1p(count) for name, count in counts.items()}
    out.update(_mood_of_sentences(reading, moods, domains))
    out.update(_shape(reading, found))
    return out


def _found(words: Sequence[str], lists: WordLists) -> Iterator[_Found]:
    place = 0
    while place < len(words):
        hit = _longest(words, place, lists)
        if hit:
            yield hit
            place += hit.length
        else:
            place += 1


def _longest(words: Sequence[str], place: int, lists: WordLists) -> _Found | None:
    for phrase, names in lists.phrases.get(words[place], ()):
        if phrase == tuple(words[place : place + len(phrase)]):
            return _Found(place, len(phrase), names)
    word = words[place]
    for length in range(len(word), SHORTEST_STEM - 1, -1):
        names = lists.stems.get(word[:length])
        if names:
            return _Found(place, 1, names)
    return None


def _turned(hits: Sequence[_Found], reading: Reading) -> Iterator[tuple[str, float]]:
    """Content denied or wished for, concern denied, each with what it does to the mood of its sentence."""
    denied_at = wished_at = -WISHED_WITHIN - 1
    denied_clause = -1
    first = hits[0]
    starts = first.place == 0 or reading.sentences[first.place - 1] != reading.sentences[first.place]
    if starts and "order" in first.lists:
        wished_at = first.place
        yield "ordered", -0.5
    for hit in hits:
        clause = reading.clauses[hit.place]
        mood = sum(_MOOD.get(name, 0) for name in hit.lists if name in _MOOD)
        denied = denied_clause == clause and hit.place - denied_at <= DENIED_WITHIN
        wished = hit.place - wished_at <= WISHED_WITHIN
        good = any(name in _CONTENT or name == "kindness" for name in hit.lists)
        bad = any(name in _CONCERN for name in hit.lists)
        if denied and (good or bad):
            yield ("denied_concern" if bad else "denied_content"), (1.0 if bad else -1.5)
        elif wished and good and not bad:
            yield "wished_content", -1.0
        elif mood:
            yield ("content" if mood > 0 else "concern"), mood
        if "negation" in hit.lists and not bad and "no_complaint" not in hit.lists:
            denied_at, denied_clause = hit.place + hit.length - 1, clause
        if any(name in _WISHES for name in hit.lists):
            wished_at = hit.place


def _mood_of_sentences(
    reading: Reading,
    moods: Mapping[int, Sequence[float]],
    domains: Mapping[int, Mapping[str, int]],
) -> Iterator[tuple[str, float]]:
    good = sum(mood[0] for mood in moods.values())
    bad = sum(mood[1] for mood in moods.values())
    yield "good", log1p(good)
    yield "bad", log1p(bad)
    yield "balance", (bad - good) / (bad + good + 1)
    if reading.sentences:
        last = moods.get(reading.sentences[-1], (0.0, 0.0))
        yield "last_balance", (last[1] - last[0]) / (last[0] + last[1] + 1)
        opening = moods.get(reading.sentences[0], (0.0, 0.0))
        yield "first_balance", (opening[1] - opening[0]) / (opening[0] + opening[1] + 1)
    worst = max(((mood[1] - mood[0]) / (mood[0] + mood[1] + 1) for mood in moods.values()), default=0.0)
    yield "worst", worst
    for name in ("people", "kindness", "unkindness", "treatment", "task_trouble", "aims", "no_progress", "setting"):
        badly = goodly = 0
        for sentence, counted in domains.items():
            mood = moods.get(sentence, (0.0, 0.0))
            if mood[1] > mood[0]:
                badly += counted.get(name, 0)
            elif mood[0] > mood[1]:
                goodly += counted.get(name, 0)
        if badly:
            yield f"{name}_badly", log1p(badly)
        if goodly:
            yield f"{name}_well", log1p(goodly)


def _shape(reading: Reading, found: Sequence[_Found]) -> Iterator[tuple[str, float]]:
    words = len(reading.words)
    yield "length", log1p(words)
    if words <= 3:
        yield "short", 1.0
    if found and found[0].place == 0:
        for name in ("bare_nothing", "no_complaint", "as_reason", "lack", "wish", "more", "less"):
            if name in found[0].lists:
                yield f"first_{name}", 1.0
        if "bare_nothing" in found[0].lists and words <= 4:
            yield "only_nothing", 1.0
    if not found:
        yield "unknown", 1.0
