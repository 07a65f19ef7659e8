"""How often a roster says that somebody is to be asked: a preset, rules or words, and perhaps times of day."""

import re
from dataclasses import dataclass

from alliance.cadence import PRESETS, NotACadence, parse_rule, parse_times
from alliance.programme import Phase, Programme
from alliance.programme_reading import read_programme

_WITH_TIMES = re.compile(r"(?P<days>.+?),?\s+at\s+(?P<times>[0-9: ,]+)", flags=re.IGNORECASE)
_AND = re.compile(r"\s+and\s+", flags=re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterCadence:
    """RFC 5545 rules, and local times HH:MM; without times somebody is asked at the hour they choose themselves."""

    rules: tuple[str, ...]
    at: tuple[str, ...]


def read_cadence(words: str) -> RosterCadence:
    """What a cell says: ``twice a week``, ``weekly on Tuesday at 18:00``, ``cada lunes``, or rules joined by `` and ``.

    Raises NotACadence with one sentence, also for a programme of several phases: that is kept under a name.
    """
    found = _WITH_TIMES.fullmatch(words.strip())
    days, times = (found["days"], found["times"]) if found else (words, "")
    preset = PRESETS.get("_".join(days.casefold().split()))
    if preset is None and not days.strip().upper().startswith(("FREQ=", "RRULE:")):
        return _in_words(words)
    rules = preset or tuple(dict.fromkeys(parse_rule(one) for one in _AND.split(days.strip())))
    return RosterCadence(rules=rules, at=tuple(f"{time:%H:%M}" for time in parse_times(times)) if times else ())


def _in_words(words: str) -> RosterCadence:
    programme = read_programme(words)
    phase = programme.phases[0]
    if not phase.rules or programme != Programme(phases=(Phase(rules=phase.rules, at=phase.at),)):
        raise NotACadence("this is a programme: `checkin programme save` keeps it under a name, which may stand here")
    return RosterCadence(rules=phase.rules, at=tuple(f"{time:%H:%M}" for time in phase.at))
