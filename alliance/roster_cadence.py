"""How often a roster says that somebody is to be asked: a preset or rules, and perhaps times of day."""

import re
from dataclasses import dataclass

from alliance.cadence import PRESETS, parse_rule, parse_times

_WITH_TIMES = re.compile(r"(?P<days>.+?),?\s+at\s+(?P<times>[0-9: ,]+)", flags=re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", flags=re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterCadence:
    """RFC 5545 rules, and local times HH:MM; without times somebody is asked at the hour they choose themselves."""

    rules: tuple[str, ...]
    at: tuple[str, ...]


def read_cadence(words: str) -> RosterCadence:
    """What a cell says: ``twice a week``, ``daily at 09:00, 18:30``, or rules with `` and `` between them.

    Raises NotACadence with one sentence.
    """
    found = _WITH_TIMES.fullmatch(words.strip())
    days, times = (found["days"], found["times"]) if found else (words, "")
    rules: list[str] = []
    for one in _AND.split(days.strip()):
        preset = PRESETS.get("_".join(one.casefold().split()))
        rules += preset or [parse_rule(one)]
    at = tuple(f"{time:%H:%M}" for time in parse_times(times)) if times else ()
    return RosterCadence(rules=tuple(dict.fromkeys(rules)), at=at)
