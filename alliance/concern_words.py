"""Lists of words by which patients voice content or concern, and where a message uses them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from alliance.normalise import normalise

SHORTEST_STEM = 4  # letters before a star; a shorter stem begins too many words


@dataclass(frozen=True, kw_only=True, slots=True)
class WordLists:
    """The lists of one language. `phrases` are by first word, longest first, each with the lists it stands in."""

    language: str
    common: frozenset[str]  # by which a message is known to be in this language
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], tuple[str, ...]]]] = field(repr=False)
    stems: Mapping[str, tuple[str, ...]] = field(repr=False)

    def knows(self, word: str) -> bool:
        """Whether the word speaks for this language."""
        return word in self.common or word in self.phrases


@dataclass(frozen=True, slots=True)
class Found:
    """One listed word or phrase: the place of its first word, how many words it has, and its lists."""

    place: int
    length: int
    lists: tuple[str, ...]


def word_lists(language: str, entries: Mapping[str, Sequence[str]], *, common: Sequence[str]) -> WordLists:
    """Arrange lists of plainly written words and phrases; a star ends a stem. Raises ValueError for a bad entry."""
    phrases: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    stems: defaultdict[str, list[str]] = defaultdict(list)
    for name, words in entries.items():
        for entry in words:
            is_stem = entry.endswith("*")
            spelt = normalise(entry.removesuffix("*")).words
            first, *rest = spelt or ("",)
            if not first or (is_stem and (rest or len(first) < SHORTEST_STEM)):
                raise ValueError(f"{name}: {entry!r} is no word, phrase or stem of {SHORTEST_STEM} letters")
            listed = stems[first] if is_stem else phrases[spelt]
            if name not in listed:
                listed.append(name)
    by_first: defaultdict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = defaultdict(list)
    for phrase in sorted(phrases, key=len, reverse=True):
        by_first[phrase[0]].append((phrase, tuple(phrases[phrase])))
    return WordLists(
        language=language,
        common=frozenset(common),
        phrases=dict(by_first),
        stems={stem: tuple(names) for stem, names in stems.items()},
    )


def find(words: Sequence[str], lists: WordLists) -> Iterator[Found]:
    """What of these words is listed, from left to right, the longest phrase first; none overlaps another."""
    place = 0
    while place < len(words):
        found = _longest(words, place, lists)
        if found:
            yield found
        place += found.length if found else 1


def _longest(words: Sequence[str], place: int, lists: WordLists) -> Found | None:
    word = words[place]
    for phrase, names in lists.phrases.get(word, ()):
        if phrase == tuple(words[place : place + len(phrase)]):
            return Found(place, len(phrase), names)
    for length in range(len(word), SHORTEST_STEM - 1, -1):
        names = lists.stems.get(word[:length])
        if names:
            return Found(place, 1, names)
    return None
