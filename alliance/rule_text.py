"""A recurrence rule as text: read strictly, one clear sentence for what is wrong, and written canonically."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NoReturn

from alliance.recurrence import Frequency, Rule, first_day

LONGEST_RULE = 300  # characters; a rule a clinic would write has fewer than 60
LONGEST_INTERVAL = 366  # periods from one round to the next
HIGHEST_COUNT = 4000  # days, ten years of every day: the one part that has to be counted from the start
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ANY_START = date(2000, 1, 1)  # where the calendar begins to repeat itself: every pattern lies ahead

# part: its highest number, and whether it may be counted from the end (RFC 5545, 3.3.10)
_NUMBERED: Mapping[str, tuple[int, bool]] = MappingProxyType(
    {
        "BYMONTH": (12, False),
        "BYWEEKNO": (53, True),
        "BYYEARDAY": (366, True),
        "BYMONTHDAY": (31, True),
        "BYSETPOS": (366, True),
    }
)
_TIMES = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERED})
# what the RFC forbids; dateutil would give it a meaning of its own
_NEVER_WITH: Mapping[Frequency, tuple[str, ...]] = MappingProxyType(
    {
        Frequency.DAILY: ("BYWEEKNO", "BYYEARDAY"),
        Frequency.WEEKLY: ("BYWEEKNO", "BYYEARDAY", "BYMONTHDAY"),
        Frequency.MONTHLY: ("BYWEEKNO", "BYYEARDAY"),
        Frequency.YEARLY: (),
    }
)


class NotACadence(ValueError):
    """What was given does not say when to ask; the message says why in one sentence."""


def parse_rule(text: str) -> str:
    """The canonical form of an RFC 5545 RRULE value: capitals, fixed order, defaults left out.

    A leading "RRULE:" is allowed, DTSTART is not. Raises NotACadence for what is no rule, repeats more often
    than daily, names times of day, uses what the RFC forbids, or never falls on a day of the calendar.
    """
    return write(read(text))


@lru_cache(maxsize=512)  # a clinic has a handful of rules, read again for every patient
def read(text: str) -> Rule:
    """The rule taken apart; raises NotACadence as `parse_rule` does."""
    parts = _split(text)
    rule = Rule(
        frequency=_frequency(parts),
        interval=_whole(parts, "INTERVAL", highest=LONGEST_INTERVAL) or 1,
        week_start=_week_start(parts),
        by_month=_numbers(parts, "BYMONTH"),
        by_week=_numbers(parts, "BYWEEKNO"),
        by_year_day=_numbers(parts, "BYYEARDAY"),
        by_month_day=_numbers(parts, "BYMONTHDAY"),
        by_day=_weekdays(parts),
        by_position=_numbers(parts, "BYSETPOS"),
        count=_whole(parts, "COUNT", highest=HIGHEST_COUNT),
        until=_until(parts),
    )
    _refuse_contradictions(rule, parts)
    # the interval is left out: from which day it counts is not known yet
    if first_day(replace(rule, interval=1), starts_on=ANY_START) is None:
        _refuse("this rule never falls on any day of the calendar")
    return rule


def write(rule: Rule) -> str:
    """The rule as canonical text; `read` gives the same rule back."""
    parts = {
        "FREQ": rule.frequency.value,
        "INTERVAL": str(rule.interval) if rule.interval > 1 else "",
        "WKST": WEEKDAYS[rule.week_start] if rule.week_start else "",
        "BYMONTH": _joined(rule.by_month),
        "BYWEEKNO": _joined(rule.by_week),
        "BYYEARDAY": _joined(rule.by_year_day),
        "BYMONTHDAY": _joined(rule.by_month_day),
        "BYDAY": ",".join(f"{nth or ''}{WEEKDAYS[day]}" for day, nth in rule.by_day),
        "BYSETPOS": _joined(rule.by_position),
        "COUNT": str(rule.count or ""),
        "UNTIL": _until_text(rule.until),
    }
    return ";".join(f"{part}={value}" for part, value in parts.items() if value)


def _refuse(sentence: str) -> NoReturn:
    raise NotACadence(sentence)


def _split(text: str) -> dict[str, str]:
    """Parts by name, in capitals, each at most once and each known."""
    if len(text) > LONGEST_RULE:
        _refuse(f"a rule has at most {LONGEST_RULE} characters")
    parts: dict[str, str] = {}
    for pair in text.strip().upper().removeprefix("RRULE:").split(";"):
        part, sign, value = (piece.strip() for piece in pair.partition("="))
        if not sign or not value:
            _refuse(f"a rule is made of parts like FREQ=WEEKLY, and {pair.strip()!r} is none")
        if part in _TIMES:
            _refuse(f"{part} does not belong in the rule: times of day are set beside it")
        if part == "DTSTART":
            _refuse("DTSTART does not belong in the rule: the first day is set beside it")
        if part not in _PARTS:
            _refuse(f"{part!r} is not a part of a recurrence rule")
        if part in parts:
            _refuse(f"{part} is given twice")
        parts[part] = value
    return parts


def _frequency(parts: Mapping[str, str]) -> Frequency:
    value = parts.get("FREQ")
    if value is None:
        _refuse("the rule does not say how often: it needs FREQ, such as FREQ=WEEKLY")
    if value in {"HOURLY", "MINUTELY", "SECONDLY"}:
        _refuse(f"{value} is too often: a rule repeats daily at most, and times of day are set beside it")
    if value not in Frequency.__members__:
        _refuse(f"FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, not {value!r}")
    return Frequency(value)


def _whole(parts: Mapping[str, str], part: str, *, highest: int) -> int | None:
    value = parts.get(part)
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", value) or not 1 <= int(value) <= highest:
        _refuse(f"{part} is a whole number from 1 to {highest}, not {value!r}")
    return int(value)


def _numbers(parts: Mapping[str, str], part: str) -> tuple[int, ...]:
    if part not in parts:
        return ()
    highest, from_the_end = _NUMBERED[part]
    found: set[int] = set()
    for value in parts[part].split(","):
        sign = "[+-]?" if from_the_end else "[+]?"
        if not re.fullmatch(rf"{sign}[0-9]{{1,3}}", value) or not 1 <= abs(int(value)) <= highest:
            also = f" or -{highest} to -1" if from_the_end else ""
            _refuse(f"{part} takes numbers from 1 to {highest}{also}, not {value!r}")
        found.add(int(value))
    return tuple(sorted(found, key=lambda number: (number < 0, number)))


def _weekdays(parts: Mapping[str, str]) -> tuple[tuple[int, int], ...]:
    if "BYDAY" not in parts:
        return ()
    found: set[tuple[int, int]] = set()
    for value in parts["BYDAY"].split(","):
        taken = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", value)
        if not taken or (taken[1] and not int(taken[1])):
            _refuse(f"BYDAY takes weekdays like MO or -1FR, not {value!r}")
        found.add((WEEKDAYS.index(taken[2]), int(taken[1] or 0)))
    return tuple(sorted(found))


def _week_start(parts: Mapping[str, str]) -> int:
    value = parts.get("WKST", "MO")
    if value not in WEEKDAYS:
        _refuse(f"WKST is a weekday like MO, not {value!r}")
    return WEEKDAYS.index(value)


def _until(parts: Mapping[str, str]) -> date | datetime | None:
    value = parts.get("UNTIL")
    if value is None:
        return None
    try:
        if re.fullmatch(r"[0-9]{8}", value):
            return date.fromisoformat(value)
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z?", value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass  # eight digits that are no day: said below
    _refuse(f"UNTIL is a day like 20271231, not {value!r}")


def _refuse_contradictions(rule: Rule, parts: Mapping[str, str]) -> None:
    for part in _NEVER_WITH[rule.frequency]:
        if part in parts:
            _refuse(f"{part} does not go with FREQ={rule.frequency.value}")
    if rule.count is not None and rule.until is not None:
        _refuse("COUNT and UNTIL are two ends: give one of them")
    if rule.by_position and not any(part.startswith("BY") and part != "BYSETPOS" for part in parts):
        _refuse("BYSETPOS picks among days that another part names, such as BYDAY")
    ordinals = {bool(nth) for _, nth in rule.by_day}
    if True in ordinals and (rule.by_week or rule.frequency in {Frequency.DAILY, Frequency.WEEKLY}):
        _refuse("a weekday can be counted, like -1FR, within a month or a year only")
    if len(ordinals) > 1:
        # the RFC means both kinds, dateutil only days that are both
        _refuse("BYDAY mixes counted and plain weekdays: give them as two rules")


def _joined(numbers: tuple[int, ...]) -> str:
    return ",".join(str(number) for number in numbers)


def _until_text(until: date | datetime | None) -> str:
    if until is None:
        return ""
    if isinstance(until, datetime):
        return f"{until:%Y%m%dT%H%M%S}" + ("Z" if until.tzinfo == UTC else "")
    return f"{until:%Y%m%d}"
