"""What single words and pairs of neighbours add up to: a mean that counts rare ones more."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import sqrt
from typing import TypeAlias

Rows: TypeAlias = Mapping[str, tuple[float, ...]]  # by word or pair: its rarity, then what it adds to each sum


def grams(words: Sequence[str]) -> list[str]:
    """Each word and each pair of neighbours, once."""
    return list(dict.fromkeys([*words, *(f"{first} {second}" for first, second in pairwise(words))]))


def weigh(words: Sequence[str], known: Rows) -> tuple[float, ...]:
    """What words and pairs add to each sum (TF-IDF, each once, of length one); empty if none is known."""
    found = [known[gram] for gram in grams(words) if gram in known] if known else []
    length = sqrt(sum(rarity * rarity for rarity, *_ in found))
    sums = len(found[0]) if found else 0
    return tuple(sum(row[0] * row[place] for row in found) / length for place in range(1, sums) if length)
