"""The same story in English and in Spanish: a patient of Dr Cole's in Madrid, and the sentences by their keys."""

from dataclasses import dataclass

import pytest

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from tests.stories.opening import Beginning
from tests.stories.ward import Ward, madrid, texts

NINE = madrid(3, 2, "09:00")
IN_BOTH = pytest.mark.parametrize("asked", ["en", "es"], indirect=True)
YES = {"en": ("Yes, I want to take part", "Yes"), "es": ("Sí, quiero participar", "Sí")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One patient who is asked on Monday at nine, and the language they read."""

    ward: Ward
    person: OnThePhone
    language: str

    def says(self, key: str, **values: object) -> str:
        """The sentence of that key in this language; the clinician's name is known."""
        return self.ward.says(key, language=self.language, **{"clinician": "Dr Cole", **values})

    async def presses(self, *labels: str) -> None:
        """Press buttons: a number as it is, any other by the key of its sentence."""
        found = [label if label[-1].isdigit() else self.says(label) for label in labels]
        await self.ward.taps(self.person, *found)

    @property
    def screen(self) -> str:
        """What stands in the newest message."""
        return self.person.last.text

    @property
    def labels(self) -> tuple[str, ...]:
        """The buttons of the newest message."""
        return self.person.last.labels

    def is_at(self, number: int) -> bool:
        """Whether the newest message asks this question of three."""
        return self.screen.startswith(f"{self.says('checkin.title', number=number, total=3)}\n")

    def is_on(self, key: str, **values: object) -> bool:
        """Whether the newest message has that title."""
        return self.screen.startswith(f"{self.says(key, **values)}\n")

    @property
    def messages(self) -> int:
        """How many messages of the bot stand in the chat."""
        return len(texts(self.person))


async def enrolled(clinic: Ward, language: str) -> Asked:
    """A patient who takes part and waits for Monday at nine."""
    person = clinic.sandbox.person("Ana" if language == "en" else "Luz", language_code=language)
    invited = await clinic.invite(
        Role.PATIENT, "BIRCH-07", name=person.name, clinician="COLE", language=language, zone="Europe/Madrid"
    )
    yes, right = YES[language]
    await clinic.enrol(person, invited.link, yes=yes, right=right)
    return Asked(ward=clinic, person=person, language=language)


def asked_in(language: str) -> Beginning:
    """A patient takes part, and Monday at nine comes."""

    async def goes_on(clinic: Ward) -> None:
        await enrolled(clinic, language)
        await clinic.until(NINE)

    return Beginning(name=f"asked in {language}", goes_on=goes_on)


def is_asked(ward: Ward, language: str) -> Asked:
    """Whoever came last in that beginning."""
    return Asked(ward=ward, person=ward.sandbox.people[-1], language=language)
