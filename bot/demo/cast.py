"""Who takes part in the demo: patients with names, places and fates, and the clinicians who care for them."""

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import cycle

from sandbox.habits import Habits, drawn
from sandbox.ruptures import DOMAINS, Kind, Rupture, planted

PATIENTS_PER_CLINICIAN = 8
LEAST_CLINICIANS = 2  # on-call needs a second person
RUPTURES = 0.25  # share of patients: about as many as in published counts of primary-care therapies
RUPTURES_BEGIN = (0.4, 0.65)  # share of the time that has passed
WEEKS_TO_BE_KNOWN = 3  # six check-ins: four or more answers of most people
LEAST_WEEKS_FOR_RUPTURES = 5  # a usual has to be learnt before, and noticing takes time as well
REFUSERS_EVERY = 24  # patients; as often somebody never opens the link
NAMES_A_PLACE = 0.3  # share of those from a city on the list for whom the clinic noted no zone
SPANISH_EVERY = 4  # patients

_ZONES = {
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Europe/Dublin", "America/Chicago"),
    "es": ("Europe/Madrid", "Europe/Madrid", "America/Bogota", "Atlantic/Canary"),
}
_CITIES = {"Europe/London": "London", "America/Los_Angeles": "Los Angeles", "America/Bogota": "Bogota"}
_HOURS = ("08:00", "09:00", "10:00", "12:00", "15:00", "18:00", "19:00", "20:00", "17:30")
_DAYS_UNTIL_OPENED = (0, 0, 0, 1, 2)


class Fate(StrEnum):
    """What happens to a patient in this story, besides answering."""

    ORDINARY = "ordinary"
    NEVER_OPENS = "never_opens"
    REFUSES = "refuses"
    PAUSES = "pauses"
    BLOCKS = "blocks"
    LEAVES = "leaves"
    CRISIS_SAID_PLAINLY = "crisis_said_plainly"
    CRISIS_HINTED_AT = "crisis_hinted_at"
    RUPTURE = "rupture"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One patient of the story."""

    number: int  # from 0
    code_name: str
    first_name: str
    last_name: str
    phone: str
    language: str
    zone: str
    city: str | None  # named while enrolling, because the clinic wrote down no zone
    clinician: str
    fate: Fate
    habits: Habits
    rupture: Rupture | None
    opens_after: timedelta

    def chance(self, seed: int) -> random.Random:
        """This patient's own luck, which nobody else's doings shift."""
        return chance_of(f"patient {self.number}", seed=seed)


def chance_of(whose: str, *, seed: int) -> random.Random:
    """The luck of one person, the same for the same seed."""
    return random.Random(f"{seed}: {whose}")  # noqa: S311  repeatable on purpose, guards nothing


def clinicians_for(patients: int) -> tuple[str, ...]:
    """Surnames of the clinicians who care for so many patients."""
    needed = max(LEAST_CLINICIANS, -(-patients // PATIENTS_PER_CLINICIAN))
    return tuple(_names("clinicians")[:needed])


def cast(*, patients: int, weeks: int, seed: int, starts_at: datetime) -> tuple[Part, ...]:
    """Everybody who is invited as a patient; the same for the same numbers."""
    chance = chance_of("cast", seed=seed)
    fates = _fates(patients, weeks, chance)
    kinds = cycle(chance.sample(list(Kind), len(Kind)))
    clinicians = clinicians_for(patients)
    parts: list[Part] = []
    for number, fate in enumerate(fates):
        rupture = None
        if fate is Fate.RUPTURE:
            passed = max(weeks * chance.uniform(*RUPTURES_BEGIN), WEEKS_TO_BE_KNOWN)
            begins = starts_at + timedelta(weeks=passed)
            rupture = planted(next(kinds), starts_at=begins, single=chance.randrange(DOMAINS))
        parts.append(_part(number, fate, rupture, clinicians[number % len(clinicians)], chance))
    return tuple(parts)


def _fates(patients: int, weeks: int, chance: random.Random) -> list[Fate]:
    """Who has which fate: a small clinic has room for few of them, and crises come first."""
    fates = [Fate.CRISIS_SAID_PLAINLY, Fate.CRISIS_HINTED_AT]
    if weeks >= LEAST_WEEKS_FOR_RUPTURES:
        fates += [Fate.RUPTURE] * max(1, round(patients * RUPTURES))
    if patients > PATIENTS_PER_CLINICIAN:
        fates += [Fate.PAUSES, Fate.BLOCKS, Fate.LEAVES]
        fates += [Fate.NEVER_OPENS, Fate.REFUSES] * max(1, patients // REFUSERS_EVERY)
    fates += [Fate.ORDINARY] * patients
    fates = fates[:patients]
    chance.shuffle(fates)
    return fates


def _part(number: int, fate: Fate, rupture: Rupture | None, clinician: str, chance: random.Random) -> Part:
    language = "es" if number % SPANISH_EVERY == SPANISH_EVERY - 1 else "en"
    zone = chance.choice(_ZONES[language])
    trees = _names("trees")
    return Part(
        number=number,
        code_name=f"{trees[number % len(trees)]}-{number + 1:02d}",
        first_name=chance.choice(_names(f"{language}_first")),
        last_name=chance.choice(_names(f"{language}_last")),
        phone=_phone(zone, number),
        language=language,
        zone=zone,
        city=_CITIES.get(zone) if chance.random() < NAMES_A_PLACE else None,
        clinician=clinician.upper(),
        fate=fate,
        habits=drawn(chance, language=language, hour=chance.choice(_HOURS)),
        rupture=rupture,
        opens_after=timedelta(hours=chance.uniform(2, 14), days=chance.choice(_DAYS_UNTIL_OPENED)),
    )


def _phone(zone: str, number: int) -> str:
    """A number from the ranges kept free for stories (Ofcom; North American 555-01XX)."""
    if zone.startswith("America/"):
        return f"+1 212 555 {100 + number % 100:04d}"
    return f"+44 7700 900{number % 1000:03d}"


def _names(kind: str) -> list[str]:
    return str(_file()[kind]).split()


@cache
def _file() -> dict[str, object]:
    return tomllib.loads(files("bot.demo").joinpath("names.toml").read_text(encoding="utf-8"))
