"""The words in which a programme is given, in English and Spanish alike, and how a sentence is cut into them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum, auto
from types import MappingProxyType

from alliance.own_hours import read_time
from alliance.recurrence import Frequency

LONGEST_SENTENCE = 4000  # characters; a programme of twelve phases has fewer


class Kind(StrEnum):
    """What a piece of a sentence is."""

    RULE = auto()
    DATE = auto()
    DAY_OF_YEAR = auto()
    TIME = auto()
    NUMBER = auto()
    NTH = auto()
    EVERY = auto()
    ADVERB = auto()
    UNIT = auto()
    WEEKDAY = auto()
    WORKDAYS = auto()
    LAST_WORKDAY = auto()
    LAST_DAY = auto()
    TIMES_A_WEEK = auto()
    TIMES_A_DAY = auto()
    A_DAY = auto()
    A_WEEK = auto()
    AT = auto()
    FOR = auto()
    FROM = auto()
    UNTIL = auto()
    THEN = auto()
    AND = auto()
    AFTER = auto()
    BEFORE = auto()
    VISIT = auto()
    NEVER_WITHIN = auto()
    NOT_ON = auto()
    AT_MOST = auto()
    AFTER_FLAG = auto()
    CLAUSE = auto()  # a semicolon
    FILLER = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of a sentence: what it is, what it means, and how it was written."""

    kind: Kind
    text: str
    number: int = 0
    day: date | None = None
    at: time | None = None
    frequency: Frequency | None = None


MONTHS = (
    ("january", "jan", "enero"), ("february", "feb", "febrero"), ("march", "mar", "marzo"), ("april", "apr", "abril"),
    ("may", "mayo"), ("june", "jun", "junio"), ("july", "jul", "julio"), ("august", "aug", "agosto"),
    ("september", "sep", "septiembre", "setiembre"), ("october", "oct", "octubre"), ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre"),
)  # fmt: skip
WEEKDAYS = (
    ("monday", "mondays", "mon", "lunes"), ("tuesday", "tuesdays", "tue", "martes"),
    ("wednesday", "wednesdays", "wed", "miercoles"), ("thursday", "thursdays", "thu", "jueves"),
    ("friday", "fridays", "fri", "viernes"), ("saturday", "saturdays", "sat", "sabado", "sabados"),
    ("sunday", "sundays", "sun", "domingo", "domingos"),
)  # fmt: skip
_NUMBERS = (
    ("a", "an", "one", "un", "una", "uno"), ("two", "dos"), ("three", "tres"), ("four", "cuatro"), ("five", "cinco"),
    ("six", "seis"), ("seven", "siete"), ("eight", "ocho"), ("nine", "nueve"), ("ten", "diez"), ("eleven", "once"),
    ("twelve", "doce"),
)  # fmt: skip
_POSITIONS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: ("first", "primer", "primero", "primera"),
        2: ("second", "segundo"),
        3: ("third", "tercer", "tercero"),
        4: ("fourth", "cuarto"),
        5: ("fifth", "quinto"),
        -1: ("last", "ultimo"),
        -2: ("next to last", "the next to last", "penultimo"),
    }
)
_UNITS: Mapping[Frequency, tuple[str, ...]] = MappingProxyType(
    {
        Frequency.DAILY: ("day", "days", "dia", "dias"),
        Frequency.WEEKLY: ("week", "weeks", "semana", "semanas"),
        Frequency.MONTHLY: ("month", "months", "mes", "meses"),
        Frequency.YEARLY: ("year", "years", "ano", "anos"),
    }
)
_ADVERBS: Mapping[Frequency, tuple[str, ...]] = MappingProxyType(
    {
        Frequency.DAILY: ("daily", "diario", "a diario", "diariamente"),
        Frequency.WEEKLY: ("weekly", "semanal", "semanalmente"),
        Frequency.MONTHLY: ("monthly", "mensual", "mensualmente"),
        Frequency.YEARLY: ("yearly", "annually", "anual", "anualmente"),
    }
)
_TIMES_A = (
    ("once a {en}", "one time a {en}", "una vez a la {es}", "una vez por {es}", "una vez al {es}"),
    ("twice a {en}", "two times a {en}", "dos veces a la {es}", "dos veces por {es}", "dos veces al {es}"),
    ("three times a {en}", "tres veces a la {es}", "tres veces por {es}", "tres veces al {es}"),
    ("four times a {en}", "cuatro veces a la {es}", "cuatro veces por {es}", "cuatro veces al {es}"),
    ("five times a {en}", "cinco veces a la {es}", "cinco veces por {es}", "cinco veces al {es}"),
)
_PLAIN: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.EVERY: ("every", "each", "cada", "todos los", "todas las"),
        Kind.WORKDAYS: (
            *("monday to friday", "weekday", "weekdays", "working day", "working days"),
            *("lunes a viernes", "dias laborables", "entre semana"),
        ),
        Kind.LAST_WORKDAY: ("last working day", "ultimo dia laborable"),
        Kind.LAST_DAY: ("last day", "ultimo dia"),
        Kind.A_DAY: ("a day", "per day", "al dia", "por dia"),
        Kind.A_WEEK: ("a week", "per week", "a la semana", "por semana"),
        Kind.AT: ("at", "a las", "a la"),
        Kind.FOR: ("for", "during", "durante", "por"),
        Kind.FROM: ("from", "starting on", "starting", "counted from", "desde", "a partir de", "a partir del", "del"),
        Kind.UNTIL: ("until", "till", "to", "hasta", "al"),
        Kind.THEN: ("then", "and then", "luego", "y luego", "y despues"),
        Kind.AND: ("and", "y", "e", ","),
        Kind.AFTER: ("after", "despues de"),
        Kind.BEFORE: ("before", "antes de"),
        Kind.VISIT: (
            *("visit", "visits", "each visit", "every visit", "a visit", "the visit", "the next visit", "the next"),
            *("visita", "visitas", "cada visita", "una visita", "la visita", "la proxima visita", "la proxima"),
        ),
        Kind.NEVER_WITHIN: ("never within", "not within", "nunca a menos de", "nunca a"),
        Kind.NOT_ON: ("not on", "not", "except on", "except", "excepto", "salvo", "menos"),
        Kind.AT_MOST: ("at most", "no more than", "como maximo", "a lo sumo"),
        Kind.AFTER_FLAG: ("after a flag also", "after a flag", "tras un aviso tambien", "tras un aviso"),
        Kind.CLAUSE: (";",),
        Kind.FILLER: (
            *(
                "the",
                "on",
                "of",
                "in",
                "check-ins",
                "check-in",
                "in months that have it",
                "of the month",
                "of each month",
            ),
            *("el", "la", "los", "las", "de", "en", "en los meses que lo tienen", "del mes", "de cada mes"),
            *("o menos de", "or less of", "until it is repaired", "hasta que se repare", "."),
        ),
    }
)
_MONTH = "|".join(sorted((name for names in MONTHS for name in names), key=len, reverse=True))
_RULE = re.compile(r"(?:by the rule |segun la regla )?((?:rrule:)?freq=[a-z]+(?:;[a-z]+=[-+\w]+(?:,[-+\w]+)*)*)")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?![\w-])")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)? (?:of |de )?({_MONTH})(?![a-z])(?:,? (?:of |de )?(\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (\d{{4}}))?")
_TIME = re.compile(
    r"\d{1,2}(?:[:.]\d{2}(?: ?[ap]m| de la (?:manana|tarde|noche))?| ?[ap]m| ?h(?![a-z])"
    r"| de la (?:manana|tarde|noche))(?![\w:])"
)
_NTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)(?![a-z])|(?:los )?dias? (\d{1,2})(?![\d:])")
_NUMBER = re.compile(r"(\d{1,4})(?![\w:])")
_WORD = re.compile(r"[^\s,;]+")


def cut(words: str) -> list[Piece]:
    """The pieces of a sentence, fillers left out; what is not known is a piece of kind UNKNOWN."""
    plain = plain_words(words[:LONGEST_SENTENCE])
    return [piece for piece in _cut(plain) if piece.kind is not Kind.FILLER]


def plain_words(words: str) -> str:
    """Lower case, without accents, single spaces."""
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _phrases() -> Iterator[tuple[str, Kind, int, Frequency | None]]:
    for kind, phrases in _PLAIN.items():
        yield from ((phrase, kind, 1, None) for phrase in phrases)
    yield from ((phrase, Kind.EVERY, 2, None) for phrase in ("every other", "every second"))
    yield ("fortnightly", Kind.ADVERB, 2, Frequency.WEEKLY)
    yield ("quincenal", Kind.ADVERB, 2, Frequency.WEEKLY)
    for numbered, kind, first in ((_NUMBERS, Kind.NUMBER, 1), (WEEKDAYS, Kind.WEEKDAY, 0)):
        for number, names in enumerate(numbered, start=first):
            yield from ((name, kind, number, None) for name in names)
    for position, names in _POSITIONS.items():
        yield from ((name, Kind.NTH, position, None) for name in names)
    for kind, named in ((Kind.UNIT, _UNITS), (Kind.ADVERB, _ADVERBS)):
        for frequency, names in named.items():
            yield from ((name, kind, 1, frequency) for name in names)
    for number, patterns in enumerate(_TIMES_A, start=1):
        for pattern in patterns:
            yield pattern.format(en="week", es="semana"), Kind.TIMES_A_WEEK, number, None
            yield pattern.format(en="day", es="dia"), Kind.TIMES_A_DAY, number, None


_MEANT = {phrase: (kind, number, frequency) for phrase, kind, number, frequency in _phrases()}
_PHRASE = re.compile(
    "|".join(
        re.escape(phrase) + (r"(?![\w-])" if phrase[-1].isalnum() else "")
        for phrase in sorted(_MEANT, key=len, reverse=True)
    )
)
KNOWN_WORDS = tuple(phrase for phrase in _MEANT if phrase.isalpha() and len(phrase) > 2)  # noqa: PLR2004  # not "a", "de"


def _cut(plain: str) -> Iterator[Piece]:
    at = 0
    while at < len(plain):
        if plain[at] == " ":
            at += 1
            continue
        piece = _written(plain, at) or _phrase(plain, at) or _unknown(plain, at)
        yield piece
        at += len(piece.text)


def _written(plain: str, at: int) -> Piece | None:
    """What is made of digits: rules, dates, times, numbers."""
    if found := _RULE.match(plain, at):
        return Piece(kind=Kind.RULE, text=found[0])
    if found := _ISO_DATE.match(plain, at):
        return _date(found[0], int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.match(plain, at):
        return _date(found[0], int(found[3] or 0), _month(found[2]), int(found[1]))
    if found := _MONTH_FIRST.match(plain, at):
        return _date(found[0], int(found[3] or 0), _month(found[1]), int(found[2]))
    if found := _TIME.match(plain, at):
        hour = read_time(found[0])
        return Piece(kind=Kind.TIME, text=found[0], at=time.fromisoformat(hour)) if hour else _unknown(plain, at)
    if found := _NTH.match(plain, at):
        return Piece(kind=Kind.NTH, text=found[0], number=int(found[1] or found[2]))
    if found := _NUMBER.match(plain, at):
        return Piece(kind=Kind.NUMBER, text=found[0], number=int(found[1]))
    return None


def _phrase(plain: str, at: int) -> Piece | None:
    found = _PHRASE.match(plain, at)
    if found is None:
        return None
    kind, number, frequency = _MEANT[found[0]]
    return Piece(kind=kind, text=found[0], number=number, frequency=frequency)


def _unknown(plain: str, at: int) -> Piece:
    found = _WORD.match(plain, at)
    return Piece(kind=Kind.UNKNOWN, text=found[0] if found else plain[at])


def _date(text: str, year: int, month: int, day: int) -> Piece:
    try:
        found = date(year or 2000, month, day)  # 2000 has a 29 February
    except ValueError:
        return Piece(kind=Kind.UNKNOWN, text=text)
    return Piece(kind=Kind.DATE if year else Kind.DAY_OF_YEAR, text=text, day=found)


def _month(name: str) -> int:
    return next(number for number, names in enumerate(MONTHS, start=1) if name in names)
