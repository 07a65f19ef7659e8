"""How a word that matters is commonly misspelt or masked: slips of the finger, and letters hidden behind a star."""

from collections.abc import Iterator
from itertools import combinations

_VOWELS = frozenset("aeiou")
_SHORTEST_WITH_SLIPS = 6  # letters; a slip in a shorter word is often another word
_MASK = "*"


def slips_of(word: str) -> frozenset[str]:
    """Two inner letters exchanged, one left out or one doubled, and any of the vowels starred. Never the word."""
    slips = set(_masked(word))
    if len(word) >= _SHORTEST_WITH_SLIPS:
        slips.update(_slipped(word))
    return frozenset(slips - {word})


def _slipped(word: str) -> Iterator[str]:
    for place in range(1, len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        yield before + after
        yield before + letter * 2 + after
        if after:
            yield before + after[0] + letter + after[1:]


def _masked(word: str) -> Iterator[str]:
    vowels = [place for place, letter in enumerate(word) if letter in _VOWELS]
    for count in range(1, len(vowels) + 1):
        for hidden in combinations(vowels, count):
            yield "".join(_MASK if place in hidden else letter for place, letter in enumerate(word))
