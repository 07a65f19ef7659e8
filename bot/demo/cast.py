"""Who takes part in the demo: patients with names, places and fates, and the staff who care for them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.habits import Habits, drawn
from sandbox.ruptures import DOMAINS, Kind, Rupture, planted

PATIENTS_PER_CLINICIAN = 8
LEAST_CLINICIANS = 2  # on-call needs a second person
LEAST_WEEKS_FOR_RUPTURES = 4  # before them a usual has to be learnt, after them there must be time to notice
RUPTURES = 0.25  # share of patients; published rates of sessions with a rupture lie around it

_TREES = [
    "BIRCH",
    "OAK",
    "ROWAN",
    "ELM",
    "HAZEL",
    "LINDEN",
    "MAPLE",
    "CEDAR",
    "ALDER",
    "ASPEN",
    "PINE",
    "WILLOW",
    "CHERRY",
    "LARCH",
    "YEW",
    "OLIVE",
]
_STAFF = [
    "Cole",
    "Day",
    "Ellis",
    "Frost",
    "Grant",
    "Hale",
    "Irwin",
    "Joyce",
    "Kerr",
    "Lowe",
    "Marsh",
    "Nash",
    "Orr",
    "Page",
    "Quinn",
    "Rhodes",
    "Shaw",
    "Todd",
    "Unwin",
    "Vance",
    "Webb",
    "York",
    "Ames",
    "Boyd",
    "Cross",
    "Dunn",
    "Eaton",
    "Flynn",
    "Gould",
    "Hobbs",
    "Ives",
    "Judd",
    "Keane",
    "Locke",
    "Moss",
    "North",
    "Otis",
    "Price",
    "Rowe",
    "Stone",
    "Tate",
    "Usher",
    "Vane",
    "Ward",
    "Yates",
    "Abel",
    "Bligh",
    "Crane",
    "Drew",
    "Earl",
    "Finch",
    "Gale",
    "Hurst",
    "Innes",
    "Jarvis",
    "Knox",
    "Lyle",
    "Munro",
    "Noble",
    "Olsen",
    "Pryor",
    "Reeve",
    "Sykes",
    "Troy",
]
_FIRST_NAMES = {
    "en": [
        "Ana",
        "Ben",
        "Clara",
        "Dev",
        "Edith",
        "Femi",
        "Grace",
        "Hugo",
        "Ines",
        "Jonas",
        "Kezia",
        "Liam",
        "Maya",
        "Noor",
        "Owen",
        "Priya",
        "Rosa",
        "Sam",
        "Tess",
        "Yusuf",
    ],
    "es": ["Lucía", "Mateo", "Carmen", "Diego", "Elena", "Pablo", "Marta", "Javier", "Irene", "Andrés"],
}
_LAST_NAMES = {
    "en": [
        "Ashdown",
        "Bellweather",
        "Corrie",
        "Dunmore",
        "Everley",
        "Fairlight",
        "Garrow",
        "Hollin",
        "Kestle",
        "Larkby",
        "Merrin",
        "Oakes",
        "Pell",
    ],
    "es": ["Arroyal", "Bermejón", "Castelar", "Duero", "Escolano", "Fuentillo", "Gallarín", "Montesa"],
}
_ZONES = {
    "en": ("Europe/London", "America/New_York", "America/Los_Angeles", "Europe/Dublin", "America/Chicago"),
    "es": ("Europe/Madrid", "Europe/Madrid", "America/Bogota", "Atlantic/Canary"),
}
_CITIES = {"Europe/London": "London", "America/Los_Angeles": "Los Angeles", "Atlantic/Canary": "Canary"}
_HOURS = ("08:00", "09:00", "10:00", "12:00", "15:00", "18:00", "19:00", "20:00", "17:30")
_SPANISH_EVERY = 4


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
        return _chance(seed, f"patient {self.number}")


def clinicians_for(patients: int) -> tuple[str, ...]:
    """Surnames of the clinicians who care for so many patients."""
    needed = max(LEAST_CLINICIANS, -(-patients // PATIENTS_PER_CLINICIAN))
    return tuple(_STAFF[:needed])


def cast(*, patients: int, weeks: int, seed: int, starts_at: datetime) -> tuple[Part, ...]:
    """Everybody who is invited as a patient; the same for the same numbers."""
    chance = _chance(seed, "cast")
    fates = _fates(patients, weeks, chance)
    kinds = _kinds(chance)
    clinicians = clinicians_for(patients)
    parts: list[Part] = []
    for number, fate in enumerate(fates):
        rupture = None
        if fate is Fate.RUPTURE:
            begins = starts_at + timedelta(weeks=weeks) * chance.uniform(0.4, 0.65)
            rupture = planted(kinds[number % len(kinds)], starts_at=begins, single=chance.randrange(DOMAINS))
        parts.append(_part(number, fate, rupture, clinicians[number % len(clinicians)], chance))
    return tuple(parts)


def _part(number: int, fate: Fate, rupture: Rupture | None, clinician: str, chance: random.Random) -> Part:
    language = "es" if number % _SPANISH_EVERY == _SPANISH_EVERY - 1 else "en"
    zone = chance.choice(_ZONES[language])
    return Part(
        number=number,
        code_name=f"{_TREES[number % len(_TREES)]}-{number + 1:02d}",
        first_name=chance.choice(_FIRST_NAMES[language]),
        last_name=chance.choice(_LAST_NAMES[language]),
        phone=_phone(zone, number),
        language=language,
        zone=zone,
        city=_CITIES.get(zone) if chance.random() < 0.3 else None,  # noqa: PLR2004  some files lack the zone
        clinician=clinician.upper(),
        fate=fate,
        habits=drawn(chance, language=language, hour=chance.choice(_HOURS)),
        rupture=rupture,
        opens_after=timedelta(hours=chance.uniform(2, 14)) + timedelta(days=chance.choice((0, 0, 0, 1, 2))),
    )


def _fates(patients: int, weeks: int, chance: random.Random) -> list[Fate]:
    """Who has which fate; small clinics have fewer of them."""
    fates = [Fate.CRISIS_SAID_PLAINLY, Fate.CRISIS_HINTED_AT][:patients]
    room = patients - len(fates)
    ruptures = max(1, round(patients * RUPTURES)) if weeks >= LEAST_WEEKS_FOR_RUPTURES else 0
    fates += [Fate.RUPTURE] * min(ruptures, room)
    rest = [Fate.PAUSES, Fate.BLOCKS, Fate.LEAVES] if patients > 2 * PATIENTS_PER_CLINICIAN else []
    rest += [Fate.NEVER_OPENS, Fate.REFUSES] * (patients // 24 or patients > PATIENTS_PER_CLINICIAN)
    fates += rest[: patients - len(fates)]
    fates += [Fate.ORDINARY] * (patients - len(fates))
    chance.shuffle(fates)
    return fates


def _kinds(chance: random.Random) -> list[Kind]:
    kinds = list(Kind)
    chance.shuffle(kinds)
    return kinds


def _phone(zone: str, number: int) -> str:
    """A number from the ranges kept free for stories (Ofcom; North American 555-01XX)."""
    if zone.startswith("America/"):
        return f"+1 212 555 {100 + number % 100:04d}"
    return f"+44 7700 900{number % 1000:03d}"


def _chance(seed: int, whose: str) -> random.Random:
    return random.Random(f"{seed}: {whose}")  # noqa: S311  repeatable on purpose, guards nothing
