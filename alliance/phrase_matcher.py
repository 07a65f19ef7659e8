"""All patterns as one table of steps, walked once over a message however many patterns there are."""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from alliance.normalise import Reading
from alliance.phrase_pattern import NUMBER, YEAR, OneOf, Pattern, Phrase, UnreadablePattern, read_pattern
from alliance.spelling import Lexicon

MOST_STATES = 60_000  # of the matcher; a pattern that needs more repeats itself too freely
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

    `steps[state][word]` is the next state; `accepts[state]` are the stages whose last word was just read.
    """

    lexicon: Lexicon
    vocabulary: frozenset[str]  # every word and kind of number that leads anywhere
    steps: tuple[Mapping[str, int], ...]
    accepts: tuple[tuple[int, ...], ...]
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


class Weaver(Generic[Meaning]):
    """Lays every pattern into one table: first as positions, then merged so that each text has one path.

    `fillers` are left out of patterns, as they are of messages.

    A position is a word of a pattern with the positions that may follow it. What is not a word but the end of a
    stage is written as the stage's number with its bits inverted, and so is negative.
    """

    def __init__(self, *, fillers: Collection[str] = ()) -> None:
        self._fillers = fillers
        self._words: list[str] = []
        self._follows: list[frozenset[int]] = []
        self._entries: set[int] = set()
        self._stage_of: dict[tuple[int | None, int, Phrase], int] = {}
        self._completes: list[list[tuple[Meaning, bool]]] = []

    def add(self, pattern: str, meaning: Meaning) -> Pattern:
        """Listen for this pattern too; raises UnreadablePattern. Stretches that begin alike are laid once."""
        read = read_pattern(pattern, fillers=self._fillers)
        previous: int | None = None
        for stretch in read.stretches:
            key = (previous, stretch.gap, stretch.phrase)
            if key not in self._stage_of:
                self._stage_of[key] = self._new_stage(stretch.phrase)
            previous = self._stage_of[key]
        if previous is not None:
            self._completes[previous].append((meaning, read.at_end_only))
        return read

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in a pattern."""
        return frozenset(self._words) - {NUMBER, YEAR}

    def matcher(self, lexicon: Lexicon) -> Matcher[Meaning]:
        """What was added, ready to be walked; raises UnreadablePattern if it needs more than MOST_STATES."""
        steps, accepts = self._merged()
        awaited = {previous for previous, _, _ in self._stage_of if previous is not None}
        stages = tuple(
            Stage(
                previous=previous,
                gap=gap,
                completes=tuple(meaning for meaning, at_end_only in self._completes[number] if not at_end_only),
                completes_at_end=tuple(meaning for meaning, _ in self._completes[number]),
                is_awaited=number in awaited,
            )
            for (previous, gap, _), number in self._stage_of.items()
        )
        return Matcher(
            lexicon=lexicon,
            vocabulary=self.words | {NUMBER, YEAR},
            steps=tuple(steps),
            accepts=tuple(accepts),
            stages=stages,
        )

    def _new_stage(self, phrase: Phrase) -> int:
        number = len(self._completes)
        entries = self._lay(phrase, frozenset({~number}))
        if ~number in entries:
            raise UnreadablePattern("a stretch could be matched by no word at all")
        self._completes.append([])
        self._entries |= entries
        return number

    def _lay(self, phrase: Phrase, then: frozenset[int]) -> frozenset[int]:
        """Lay a phrase in front of what follows it, last word first; give back where it may begin."""
        for item in reversed(phrase):
            then = self._lay_item(item, then)
        return then

    def _lay_item(self, item: str | OneOf, then: frozenset[int]) -> frozenset[int]:
        if isinstance(item, OneOf):
            return frozenset(position for way in item.ways for position in self._lay(way, then))
        self._words.append(item)
        self._follows.append(then)
        return frozenset({len(self._words) - 1})

    def _merged(self) -> tuple[list[Mapping[str, int]], list[tuple[int, ...]]]:
        """Merge positions that are reached by the same words (subset construction)."""
        numbers: dict[frozenset[int], int] = {frozenset(self._entries): 0}
        steps: list[Mapping[str, int]] = []
        accepts: list[tuple[int, ...]] = []
        for positions in (waiting := list(numbers)):
            accepts.append(tuple(sorted(~position for position in positions if position < 0)))
            onward: dict[str, int] = {}
            for word, target in self._onward(positions).items():
                if target not in numbers:
                    numbers[target] = len(numbers)
                    waiting.append(target)
                onward[word] = numbers[target]
            steps.append(onward)
            if len(numbers) > MOST_STATES:
                raise UnreadablePattern(f"the patterns together need more than {MOST_STATES} states")
        return steps, accepts

    def _onward(self, positions: frozenset[int]) -> Mapping[str, frozenset[int]]:
        onward: defaultdict[str, set[int]] = defaultdict(set)
        for position in positions:
            if position >= 0:
                onward[self._words[position]] |= self._follows[position]
        if NUMBER in onward:  # a year is a number too
            onward[YEAR] |= onward[NUMBER]
        return {word: frozenset(reached) for word, reached in onward.items()}


def _latest_before(start: int, reached: deque[tuple[int, int]]) -> tuple[int, int]:
    """Of the matches reached, oldest first, the last one that ended before this place."""
    return next((one for one in reversed(reached) if one[1] < start), (start, _NEVER))


def _number(digits: str) -> str:
    return YEAR if len(digits) == _DIGITS_OF_A_YEAR and digits.startswith(_CENTURIES) else NUMBER
