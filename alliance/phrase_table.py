"""The table of steps that all patterns make together, a row of it worked out when a message first leads there."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from alliance.phrase_pattern import NUMBER, YEAR, Phrase

MOST_STATES = 60_000  # of a shipped list, when everything has been said; the tests count them
_Place: TypeAlias = int  # one that is negative is the end of a stage: its number with the bits inverted


class Table:
    """States by number. A state is the places that the words so far may have led to, merged, so that each text has
    one path (subset construction); a place is somewhere in a phrase, with what comes after that phrase.

    Most states are never reached, and to work them all out would take longer than everything else in a start.
    """

    def __init__(self) -> None:
        self.steps: list[Mapping[str, int]] = []
        self.accepts: list[tuple[int, ...]] = []
        self._states: list[frozenset[_Place]] = []
        self._numbers: dict[frozenset[_Place], int] = {}
        self._places: list[tuple[Phrase, int, _Place]] = []
        self._words_at: dict[_Place, tuple[tuple[str, _Place], ...]] = {}
        self._beyond: dict[_Place, _Place] = {}

    def begin(self, phrases: list[Phrase]) -> None:
        """State 0, in which any of these may begin; the end of each is the stage of its number."""
        self._number_of(frozenset(self._place(phrase, 0, ~stage) for stage, phrase in enumerate(phrases)))

    def work_out(self, state: int) -> Mapping[str, int]:
        """The row of a state; from now on it is an ordinary one."""
        onward: defaultdict[str, set[_Place]] = defaultdict(set)
        for place in self._states[state]:
            for word, beyond in self._remembered(place) if state else self._words(place):
                onward[word].add(beyond)
        if NUMBER in onward:  # a year is a number too
            onward[YEAR] |= onward[NUMBER]
        row = {word: self._number_of(frozenset(places)) for word, places in onward.items()}
        self.steps[state] = row
        return row

    def _number_of(self, state: frozenset[_Place]) -> int:
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
            self.accepts.append(tuple(sorted({stage for place in state for stage in self._ends(place)})))
            self.steps.append(_Unread(self, number))
        return number

    def _place(self, phrase: Phrase, at: int, then: _Place) -> _Place:
        if at == len(phrase):
            return then
        self._places.append((phrase, at, then))
        return len(self._places) - 1

    def _after(self, place: _Place) -> _Place:
        """What comes after the item at a place."""
        if place not in self._beyond:
            phrase, at, then = self._places[place]
            self._beyond[place] = self._place(phrase, at + 1, then)
        return self._beyond[place]

    def _remembered(self, place: _Place) -> tuple[tuple[str, _Place], ...]:
        """As `_words`, for a place that is met again; what the first state begins with, and a way, is met once."""
        if place not in self._words_at:
            self._words_at[place] = tuple(self._words(place))
        return self._words_at[place]

    def _words(self, place: _Place) -> Iterator[tuple[str, _Place]]:
        """Each word that may stand at a place, with the place it leads to."""
        if place < 0:
            return
        phrase, at, _ = self._places[place]
        item, beyond = phrase[at], self._after(place)
        if isinstance(item, str):
            yield item, beyond
        else:
            for way in item.ways:
                yield from self._words(self._place(way, 0, beyond)) if way else self._remembered(beyond)

    def _ends(self, place: _Place) -> Iterator[int]:
        """The stages that are complete at a place because nothing more has to be said."""
        while place >= 0:
            phrase, at, _ = self._places[place]
            item = phrase[at]
            if isinstance(item, str) or item.fewest:
                return
            place = self._after(place)
        yield ~place


class _Unread(Mapping[str, int]):
    """The row of a state that no message has led to yet."""

    def __init__(self, table: Table, state: int) -> None:
        self._table = table
        self._state = state

    def get(self, word: str, default: int | None = None, /) -> int | None:  # type: ignore[override]  # as it is used
        return self._row().get(word, default)

    def __getitem__(self, word: str) -> int:
        return self._row()[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._row())

    def __len__(self) -> int:
        return len(self._row())

    def _row(self) -> Mapping[str, int]:
        row = self._table.steps[self._state]
        return self._table.work_out(self._state) if row is self else row
