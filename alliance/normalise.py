"""How a message is read before it is screened: as plain words, every one still knowing where it stood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from alliance.lookalikes import fold
from alliance.spelling import NO_WORDS, Lexicon, Spelling, unleet

_TOKEN = re.compile(
    r"""(?P<spaced>(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){1,})
      | (?P<word>[\w@$]+(?:'[\w@$]+)*)
      | (?P<end>(?<!\.)\.(?!\.)|[!?\n])
      | (?P<pause>[,;:()])""",
    re.VERBOSE,
)
_STOPS = frozenset({"end", "pause"})
# Three single letters in a row are a disguise; only then are two taken for one as well ("k i l l  m e").
_SPACED_OUT = re.compile(r"(?<![\w@$'])[\w@$](?:[^\w@$'\n][\w@$](?![\w@$'])){2}")
_KNOWN, _STRAY = 2, 5  # what a known word and a stray letter cost: a cover with fewer strays wins


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A message as words: columns of equal length, the nth entry of each about the nth word.

    `spans` are half-open, in code points of the original text. `sentences` and `clauses` number what the word
    stands in: a full stop, question mark or line end closes a sentence; a comma or bracket only a clause.
    """

    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


def normalise(text: str, lexicon: Lexicon = NO_WORDS) -> Reading:
    """Read any text as plain lower-case words, in time linear in its length. Never raises on a str.

    Undone: compatibility forms (Unicode NFKD), case, marks and accents (ñ is n throughout), invisible and
    control characters, lookalike letters, digits and signs inside words, letters repeated three times or more,
    letters typed with gaps between them, apostrophes and contractions ("don't", "dont" and "do not" read the
    same). Where two readings are possible the one in `lexicon` is taken; without one, letters typed with gaps
    stay single letters.
    """
    folded, origins = fold(text)
    spelling = Spelling(lexicon)
    spaced_out = _SPACED_OUT.search(folded) is not None
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup
        if kind in _STOPS:
            clause += 1
            sentence += kind == "end"
            continue
        start, end = match.span()
        runs = _joined(match[0], lexicon, spaced_out=spaced_out) if kind == "spaced" else ((match[0], 0, end - start),)
        for typed, first, beyond in runs:
            span = (origins[start + first], origins[start + beyond - 1] + 1)
            for word in spelling[typed]:
                words.append(word)
                spans.append(span)
                sentences.append(sentence)
                clauses.append(clause)
    return Reading(words=tuple(words), spans=tuple(spans), sentences=tuple(sentences), clauses=tuple(clauses))


def _joined(run: str, lexicon: Lexicon, *, spaced_out: bool) -> Iterator[tuple[str, int, int]]:
    """Read "k i l l  m e" as words, each with where it begins and ends in the run.

    Every second character of a run is a letter, so a letter's place in it is twice its place among the letters.
    """
    letters = run[::2]
    if spaced_out and 2 * sum(map(str.isalpha, letters)) > len(letters):  # "b 1 2" is no disguise, "s u 1 c" is
        letters = unleet(letters)
    cuts = _cuts(letters, lexicon) if spaced_out else range(len(letters) + 1)
    for first, beyond in pairwise(cuts):
        yield letters[first:beyond], 2 * first, 2 * beyond - 1


def _cuts(letters: str, lexicon: Lexicon) -> list[int]:
    """Where to cut a run of letters so that the fewest known words cover the most of it.

    Work per letter is bounded by the longest known word.
    """
    typed, prefixes = lexicon.typed, lexicon.prefixes
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
    cuts = [len(letters)]
    while cuts[-1]:
        cuts.append(came_from[cuts[-1]])
    return cuts[::-1]
