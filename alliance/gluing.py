"""Letters without spaces, or with one after each, cut into the words somebody listens for."""

from collections.abc import Collection
from itertools import pairwise

_KNOWN, _STRAY = 2, 5  # what a known word and a stray letter cost: a cover with fewer strays wins


def cuts(letters: str, typed: Collection[str], prefixes: Collection[str]) -> list[int]:
    """Where to cut a run of letters so that the fewest known words cover the most of it.

    Work per letter is bounded by the longest known word.
    """
    cost = [_STRAY * place for place in range(len(letters) + 1)]
    came_from = list(range(-1, len(letters)))
    for first in range(len(letters)):
        if cost[first] + _STRAY < cost[first + 1]:
            cost[first + 1], came_from[first + 1] = cost[first] + _STRAY, first
        price = cost[first] + _KNOWN
        beyond = first + 1
        while beyond <= len(letters) and (word := letters[first:beyond]) in prefixes:
            if price < cost[beyond] and word in typed:
                cost[beyond], came_from[beyond] = price, first
            beyond += 1
    places = [len(letters)]
    while places[-1]:
        places.append(came_from[places[-1]])
    return places[::-1]


def known_words_in(letters: str, typed: Collection[str], prefixes: Collection[str]) -> tuple[str, ...]:
    """The known words that together make up all of these letters; none if a letter is left over."""
    places = cuts(letters, typed, prefixes)
    words = tuple(letters[first:beyond] for first, beyond in pairwise(places))
    return words if all(word in typed for word in words) else ()
