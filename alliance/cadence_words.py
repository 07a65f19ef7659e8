"""A cadence said in words, so that a coordinator sees what it means before saving it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from alliance.cadence import Cadence
from alliance.recurrence import Frequency, Rule, completed
from alliance.rule_text import read, write

WORKING_DAYS = tuple((day, 0) for day in range(5))
WHOLE_WEEK = tuple((day, 0) for day in range(7))
LAST = -1  # counted from the month's end
IN_EVERY_MONTH = 28  # days; later ones are missing in some
ENGLISH_TEENS = range(11, 14)  # 11th, 12th and 13th, not 11st
_OPEN = frozenset({Frequency.WEEKLY, Frequency.MONTHLY})


@dataclass(frozen=True, kw_only=True, slots=True)
class Tongue:
    """What one language needs; names of days and months in the calendar's order."""

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    numbers: Mapping[int, str]  # where words read better than digits
    positions: Mapping[int, str]  # of a weekday in its month; negative ones count from the end
    each: Mapping[Frequency, tuple[str, str]]  # every period, every {n} periods
    on: str  # between the period and its days
    weekday: str
    weekday_in_month: str
    working_days: str
    last_working_day: str
    month_day: str
    where_it_exists: str
    last_day: str
    year_day: str
    until: str
    days_in_all: tuple[str, str]  # one, {n}
    at: tuple[str, str]  # one o'clock, any other time
    conjunction: str
    by_rule: str


_ENGLISH = Tongue(
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    numbers={2: "two", 3: "three", 4: "four", 5: "five", 6: "six"},
    positions={1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last", -2: "next to last"},
    each={
        Frequency.DAILY: ("every day", "every {n} days"),
        Frequency.WEEKLY: ("weekly", "every {n} weeks"),
        Frequency.MONTHLY: ("monthly", "every {n} months"),
        Frequency.YEARLY: ("yearly", "every {n} years"),
    },
    on=" on ",
    weekday="{day}",
    weekday_in_month="the {position} {day}",
    working_days="Monday to Friday",
    last_working_day="the last working day",
    month_day="the {nth}",
    where_it_exists="in months that have it",
    last_day="the last day",
    year_day="{day} {month}",
    until=" until {day} {month} {year}",
    days_in_all=(", on one day in all", ", on {n} days in all"),
    at=("at", "at"),
    conjunction="and",
    by_rule="by the rule {rule}",
)  # fmt: skip

_SPANISH = Tongue(
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    numbers={2: "dos", 3: "tres", 4: "cuatro", 5: "cinco", 6: "seis"},
    positions={
        1: "primer", 2: "segundo", 3: "tercer", 4: "cuarto", 5: "quinto", -1: "último", -2: "penúltimo",
    },
    each={
        Frequency.DAILY: ("todos los días", "cada {n} días"),
        Frequency.WEEKLY: ("cada semana", "cada {n} semanas"),
        Frequency.MONTHLY: ("cada mes", "cada {n} meses"),
        Frequency.YEARLY: ("cada año", "cada {n} años"),
    },
    on=" ",
    weekday="el {day}",
    weekday_in_month="el {position} {day}",
    working_days="de lunes a viernes",
    last_working_day="el último día laborable",
    month_day="el día {day}",
    where_it_exists="en los meses que lo tienen",
    last_day="el último día",
    year_day="el {day} de {month}",
    until=" hasta el {day} de {month} de {year}",
    days_in_all=(", un día en total", ", {n} días en total"),
    at=("a la", "a las"),
    conjunction="y",
    by_rule="según la regla {rule}",
)  # fmt: skip

TONGUES = {"en": _ENGLISH, "es": _SPANISH}


def in_words(cadence: Cadence, language: Literal["en", "es"]) -> str:
    """The cadence as a phrase without a full stop, such as "weekly on Tuesday and Friday at 18:00".

    A rule with no plain wording here is named instead of being paraphrased: "by the rule FREQ=...".
    """
    tongue = TONGUES[language]
    said = [_said(completed(read(rule), starts_on=cadence.starts_on), tongue) for rule in cadence.rules]
    times = times_in_words(cadence.at, tongue)
    if len(said) == 1:
        days, end = said[0]
        return f"{days} {times}{end}"
    return f", {tongue.conjunction} ".join(days + end for days, end in said) + f", {times}"


def _said(rule: Rule, tongue: Tongue) -> tuple[str, str]:
    """The rule's days and how it ends; the end is empty when there is none, or the rule is only named."""
    days = days_in_words(rule, tongue) if has_plain_words(rule) else ""
    if days:
        return days, _end(rule, tongue)
    return tongue.by_rule.format(rule=write(rule)), ""


def days_in_words(rule: Rule, tongue: Tongue) -> str:
    """The rule's days without its end; empty where there are no plain words for them."""
    period = _period(rule, tongue)
    if rule.frequency is Frequency.DAILY:
        return period
    if rule.frequency is Frequency.WEEKLY and rule.interval == 1 and rule.by_day == WHOLE_WEEK:
        return tongue.each[Frequency.DAILY][0]
    if rule.frequency in _OPEN and not (rule.by_day or rule.by_month_day or rule.by_position):
        return period  # the first day decides
    named = _named_days(rule, tongue)
    return f"{period}{tongue.on}{named}" if named else ""


def has_plain_words(rule: Rule) -> bool:
    """Whether nothing in the rule would be left unsaid."""
    if isinstance(rule.until, datetime) or rule.by_week or rule.by_year_day:
        return False
    if rule.interval > 1 and rule.week_start:  # which two Sundays belong to one fortnight
        return False
    if rule.frequency is Frequency.DAILY:
        return not (rule.by_month or rule.by_month_day or rule.by_day or rule.by_position)
    return bool(rule.by_month) is (rule.frequency is Frequency.YEARLY)


def _named_days(rule: Rule, tongue: Tongue) -> str:
    """The days of a week, month or year; empty when there are no plain words for them."""
    if rule.by_day and rule.by_month_day:  # Friday the 13th
        return ""
    match rule.frequency:
        case Frequency.WEEKLY if not rule.by_position:
            return _week_days(rule, tongue)
        case Frequency.MONTHLY if rule.by_day:
            return _month_weekdays(rule, tongue)
        case Frequency.MONTHLY if not rule.by_position:
            return _month_days(rule, tongue)
        case Frequency.YEARLY if not rule.by_position and not rule.by_day and len(rule.by_month) == 1:
            return _year_days(rule, tongue)
        case _:
            return ""


def _week_days(rule: Rule, tongue: Tongue) -> str:
    if rule.by_day == WORKING_DAYS:
        return tongue.working_days
    return listed([tongue.weekday.format(day=tongue.weekdays[day]) for day, _ in rule.by_day], tongue)


def _month_weekdays(rule: Rule, tongue: Tongue) -> str:
    if rule.by_day == WORKING_DAYS and rule.by_position == (LAST,):
        return tongue.last_working_day
    by_day = rule.by_day
    if len(by_day) == 1 and not by_day[0][1]:  # BYDAY=FR;BYSETPOS=-1 is another way to write BYDAY=-1FR
        by_day = tuple((by_day[0][0], position) for position in rule.by_position)
    elif rule.by_position:
        return ""
    if not all(position in tongue.positions for _, position in by_day):
        return ""
    return listed(
        [
            tongue.weekday_in_month.format(position=tongue.positions[position], day=tongue.weekdays[day])
            for day, position in by_day
        ],
        tongue,
    )


def _month_days(rule: Rule, tongue: Tongue) -> str:
    if any(day < LAST for day in rule.by_month_day):
        return ""
    return listed([_month_day(day, tongue) for day in rule.by_month_day], tongue)


def _month_day(day: int, tongue: Tongue) -> str:
    if day == LAST:
        return tongue.last_day
    words = tongue.month_day.format(day=day, nth=_english_nth(day))
    return words if day <= IN_EVERY_MONTH else f"{words} {tongue.where_it_exists}"


def _year_days(rule: Rule, tongue: Tongue) -> str:
    if any(day < 0 for day in rule.by_month_day):
        return ""
    month = tongue.months[rule.by_month[0] - 1]
    return listed([tongue.year_day.format(day=day, month=month) for day in rule.by_month_day], tongue)


def _period(rule: Rule, tongue: Tongue) -> str:
    once, many = tongue.each[rule.frequency]
    return once if rule.interval == 1 else many.format(n=tongue.numbers.get(rule.interval, rule.interval))


def _end(rule: Rule, tongue: Tongue) -> str:
    if rule.count is not None:
        one, many = tongue.days_in_all
        return one if rule.count == 1 else many.format(n=rule.count)
    if rule.until is None:
        return ""
    day = rule.until
    return tongue.until.format(day=day.day, month=tongue.months[day.month - 1], year=day.year)


def times_in_words(at: Sequence[time], tongue: Tongue) -> str:
    """The times of day, such as "at 09:00 and 18:30"."""
    at_one, at_other = tongue.at
    return f"{at_one if at[0].hour == 1 else at_other} {listed([f'{moment:%H:%M}' for moment in at], tongue)}"


def listed(words: Sequence[str], tongue: Tongue) -> str:
    """The words one after the other, the last one after "and"."""
    *others, last = words or ("",)
    return f"{', '.join(others)} {tongue.conjunction} {last}" if others else last


def _english_nth(day: int) -> str:
    if day in ENGLISH_TEENS:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"
