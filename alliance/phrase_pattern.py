"""The pattern language of the phrase files: word  (a|b c)  [optional]  ..3  #  {slot}  and a final $ (clause's end)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from alliance.normalise import normalise

NUMBER = "#"  # any number written in digits
YEAR = "##"  # one of four digits that is read as a year
WIDEST_GAP = 6  # words; a wider one joins what was never one thought
_MOST_WAYS = 200  # a pattern with more ways of equal length is judged by the first ones
_PIECE = re.compile(r"\.\.[0-9]+|##|\{\w+\}|[()|\[\]$#]|[^\s()|\[\]{}$#]+")
_CLOSES: Mapping[str, str] = MappingProxyType({"(": ")", "[": "]"})


class UnreadablePattern(Exception):
    """A pattern breaks the pattern language."""


# Two that are written alike are one object (see PatternReader), so that comparing them does not look inside.
@dataclass(frozen=True, slots=True, eq=False)
class OneOf:
    """A place where any one of several phrases may stand; an empty one makes the place optional."""

    ways: tuple["Phrase", ...]
    fewest: int  # words of its shortest way


Phrase: TypeAlias = tuple[str | OneOf, ...]
Slots: TypeAlias = Mapping[str, OneOf]  # by the name a pattern calls them: "{wish}"
_NO_SLOTS: Slots = MappingProxyType({})


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

    @property
    def fewest(self) -> int:
        """With how few words it can be matched, those in its gaps left out."""
        return sum(fewest_words(stretch.phrase) for stretch in self.stretches)


def fewest_words(phrase: Phrase) -> int:
    """The length of the shortest ways to match a phrase."""
    return sum(1 if isinstance(item, str) else item.fewest for item in phrase)


def shortest_ways(phrase: Phrase) -> list[tuple[str, ...]]:
    """The ways to match a phrase with the fewest words, optional places left out: what a linter judges it by."""
    ways: list[tuple[str, ...]] = [()]
    for item in phrase:
        if isinstance(item, str):
            here = [(item,)]
        else:
            here = [way for one in item.ways if fewest_words(one) == item.fewest for way in shortest_ways(one)]
        ways = [before + way for before in ways for way in here][:_MOST_WAYS]
    return ways


class PatternReader:
    """Reads patterns, leaving out fillers; a word, and a choice of words, that occurs often is read once."""

    def __init__(self, *, fillers: Collection[str] = ()) -> None:
        self._fillers = fillers
        self._words: dict[str, tuple[str, ...]] = {}
        self._choices: dict[tuple[Phrase, ...], OneOf] = {}

    def read(self, text: str, slots: Slots = _NO_SLOTS) -> Pattern:
        """Read one pattern; raises UnreadablePattern."""
        pieces = _PIECE.findall(text)
        at_end_only = pieces[-1:] == ["$"]
        if at_end_only:
            pieces.pop()
        stretches: list[Stretch] = []
        gap, place = 0, 0
        while True:
            phrase, place = self._phrase(pieces, place, slots)
            is_last = place == len(pieces)
            if not phrase or gap > WIDEST_GAP or not (is_last or pieces[place].startswith("..")):
                raise UnreadablePattern(f"brackets left open, or an empty stretch, or a gap over {WIDEST_GAP} words")
            stretches.append(Stretch(gap=gap, phrase=phrase))
            if is_last:
                return Pattern(stretches=tuple(stretches), at_end_only=at_end_only)
            gap, place = int(pieces[place][2:]), place + 1

    def slot(self, ways: str, slots: Slots = _NO_SLOTS) -> OneOf:
        """Read what a slot stands for, given as "one|two"; slots named above it may stand in it."""
        pieces = [*_PIECE.findall(ways), ")"]
        choice, place = self._choice("(", pieces, 0, slots)
        if place != len(pieces):
            raise UnreadablePattern("brackets do not pair up")
        return choice

    def _phrase(self, pieces: list[str], place: int, slots: Slots) -> tuple[Phrase, int]:
        """Read up to whatever closes this phrase; give back where that stands."""
        items: list[str | OneOf] = []
        while place < len(pieces):
            piece = pieces[place]
            if piece in {"|", ")", "]"} or piece.startswith(".."):
                break
            place += 1
            if piece in _CLOSES:
                choice, place = self._choice(piece, pieces, place, slots)
                items += [choice] if any(choice.ways) else []
            elif piece.startswith("{"):
                items += [slots[piece[1:-1]]] if any(slots[piece[1:-1]].ways) else []
            elif piece in {NUMBER, YEAR}:
                items.append(piece)
            elif piece == "$":
                raise UnreadablePattern("$ may only stand at the very end")
            else:
                items += self._spoken(piece)
        return tuple(items), place

    def _choice(self, opening: str, pieces: list[str], place: int, slots: Slots) -> tuple[OneOf, int]:
        """Read the alternatives up to the bracket that closes them; give back what comes after it."""
        ways: list[Phrase] = [()] if opening == "[" else []
        closing = "|"
        while closing == "|":
            way, beyond = self._phrase(pieces, place, slots)
            if beyond == len(pieces) or beyond == place:
                raise UnreadablePattern("a bracket is left open or an alternative is empty")
            if way:  # "(still|keep) cutting": nobody hears the filler, and it makes the rest no less needed
                ways.append(way)
            closing, place = pieces[beyond], beyond + 1
        if closing != _CLOSES[opening]:
            raise UnreadablePattern("brackets do not pair up")
        different = tuple(dict.fromkeys(ways))
        if different not in self._choices:
            self._choices[different] = OneOf(different, min(map(fewest_words, different), default=0))
        return self._choices[different], place

    def _spoken(self, piece: str) -> tuple[str, ...]:
        if piece not in self._words:
            self._words[piece] = tuple(word for word in normalise(piece).words if word not in self._fillers)
        return self._words[piece]
