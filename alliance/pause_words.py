"""Until when somebody wants a break, as people write it: in days, in weeks, or up to a day."""

import re
import unicodedata
from datetime import date, timedelta

from alliance.enrolment import LONGEST_PAUSE, pause_end

OFFERED_DAYS = (3, 7, 14, 28)  # with one tap; anything else can be written

_MONTHS = (
    ("january", "enero"), ("february", "febrero"), ("march", "marzo"), ("april", "abril"), ("may", "mayo"),
    ("june", "junio"), ("july", "julio"), ("august", "agosto"), ("september", "septiembre"),
    ("october", "octubre"), ("november", "noviembre"), ("december", "diciembre"),
)  # fmt: skip
_WEEKDAYS = (
    ("monday", "lunes"), ("tuesday", "martes"), ("wednesday", "miercoles"), ("thursday", "jueves"),
    ("friday", "viernes"), ("saturday", "sabado"), ("sunday", "domingo"),
)  # fmt: skip
_UNITS = {"day": 1, "days": 1, "dia": 1, "dias": 1, "week": 7, "weeks": 7, "semana": 7, "semanas": 7}
_NUMBERS = {"a": 1, "one": 1, "una": 1, "un": 1, "two": 2, "dos": 2, "three": 3, "tres": 3, "four": 4, "cuatro": 4}
_BEFORE_A_DAY = re.compile(r"^(?:until|till|hasta|for|por|durante|to)\s+")
_ARTICLE = re.compile(r"^(?:el|the|on)\s+")
_LEAST_LETTERS = 3  # of a month's name: "mar" is enough, "ma" may be March or May
_MONTHS_OF_A_YEAR = 12


def read_pause_end(words: str, *, today: date, day_comes_first: bool) -> date | None:
    """The first day after a break as somebody wrote it, at most 365 days from today; None when nobody can say.

    Understood are a number of days, days and weeks, a weekday, ``20 March``, ``March 20``, ``20 de marzo``,
    ``2026-03-20`` and ``20/3``, in English and Spanish whatever the person reads. Two numbers that could be
    either day and month or month and day are a day first only where people write them so.
    """
    plain = _plain(words)
    in_days = pause_end(today=today, words=plain)
    if in_days is not None:
        return in_days
    plain = _ARTICLE.sub("", _BEFORE_A_DAY.sub("", plain))
    day = _in_units(plain, today) or _weekday(plain, today) or _calendar_day(plain, today, day_comes_first)
    return day if day is not None and 1 <= (day - today).days <= LONGEST_PAUSE else None


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _in_units(words: str, today: date) -> date | None:
    found = re.fullmatch(r"(\d{1,3}|[a-z]+) ([a-z]+)", words, flags=re.ASCII)
    if found is None or found[2] not in _UNITS:
        return None
    number = int(found[1]) if found[1].isdigit() else _NUMBERS.get(found[1], 0)
    return today + timedelta(days=number * _UNITS[found[2]]) if number else None


def _weekday(words: str, today: date) -> date | None:
    if words in {"tomorrow", "manana"}:
        return today + timedelta(days=1)
    for weekday, names in enumerate(_WEEKDAYS):
        if words in names:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return None


def _calendar_day(words: str, today: date, day_comes_first: bool) -> date | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words, flags=re.ASCII):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?", words, flags=re.ASCII):
        return _in_year(_numbers_as_day(int(found[1]), int(found[2]), day_comes_first), found[3], today)
    if found := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)? (?:de |of )?([a-z]+)(?: (?:de |of )?(\d{4}))?", words):
        return _in_year((_month(found[2]), int(found[1])), found[3], today)
    if found := re.fullmatch(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?", words):
        return _in_year((_month(found[1]), int(found[2])), found[3], today)
    return None


def _numbers_as_day(first: int, second: int, day_comes_first: bool) -> tuple[int, int]:
    """Month and day; 0 for the month where both readings are possible and would differ."""
    if day_comes_first or first > _MONTHS_OF_A_YEAR:
        return second, first
    return (first, second) if second > _MONTHS_OF_A_YEAR or first == second else (0, 0)


def _month(name: str) -> int:
    fits = (
        number
        for number, names in enumerate(_MONTHS, start=1)
        if len(name) >= _LEAST_LETTERS and any(known.startswith(name) for known in names)
    )
    return next(fits, 0)


def _in_year(month_and_day: tuple[int, int], year: str | None, today: date) -> date | None:
    """That day in the year given, or the next time it comes."""
    month, number = month_and_day
    if year is not None:
        return _day(int(year), month, number)
    this_year = _day(today.year, month, number)
    return this_year if this_year is not None and this_year > today else _day(today.year + 1, month, number)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
