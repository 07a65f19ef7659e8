"""The pattern language of the phrase files: word  (a|b c)  [optional]  ..3  #  and a final $ for a clause's end."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from alliance.normalise import normalise

NUMBER = "#"  # any number written in digits
YEAR = "##"  # one of four digits that is read as a year
WIDEST_GAP = 6  # words; a wider one joins what was never one thought
_MOST_WAYS = 200  # a pattern with more ways of equal length is judged by the first ones
_PIECE = re.compile(r"\.\.[0-9]+|##|[()|\[\]$#]|[^\s()|\[\]$#]+")


class UnreadablePattern(Exception):
    """A pattern breaks the pattern language."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A place where any one of several phrases may stand; an empty one makes the place optional."""

    ways: tuple["Phrase", ...]


Phrase: TypeAlias = tuple[str | OneOf, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Words that follow each other directly, at most `gap` words after the stretch before."""

    gap: int
    phrase: Phrase


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """A pattern as it was read; `at_end_only` if the clause must end with it."""

    stretches: tuple[Stretch, ...]
    at_end_only: bool


def read_pattern(text: str, *, fillers: Collection[str] = ()) -> Pattern:
    """Read one pattern whose slots are already filled, leaving out fillers; raises UnreadablePattern."""
    pieces = _PIECE.findall(text)
    at_end_only = pieces[-1:] == ["$"]
    if at_end_only:
        pieces.pop()
    stretches: list[Stretch] = []
    gap, here = 0, list[str]()
    for piece in [*pieces, "..0"]:
        if not piece.startswith(".."):
            here.append(piece)
            continue
        phrase, rest = _phrase(here, fillers)
        if rest or not phrase or gap > WIDEST_GAP:
            raise UnreadablePattern(f"brackets left open, or an empty stretch, or a gap over {WIDEST_GAP} words")
        stretches.append(Stretch(gap=gap, phrase=phrase))
        gap, here = int(piece[2:]), []
    return Pattern(stretches=tuple(stretches), at_end_only=at_end_only)


def shortest_ways(phrase: Phrase) -> list[tuple[str, ...]]:
    """The ways to match a phrase with the fewest words, optional places left out: what a linter judges it by."""
    ways: list[tuple[str, ...]] = [()]
    for item in phrase:
        here = [(item,)] if isinstance(item, str) else [way for one in item.ways for way in shortest_ways(one)]
        fewest = min(map(len, here))
        ways = [before + way for before in ways for way in here if len(way) == fewest][:_MOST_WAYS]
    return ways


def _phrase(pieces: Sequence[str], fillers: Collection[str]) -> tuple[Phrase, Sequence[str]]:
    """Read up to whatever closes this phrase; give back the rest, beginning with the closing piece."""
    items: list[str | OneOf] = []
    while pieces and pieces[0] not in {"|", ")", "]"}:
        piece, pieces = pieces[0], pieces[1:]
        if piece in {"(", "["}:
            choice, pieces = _choice(piece, pieces, fillers)
            if any(choice.ways):
                items.append(choice)
        elif piece in {NUMBER, YEAR}:
            items.append(piece)
        elif piece == "$":
            raise UnreadablePattern("$ may only stand at the very end")
        else:
            items.extend(word for word in normalise(piece).words if word not in fillers)
    return tuple(items), pieces


def _choice(opening: str, pieces: Sequence[str], fillers: Collection[str]) -> tuple[OneOf, Sequence[str]]:
    """Read the alternatives up to the bracket that closes them; give back what follows it."""
    ways: list[Phrase] = [()] if opening == "[" else []
    closing = "|"
    while closing == "|":
        way, rest = _phrase(pieces, fillers)
        if not rest or len(rest) == len(pieces):
            raise UnreadablePattern("a bracket is left open or an alternative is empty")
        if way:  # "(still|keep) cutting": nobody hears the filler, and it makes the rest no less needed
            ways.append(way)
        closing, pieces = rest[0], rest[1:]
    if closing != {"(": ")", "[": "]"}[opening]:
        raise UnreadablePattern("brackets do not pair up")
    return OneOf(tuple(dict.fromkeys(ways))), pieces
