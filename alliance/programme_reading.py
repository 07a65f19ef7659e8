"""A programme read from what a coordinator would say: "daily for two weeks, then weekly on Monday at 18:00"."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, TypedDict

from alliance.programme import Lasting, NotAProgramme, Phase, Programme, Span, Stretch
from alliance.programme_lexicon import KNOWN_WORDS, Kind, cut, plain_words
from alliance.programme_pieces import Lost
from alliance.programme_rhythms import OPENS_RHYTHM, Rhythms
from alliance.recurrence import Frequency
from alliance.rule_text import NotACadence

MOST_NEAREST = 3
LEAST_ALIKE = 0.7  # of 1, difflib's ratio: two letters of a weekday may be wrong
HOURS = 24

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "weekly on Tuesday and Friday at 18:00",
        "daily for two weeks, then every Monday",
        "every two weeks on Monday",
        "monthly on the last Friday",
        "two days after each visit",
        "daily for a week, twice a week for a month, then weekly",
        "weekly on Monday; not on 25 December 2026",
        "every day; at most three a week",
        "weekly on Monday; never within one day of a visit",
        "weekly on Monday from 1 March 2027 until 30 June 2027",
    ),
    "es": (
        "cada semana el martes y el viernes a las 18:00",
        "a diario durante dos semanas, luego cada lunes",
        "cada dos semanas el lunes",
        "cada mes el último viernes",
        "dos días después de cada visita",
        "a diario durante una semana, dos veces por semana durante un mes, luego cada semana",
        "cada semana el lunes; excepto el 25 de diciembre de 2026",
        "todos los días; como máximo tres a la semana",
        "cada semana el lunes; nunca a un día o menos de una visita",
        "cada semana el lunes desde el 1 de marzo de 2027 hasta el 30 de junio de 2027",
    ),
}

_SPANS = {Frequency.DAILY: Span.DAY, Frequency.WEEKLY: Span.WEEK, Frequency.MONTHLY: Span.MONTH}
_OPENS_EDGE = frozenset({Kind.AT, Kind.FOR, Kind.FROM, Kind.UNTIL})
_ENDS = frozenset({Kind.FOR, Kind.UNTIL})


class NotUnderstood(NotAProgramme):
    """A part of what was said that means nothing here, and what could be said instead."""

    def __init__(self, part: str, nearest: tuple[str, ...]) -> None:
        """``part`` is what could not be understood, empty where something is missing at the end."""
        what = f"{part!r} is not understood" if part else "something is missing at the end"
        super().__init__(f"{what}; it could be, for example, {' or '.join(repr(one) for one in nearest)}")
        self.part, self.nearest = part, nearest


def read_programme(words: str, language: Literal["en", "es"] = "en") -> Programme:
    """The programme that a sentence in English or Spanish means.

    Raises NotUnderstood for a part that means nothing, with examples in ``language``, and NotACadence for what can
    be understood and cannot be done.
    """
    try:
        return _Reader(words).programme()
    except Lost as lost:
        raise NotUnderstood(lost.part, nearest(lost.part, words, language)) from lost


@dataclass(kw_only=True, slots=True)
class _Edges:
    """The times of a phase, and where it begins and ends, as far as they were said."""

    given: set[Kind] = field(default_factory=set[Kind])
    at: tuple[time, ...] = ()
    lasts: Lasting | None = None
    starts_on: date | None = None
    until: date | None = None


class _Reader(Rhythms):
    """Reads phases, and what holds in all of them."""

    def programme(self) -> Programme:
        phases = [self._phase()]
        while self.opens({Kind.THEN, *OPENS_RHYTHM}):
            self.skip()
            if self.sees(Kind.THEN):
                self.next()
            phases.append(self._phase())
        limits = self._limits()
        if not self.has_ended():
            self.refuse(self.next().text)
        return Programme(phases=tuple(phases), **limits)

    def _phase(self) -> Phase:
        rules: list[str] = []
        visits: list[int] = []
        edges = _Edges()
        while True:
            if self.opens(_OPENS_EDGE):
                self.skip()
                self._edge(edges)
            # after the end of a phase another rhythm begins the next one
            elif self.opens(OPENS_RHYTHM) and not ((rules or visits) and edges.given & _ENDS):
                self.skip()
                self.rhythm(rules, visits)
            else:
                break
        if not rules and not visits:
            self.refuse(self.rest())
        return Phase(
            rules=tuple(rules),
            visits=tuple(visits),
            at=edges.at,
            lasts=edges.lasts,
            starts_on=edges.starts_on,
            until=edges.until,
        )

    def _edge(self, edges: "_Edges") -> None:
        """The times of a phase, its length, its first or its last day; each once."""
        opened = self.next()
        if opened.kind in edges.given:
            self.refuse(f"{opened.text} {self.rest()}".strip())
        edges.given.add(opened.kind)
        match opened.kind:
            case Kind.AT:
                edges.at = self._times()
            case Kind.FOR:
                edges.lasts = self._lasting()
            case Kind.FROM:
                edges.starts_on = self._date()
            case _:
                edges.until = self._date()

    def _times(self) -> tuple[time, ...]:
        found = [self._time()]
        while self.follows(Kind.TIME) or (self.follows(Kind.NUMBER) and not self._opens_length()):
            self.skip()
            found.append(self._time())
        return tuple(sorted(set(found)))

    def _opens_length(self) -> bool:
        """Whether the number that follows counts something, such as days, and is no hour."""
        return self.ahead()[1:2] == [Kind.UNIT]

    def _time(self) -> time:
        piece = self.next()
        if piece.kind is Kind.NUMBER and piece.number < HOURS:
            return time(piece.number)
        if piece.at is None:
            self.refuse(piece.text)
        return piece.at

    def _lasting(self) -> Lasting:
        piece = self.next()
        if piece.kind in {Kind.A_DAY, Kind.A_WEEK}:
            return Lasting(number=1, span=Span.DAY if piece.kind is Kind.A_DAY else Span.WEEK)
        if piece.kind is not Kind.NUMBER:
            self.refuse(piece.text)
        unit = self.take(Kind.UNIT)
        span = _SPANS.get(unit.frequency) if unit.frequency else None
        if span is None:
            return Lasting(number=piece.number * 12, span=Span.MONTH)  # a year
        return Lasting(number=piece.number, span=span)

    def _date(self) -> date:
        piece = self.next()
        if piece.kind is not Kind.DATE or piece.day is None:
            self.refuse(piece.text)
        return piece.day

    def _limits(self) -> "_Limits":
        limits = _Limits()
        readers: dict[Kind, Callable[[_Limits], None]] = {
            Kind.NEVER_WITHIN: self._away,
            Kind.NOT_ON: self._not_on,
            Kind.AT_MOST: self._at_most,
            Kind.AFTER_FLAG: self._after_flag,
        }
        while self.opens(readers):
            self.skip()
            readers[self.next().kind](limits)
        return limits

    def _away(self, limits: "_Limits") -> None:
        limits["away_from_visits"] = self.days_long()
        self.take(Kind.VISIT)

    def _not_on(self, limits: "_Limits") -> None:
        stretches = [self._stretch()]
        while self.follows(Kind.DATE) or self.follows(Kind.FROM):
            self.skip()
            stretches.append(self._stretch())
        limits["not_on"] = (*limits.get("not_on", ()), *stretches)

    def _stretch(self) -> Stretch:
        if self.sees(Kind.FROM):
            self.next()
            first = self._date()
            self.take(Kind.UNTIL)
            return Stretch(first=first, last=self._date())
        day = self._date()
        return Stretch(first=day, last=day)

    def _at_most(self, limits: "_Limits") -> None:
        piece = self.next()
        if piece.kind is Kind.TIMES_A_DAY:
            limits["most_a_day"] = piece.number
        elif piece.kind is Kind.TIMES_A_WEEK:
            limits["most_a_week"] = piece.number
        elif piece.kind is Kind.NUMBER and self.sees(Kind.A_DAY):
            self.next()
            limits["most_a_day"] = piece.number
        elif piece.kind is Kind.NUMBER and self.sees(Kind.A_WEEK):
            self.next()
            limits["most_a_week"] = piece.number
        else:
            self.refuse(piece.text)

    def _after_flag(self, limits: "_Limits") -> None:
        rules: list[str] = []
        visits: list[int] = []
        while not rules or self.opens(OPENS_RHYTHM):
            self.skip()
            self.rhythm(rules, visits)
        if visits:
            self.refuse(self.rest() or "after a flag")
        limits["after_flag"] = tuple(rules)


class _Limits(TypedDict, total=False):
    """What holds in all phases, as far as it was said."""

    away_from_visits: int
    not_on: tuple[Stretch, ...]
    most_a_day: int
    most_a_week: int
    after_flag: tuple[str, ...]


def nearest(part: str, words: str, language: Literal["en", "es"]) -> tuple[str, ...]:
    """What could be said instead: the same sentence with the word put right, and the examples most like it."""
    plain = plain_words(words)
    meant = difflib.get_close_matches(part, KNOWN_WORDS, n=1, cutoff=LEAST_ALIKE) if part else []
    corrected = [plain.replace(part, meant[0])] if meant and meant[0] != part else []
    corrected = [one for one in corrected if _can_be_read(one, language)]
    alike = sorted(
        EXAMPLES[language],
        key=lambda example: -difflib.SequenceMatcher(None, plain, plain_words(example)).ratio(),
    )
    return (*corrected, *alike)[:MOST_NEAREST]


def _can_be_read(words: str, language: Literal["en", "es"]) -> bool:
    """Whether that sentence means something; one with more words that mean nothing is not tried."""
    if any(piece.kind is Kind.UNKNOWN for piece in cut(words)):
        return False
    try:
        read_programme(words, language)
    except NotACadence:
        return False
    return True
