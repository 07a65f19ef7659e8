"""A programme read from what a coordinator would say: "daily for two weeks, then weekly on Monday at 18:00"."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, NoReturn, TypedDict

from alliance.programme import Lasting, NotAProgramme, Phase, Programme, Span, Stretch
from alliance.programme_lexicon import KNOWN_WORDS, Kind, Piece, cut, plain_words
from alliance.recurrence import Frequency
from alliance.rule_text import WEEKDAYS, NotACadence, parse_rule

MOST_NEAREST = 3
LEAST_ALIKE = 0.7  # of 1, difflib's ratio: two letters of a weekday may be wrong
WEEK = 7  # days
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

_PER_WEEK = {1: "", 2: ";BYDAY=MO,TH", 3: ";BYDAY=MO,WE,FR", 4: ";BYDAY=MO,TU,TH,FR", 5: ";BYDAY=MO,TU,WE,TH,FR"}
_SPANS = {Frequency.DAILY: Span.DAY, Frequency.WEEKLY: Span.WEEK, Frequency.MONTHLY: Span.MONTH}
_SEPARATORS = frozenset({Kind.AND, Kind.CLAUSE})
_OPENS_RHYTHM = frozenset(
    {
        *(Kind.RULE, Kind.EVERY, Kind.ADVERB, Kind.WEEKDAY, Kind.WORKDAYS, Kind.TIMES_A_WEEK, Kind.NTH),
        *(Kind.LAST_WORKDAY, Kind.LAST_DAY, Kind.NUMBER, Kind.A_DAY, Kind.A_WEEK, Kind.UNIT, Kind.DAY_OF_YEAR),
    }
)
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
    return _Reader(words, language).programme()


@dataclass(kw_only=True, slots=True)
class _Edges:
    """The times of a phase, and where it begins and ends, as far as they were said."""

    given: set[Kind] = field(default_factory=set[Kind])
    at: tuple[time, ...] = ()
    lasts: Lasting | None = None
    starts_on: date | None = None
    until: date | None = None


class _Reader:
    """Goes through the pieces from the first to the last; what it does not expect, it names."""

    def __init__(self, words: str, language: Literal["en", "es"]) -> None:
        self._words = words
        self._language: Literal["en", "es"] = language
        self._pieces = cut(words)
        self._at = 0
        for piece in self._pieces:
            if piece.kind is Kind.UNKNOWN:
                self._refuse(piece.text)

    def programme(self) -> Programme:
        phases = [self._phase()]
        while self._opens({Kind.THEN, *_OPENS_RHYTHM}):
            self._skip()
            if self._sees(Kind.THEN):
                self._next()
            phases.append(self._phase())
        limits = self._limits()
        if self._at < len(self._pieces):
            self._refuse(self._pieces[self._at].text)
        return Programme(phases=tuple(phases), **limits)

    # what a phase is made of

    def _phase(self) -> Phase:
        rules: list[str] = []
        visits: list[int] = []
        edges = _Edges()
        while True:
            if self._opens(_OPENS_EDGE):
                self._skip()
                self._edge(edges)
            elif self._opens(_OPENS_RHYTHM) and not (rules and edges.given & _ENDS):  # then it is the next phase
                self._skip()
                self._rhythm(rules, visits)
            else:
                break
        if not rules and not visits:
            self._refuse(self._rest())
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
        opened = self._next()
        if opened.kind in edges.given:
            self._refuse(f"{opened.text} {self._rest()}".strip())
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
        while self._follows(Kind.TIME) or (self._follows(Kind.NUMBER) and not self._opens_length()):
            self._skip()
            found.append(self._time())
        return tuple(sorted(set(found)))

    def _opens_length(self) -> bool:
        """Whether the number that follows counts something, such as days, and is no hour."""
        kinds = [piece.kind for piece in self._pieces[self._at :] if piece.kind not in _SEPARATORS]
        return kinds[1:2] == [Kind.UNIT]

    def _time(self) -> time:
        piece = self._next()
        if piece.kind is Kind.NUMBER and piece.number < HOURS:
            return time(piece.number)
        if piece.at is None:
            self._refuse(piece.text)
        return piece.at

    def _lasting(self) -> Lasting:
        piece = self._next()
        if piece.kind in {Kind.A_DAY, Kind.A_WEEK}:
            return Lasting(number=1, span=Span.DAY if piece.kind is Kind.A_DAY else Span.WEEK)
        if piece.kind is not Kind.NUMBER:
            self._refuse(piece.text)
        unit = self._take(Kind.UNIT)
        span = _SPANS.get(unit.frequency) if unit.frequency else None
        if span is None:
            return Lasting(number=piece.number * 12, span=Span.MONTH)  # a year
        return Lasting(number=piece.number, span=span)

    def _date(self) -> date:
        piece = self._next()
        if piece.kind is not Kind.DATE or piece.day is None:
            self._refuse(piece.text)
        return piece.day

    # rhythms

    def _rhythm(self, rules: list[str], visits: list[int]) -> None:
        piece = self._next()
        match piece.kind:
            case Kind.RULE:
                rules.append(parse_rule(piece.text.removeprefix("by the rule ").removeprefix("segun la regla ")))
            case Kind.NUMBER | Kind.A_DAY | Kind.A_WEEK | Kind.UNIT:
                self._at -= 1
                visits.append(self._around_visit())
            case Kind.TIMES_A_WEEK:
                rules.append(parse_rule("FREQ=WEEKLY" + _PER_WEEK[piece.number]))
            case Kind.ADVERB if piece.frequency:
                rules += self._days(piece.frequency, piece.number)
            case Kind.EVERY:
                rules += self._every(piece)
            case Kind.WEEKDAY | Kind.WORKDAYS:
                self._at -= 1
                rules += self._days(Frequency.WEEKLY, 1)
            case Kind.DAY_OF_YEAR:
                self._at -= 1
                rules += self._days(Frequency.YEARLY, 1)
            case _:
                self._at -= 1
                rules += self._days(Frequency.MONTHLY, 1)

    def _every(self, every: Piece) -> list[str]:
        """After "every": a number of periods, a period, or days."""
        interval = every.number
        if self._sees(Kind.NUMBER):
            interval = self._next().number
            if not self._sees(Kind.UNIT):
                self._refuse(self._rest())
        if self._sees(Kind.UNIT):
            frequency = self._next().frequency or Frequency.DAILY
            return self._days(frequency, interval)
        if self._sees(Kind.WEEKDAY) or self._sees(Kind.WORKDAYS):
            return self._days(Frequency.WEEKLY, interval)
        if not self._opens({Kind.NTH, Kind.LAST_WORKDAY, Kind.LAST_DAY}):
            self._refuse(self._rest())
        return self._days(Frequency.MONTHLY, interval)

    def _days(self, frequency: Frequency, interval: int) -> list[str]:
        """The rules for a period with the days that are named after it; without any, the first day decides."""
        start = f"FREQ={frequency.value};INTERVAL={interval}"
        match frequency:
            case Frequency.DAILY:
                parts = [""]
            case Frequency.WEEKLY:
                parts = self._week_days()
            case Frequency.MONTHLY:
                parts = self._month_days()
            case Frequency.YEARLY:
                parts = self._year_days()
        return [parse_rule(start + part) for part in parts]

    def _week_days(self) -> list[str]:
        if self._sees(Kind.WORKDAYS):
            self._next()
            return [";BYDAY=MO,TU,WE,TH,FR"]
        found = [WEEKDAYS[piece.number] for piece in self._list({Kind.WEEKDAY})]
        return [f";BYDAY={','.join(found)}" if found else ""]

    def _month_days(self) -> list[str]:
        if self._sees(Kind.LAST_WORKDAY):
            self._next()
            return [";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"]
        weekdays: list[str] = []
        dates: list[str] = []
        for piece in self._list({Kind.NTH, Kind.LAST_DAY}):
            if self._sees(Kind.WEEKDAY) and piece.kind is Kind.NTH:
                weekdays.append(f"{piece.number}{WEEKDAYS[self._next().number]}")
            else:
                dates.append("-1" if piece.kind is Kind.LAST_DAY else str(piece.number))
        named = [f";BYDAY={','.join(weekdays)}"] if weekdays else []
        named += [f";BYMONTHDAY={','.join(dates)}"] if dates else []
        return named or [""]

    def _year_days(self) -> list[str]:
        days = [piece.day for piece in self._list({Kind.DAY_OF_YEAR}) if piece.day]
        months = dict.fromkeys(day.month for day in days)
        return [
            f";BYMONTH={month};BYMONTHDAY={','.join(str(day.day) for day in days if day.month == month)}"
            for month in months
        ] or [""]

    def _list(self, kinds: set[Kind]) -> Iterable[Piece]:
        """Pieces of these kinds one after the other, with commas and "and" between them."""
        if any(self._sees(kind) for kind in kinds):
            yield self._next()
            while any(self._follows(kind) for kind in kinds):
                self._skip()
                yield self._next()

    def _around_visit(self) -> int:
        """Days after (positive) or before (negative) each visit."""
        number = self._days_long()
        side = self._next()
        if side.kind not in {Kind.AFTER, Kind.BEFORE}:
            self._refuse(side.text)
        self._take(Kind.VISIT)
        return number if side.kind is Kind.AFTER else -number

    def _days_long(self) -> int:
        """A number of days, from days or weeks; "a day", and "the day" after a visit, are one."""
        piece = self._next()
        if piece.kind in {Kind.A_DAY, Kind.A_WEEK}:
            return 1 if piece.kind is Kind.A_DAY else WEEK
        if piece.kind is Kind.UNIT and piece.frequency is Frequency.DAILY:
            return 1
        if piece.kind is not Kind.NUMBER:
            self._refuse(piece.text)
        unit = self._take(Kind.UNIT)
        if unit.frequency is Frequency.WEEKLY:
            return piece.number * WEEK
        if unit.frequency is not Frequency.DAILY:
            self._refuse(unit.text)
        return piece.number

    # what holds in all phases

    def _limits(self) -> "_Limits":
        limits = _Limits()
        readers: dict[Kind, Callable[[_Limits], None]] = {
            Kind.NEVER_WITHIN: self._away,
            Kind.NOT_ON: self._not_on,
            Kind.AT_MOST: self._at_most,
            Kind.AFTER_FLAG: self._after_flag,
        }
        while self._opens(readers):
            self._skip()
            readers[self._next().kind](limits)
        return limits

    def _away(self, limits: "_Limits") -> None:
        limits["away_from_visits"] = self._days_long()
        self._take(Kind.VISIT)

    def _not_on(self, limits: "_Limits") -> None:
        stretches = [self._stretch()]
        while self._follows(Kind.DATE) or self._follows(Kind.FROM):
            self._skip()
            stretches.append(self._stretch())
        limits["not_on"] = (*limits.get("not_on", ()), *stretches)

    def _stretch(self) -> Stretch:
        if self._sees(Kind.FROM):
            self._next()
            first = self._date()
            self._take(Kind.UNTIL)
            return Stretch(first=first, last=self._date())
        day = self._date()
        return Stretch(first=day, last=day)

    def _at_most(self, limits: "_Limits") -> None:
        piece = self._next()
        if piece.kind is Kind.TIMES_A_DAY:
            limits["most_a_day"] = piece.number
        elif piece.kind is Kind.TIMES_A_WEEK:
            limits["most_a_week"] = piece.number
        elif piece.kind is Kind.NUMBER and self._sees(Kind.A_DAY):
            self._next()
            limits["most_a_day"] = piece.number
        elif piece.kind is Kind.NUMBER and self._sees(Kind.A_WEEK):
            self._next()
            limits["most_a_week"] = piece.number
        else:
            self._refuse(piece.text)

    def _after_flag(self, limits: "_Limits") -> None:
        rules: list[str] = []
        visits: list[int] = []
        while not rules or self._opens(_OPENS_RHYTHM):
            self._skip()
            self._rhythm(rules, visits)
        if visits:
            self._refuse(self._words)
        limits["after_flag"] = tuple(rules)

    # moving on

    def _opens(self, kinds: Iterable[Kind]) -> bool:
        """Whether, separators aside, the next piece is one of these."""
        ahead = next((piece.kind for piece in self._pieces[self._at :] if piece.kind not in _SEPARATORS), None)
        return ahead is not None and ahead in frozenset(kinds)

    def _follows(self, kind: Kind) -> bool:
        """Whether a piece of this kind comes next, after a comma or "and" at least, and no semicolon."""
        ahead = self._at
        while ahead < len(self._pieces) and self._pieces[ahead].kind is Kind.AND:
            ahead += 1
        return self._at < ahead < len(self._pieces) and self._pieces[ahead].kind is kind

    def _sees(self, kind: Kind) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at].kind is kind

    def _skip(self) -> None:
        while self._at < len(self._pieces) and self._pieces[self._at].kind in _SEPARATORS:
            self._at += 1

    def _next(self) -> Piece:
        if self._at == len(self._pieces):
            self._refuse("")
        self._at += 1
        return self._pieces[self._at - 1]

    def _take(self, kind: Kind) -> Piece:
        piece = self._next()
        if piece.kind is not kind:
            self._refuse(piece.text)
        return piece

    def _rest(self) -> str:
        return " ".join(piece.text for piece in self._pieces[self._at :])

    def _refuse(self, part: str) -> NoReturn:
        raise NotUnderstood(part, nearest(part, self._words, self._language))


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
