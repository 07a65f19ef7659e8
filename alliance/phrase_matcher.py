"""All patterns as one table of steps, walked once over a message however many patterns there are."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from alliance.normalise import Reading
from alliance.phrase_pattern import NUMBER, YEAR
from alliance.spelling import Lexicon

_OVERLAPPING = 8  # of one kind that may lie inside the stretch that follows: it would have to repeat itself as often
_NEVER = -1_000_000  # a place too far before all others
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

    def find(self, reading: Reading) -> list[tuple[int, int, Meaning]]:  # noqa: C901  # a call a word would double it
        """Each meaning found, with the places of its first and last word, in order of the last."""
        found: list[tuple[int, int, Meaning]] = []
        reached: dict[int, deque[tuple[int, int]]] = {}  # by stage: where matches that may go on began and ended
        live: list[tuple[int, int]] = []
        steps, accepts, stages, vocabulary = self.steps, self.accepts, self.stages, self.vocabulary
        clauses, sentences, last_place = reading.clauses, reading.sentences, len(reading.words) - 1
        for place, word in enumerate(reading.words):
            symbol = _number(word) if word.isdecimal() else word
            if symbol not in vocabulary:  # most words of most messages
                live = []
                continue
            live.append((0, place))
            still_live: list[tuple[int, int]] = []
            for state, start in live:
                after = steps[state].get(symbol)
                if after is None:
                    continue
                still_live.append((after, start))
                for number in accepts[after]:
                    previous, gap, completes, completes_at_end, is_awaited = stages[number]
                    first = start
                    if previous is not None:
                        before = reached.get(previous)
                        if before is None:
                            continue
                        first, last = before[-1]
                        if last >= start:
                            first, last = _latest_before(start, before)
                        if not 0 < start - last <= gap + 1 or sentences[last] != sentences[start]:
                            continue
                    if is_awaited:
                        if number not in reached:
                            reached[number] = deque(maxlen=_OVERLAPPING)
                        reached[number].append((first, place))
                    if completes_at_end:
                        goes_on = place < last_place and clauses[place + 1] == clauses[place]
                        found += [(first, place, meaning) for meaning in (completes if goes_on else completes_at_end)]
            live = still_live
        return found


def _latest_before(start: int, reached: deque[tuple[int, int]]) -> tuple[int, int]:
    """Of the matches reached, oldest first, the last one that ended before this place."""
    return next((one for one in reversed(reached) if one[1] < start), (start, _NEVER))


def _number(digits: str) -> str:
    return YEAR if len(digits) == _DIGITS_OF_A_YEAR and digits.startswith(_CENTURIES) else NUMBER
