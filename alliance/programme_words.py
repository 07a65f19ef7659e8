"""A programme said in words: what a coordinator reads before it counts, and what can be read back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from alliance.cadence_words import TONGUES, Tongue, days_in_words, has_plain_words, listed, times_in_words
from alliance.programme import Phase, Programme, Span, Stretch
from alliance.recurrence import Rule
from alliance.rule_text import read, write

MALE, FEMALE = 0, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class _Phrases:
    """What one language says of phases, visits and limits."""

    spans: Mapping[Span, tuple[str, str, int]]  # one, several, and its gender
    one: tuple[str, str]  # by gender
    then: str
    lasts: str
    begins: str
    ends: str
    day: str
    stretch: str
    single: str  # a day among those that are left out
    after_visit: str
    before_visit: str
    away: str
    not_on: str
    most_a_day: str
    most_a_week: str
    after_flag: str


_ENGLISH = _Phrases(
    spans={
        Span.DAY: ("day", "days", MALE),
        Span.WEEK: ("week", "weeks", FEMALE),
        Span.MONTH: ("month", "months", MALE),
    },
    one=("one", "one"),
    then=", then ",
    lasts=" for {length}",
    begins=" from {day}",
    ends=" until {day}",
    day="{day} {month} {year}",
    stretch="from {first} to {last}",
    single="{day}",
    after_visit="{days} after each visit",
    before_visit="{days} before each visit",
    away="; never within {days} of a visit",
    not_on="; not on {days}",
    most_a_day="; at most {number} a day",
    most_a_week="; at most {number} a week",
    after_flag="; after a flag also {days}",
)

_SPANISH = _Phrases(
    spans={
        Span.DAY: ("día", "días", MALE),
        Span.WEEK: ("semana", "semanas", FEMALE),
        Span.MONTH: ("mes", "meses", MALE),
    },
    one=("un", "una"),
    then=", luego ",
    lasts=" durante {length}",
    begins=" desde el {day}",
    ends=" hasta el {day}",
    day="{day} de {month} de {year}",
    stretch="del {first} al {last}",
    single="el {day}",
    after_visit="{days} después de cada visita",
    before_visit="{days} antes de cada visita",
    away="; nunca a {days} o menos de una visita",
    not_on="; excepto {days}",
    most_a_day="; como máximo {number} al día",
    most_a_week="; como máximo {number} a la semana",
    after_flag="; tras un aviso también {days}",
)

_PHRASES = {"en": _ENGLISH, "es": _SPANISH}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Speaker:
    tongue: Tongue
    phrases: _Phrases


def programme_in_words(programme: Programme, language: Literal["en", "es"]) -> str:
    """The programme as a phrase without a full stop; `programme_reading.read_programme` reads it back."""
    speaker = _Speaker(tongue=TONGUES[language], phrases=_PHRASES[language])
    said = speaker.phrases.then.join(_phase(phase, speaker) for phase in programme.phases)
    return said + "".join(_limits(programme, speaker))


def rule_in_words(rule: str, language: Literal["en", "es"]) -> str:
    """One rule's days; a day that the rule leaves open, the first of its phase decides."""
    return _rule(read(rule), TONGUES[language])


def _phase(phase: Phase, speaker: _Speaker) -> str:
    phrases, tongue = speaker.phrases, speaker.tongue
    rhythms = [*(_rule(read(rule), tongue) for rule in phase.rules), *(_visit(day, speaker) for day in phase.visits)]
    said = f", {tongue.conjunction} ".join(rhythms)
    if phase.at:
        said += f" {times_in_words(phase.at, tongue)}"
    if phase.lasts is not None:
        said += phrases.lasts.format(length=_length(phase.lasts.number, phase.lasts.span, speaker))
    if phase.starts_on is not None:
        said += phrases.begins.format(day=_day(phase.starts_on, speaker))
    if phase.until is not None:
        said += phrases.ends.format(day=_day(phase.until, speaker))
    return said


def _limits(programme: Programme, speaker: _Speaker) -> list[str]:
    phrases = speaker.phrases
    said: list[str] = []
    if programme.away_from_visits is not None:
        said.append(phrases.away.format(days=_length(programme.away_from_visits, Span.DAY, speaker)))
    if programme.not_on:
        days = listed([_stretch(stretch, speaker) for stretch in programme.not_on], speaker.tongue)
        said.append(phrases.not_on.format(days=days))
    if programme.most_a_day is not None:
        said.append(phrases.most_a_day.format(number=_number(programme.most_a_day, FEMALE, speaker)))
    if programme.most_a_week is not None:
        said.append(phrases.most_a_week.format(number=_number(programme.most_a_week, FEMALE, speaker)))
    if programme.after_flag:
        rules = [_rule(read(rule), speaker.tongue) for rule in programme.after_flag]
        said.append(phrases.after_flag.format(days=f", {speaker.tongue.conjunction} ".join(rules)))
    return said


def _rule(rule: Rule, tongue: Tongue) -> str:
    has_end = rule.count is not None or rule.until is not None
    if not has_end and has_plain_words(rule) and (said := days_in_words(rule, tongue)):
        return said
    return tongue.by_rule.format(rule=write(rule))


def _visit(offset: int, speaker: _Speaker) -> str:
    phrase = speaker.phrases.after_visit if offset > 0 else speaker.phrases.before_visit
    return phrase.format(days=_length(abs(offset), Span.DAY, speaker))


def _stretch(stretch: Stretch, speaker: _Speaker) -> str:
    first, last = _day(stretch.first, speaker), _day(stretch.last, speaker)
    if stretch.first == stretch.last:
        return speaker.phrases.single.format(day=first)
    return speaker.phrases.stretch.format(first=first, last=last)


def _day(day: date, speaker: _Speaker) -> str:
    return speaker.phrases.day.format(day=day.day, month=speaker.tongue.months[day.month - 1], year=day.year)


def _length(number: int, span: Span, speaker: _Speaker) -> str:
    one, several, gender = speaker.phrases.spans[span]
    return f"{_number(number, gender, speaker)} {one if number == 1 else several}"


def _number(number: int, gender: int, speaker: _Speaker) -> str:
    return speaker.phrases.one[gender] if number == 1 else speaker.tongue.numbers.get(number, str(number))
