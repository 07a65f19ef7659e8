"""All patterns as one table of steps, walked once over a message however many patterns there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from alliance.normalise import Reading
from alliance.phrase_pattern import NUMBER, YEAR
from alliance.spelling import Lexicon

_DIGITS_OF_A_YEAR, _CENTURIES = 4, ("19", "20")

Meaning = TypeVar("Meaning")  # what a found pattern stands for; nothing here looks inside


class Stage(NamedTuple, Generic[Meaning]):
    """One stretch of a pattern without gaps, reached from the stretch before it across at most `gap` words."""

    previous: int | None
    gap: int
    completes: tuple[Meaning, ...]  # what is then found
    completes_at_end: tuple[Meaning, ...]  # and if its clause ends here
    is_awaited: bool  # whether something may follow it across a gap


@dataclass(frozen=True, kw_only=True, slots=True)
class Matcher(Generic[Meaning]):
    """All patterns together. Work per word is bounded by the longest stretch, whatever the text.

    `steps[state][word]` is the next state; `accepts[state]` are the stages whose last word was just read. Both grow
    where a message leads for the first time (see `phrase_table`).
    """

    lexicon: Lexicon
    vocabulary: frozenset[str]  # every word and kind of number that leads anywhere
    steps: Sequence[Mapping[str, int]]
    accepts: Sequence[tuple[int, ...]]
    stages: tuple[Stage[Meaning], ...]

    def find(self, reading: Reading) -> list[tuple[int, int, Meaning]]:
        """Each meaning found, with the places of its first and last word, in order of the last."""
        found: list[tuple[int, int, Meaning]] = []
        reached: defaultdict[int | None, list[tuple[int, int]]] = defaultdict(list)
        live: list[tuple[int, int]] = []
        steps, accepts, stages, beginning = self.steps, self.accepts, self.stages, self.steps[0]
        clauses, sentences, last_place = reading.clauses, reading.sentences, len(reading.words) - 1
        for place, word in enumerate(reading.words):
            symbol = _number(word) if word.isdecimal() else word
            if symbol not in self.vocabulary:  # most words of most messages
                live = []
                continue
            still_live: list[tuple[int, int]] = []
            for state, start in live:
                after = steps[state].get(symbol)
                if after is not None:
                    still_live.append((after, start))
            after = beginning.get(symbol)
            if after is not None:
                still_live.append((after, place))
            live = still_live
            goes_on = place < last_place and clauses[place + 1] == clauses[place]
            for state, start in live:
                for number in accepts[state]:
                    previous, gap, completes, completes_at_end, is_awaited = stages[number]
                    first = start if previous is None else _begin(gap, start, reached.get(previous, ()), sentences)
                    if first is None:
                        continue
                    if is_awaited:
                        reached[number].append((first, place))
                    found += [(first, place, meaning) for meaning in (completes if goes_on else completes_at_end)]
        return found


def _number(digits: str) -> str:
    return YEAR if len(digits) == _DIGITS_OF_A_YEAR and digits.startswith(_CENTURIES) else NUMBER


def _begin(gap: int, start: int, reached: Sequence[tuple[int, int]], sentences: Sequence[int]) -> int | None:
    """Where the match began that a stretch begun at `start` continues; None if it continues none."""
    for first, last in reversed(reached):
        if last < start:  # those that overlap are as few as the words of this stretch
            near = start - last - 1 <= gap
            return first if near and sentences[last] == sentences[start] else None
    return None
