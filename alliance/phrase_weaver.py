"""Patterns gathered into one matcher."""

from typing import Generic, TypeVar

from alliance.phrase_matcher import Matcher, Stage
from alliance.phrase_pattern import NUMBER, YEAR, OneOf, Pattern, Phrase, UnreadablePattern, fewest_words
from alliance.phrase_table import Table
from alliance.spelling import Lexicon

Meaning = TypeVar("Meaning")


class Weaver(Generic[Meaning]):
    """Takes patterns with what they stand for, and makes of them one matcher."""

    def __init__(self) -> None:
        self._words: set[str] = set()
        self._choices: set[OneOf] = set()
        self._stage_of: dict[tuple[int | None, int, Phrase], int] = {}
        self._completes: list[list[tuple[Meaning, bool]]] = []

    def add(self, pattern: Pattern, meaning: Meaning) -> None:
        """Listen for this pattern too; raises UnreadablePattern. Stretches that begin alike are one stage."""
        previous: int | None = None
        for stretch in pattern.stretches:
            key = (previous, stretch.gap, stretch.phrase)
            if key not in self._stage_of:
                self._stage_of[key] = self._new_stage(stretch.phrase)
            previous = self._stage_of[key]
        if previous is not None:
            self._completes[previous].append((meaning, pattern.at_end_only))

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in a pattern."""
        return frozenset(self._words) - {NUMBER, YEAR}

    def matcher(self, lexicon: Lexicon) -> Matcher[Meaning]:
        """What was added, ready to be walked."""
        table = Table()
        table.begin([phrase for _, _, phrase in self._stage_of])
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
            steps=table.steps,
            accepts=table.accepts,
            stages=stages,
        )

    def _new_stage(self, phrase: Phrase) -> int:
        if not fewest_words(phrase):
            raise UnreadablePattern("a stretch could be matched by no word at all")
        self._hear(phrase)
        self._completes.append([])
        return len(self._completes) - 1

    def _hear(self, phrase: Phrase) -> None:
        for item in phrase:
            if isinstance(item, str):
                self._words.add(item)
            elif item not in self._choices:
                self._choices.add(item)
                for way in item.ways:
                    self._hear(way)
