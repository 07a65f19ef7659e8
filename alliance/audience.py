"""To whom a patient sends what they say about the relationship, and their free words; and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Subject(StrEnum):
    """What a patient can send to somebody else than the clinician it may be about."""

    BOND = "bond"  # answers about the relationship, and what is tapped beside them
    REMARKS = "remarks"  # every free sentence, in a check-in or between two


class Whom(StrEnum):
    """Who may see it."""

    CLINICIAN = "clinician"  # the patient's own, whoever that is
    PERSON = "person"  # one other person, by name
    TEAM = "team"  # the patient's own clinician and everybody on offer


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Who may see something; ``reader_id`` names the person where it is one."""

    whom: Whom = Whom.CLINICIAN
    reader_id: int | None = None

    @property
    def word(self) -> str:
        """The audience as a button carries it."""
        return str(self.reader_id) if self.whom is Whom.PERSON else self.whom

    @classmethod
    def of(cls, word: str) -> "Audience | None":
        """The audience that a button named; None for a word that names none."""
        if word in {Whom.CLINICIAN, Whom.TEAM}:
            return cls(whom=Whom(word))
        return cls(whom=Whom.PERSON, reader_id=int(word)) if word.isascii() and word.isdecimal() else None


USUAL = Audience()


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """One decision of a patient; it holds for what is given from that moment on."""

    subject: Subject
    audience: Audience
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Routing:
    """Every decision of one patient, oldest first; none is the same as everything to the own clinician."""

    choices: Sequence[Choice] = ()

    def latest(self, subject: Subject, *, at: datetime) -> Choice | None:
        """The decision in force at that moment; None where none had been made."""
        return next((one for one in reversed(self.choices) if one.subject is subject and one.since <= at), None)

    def audience(self, subject: Subject, *, at: datetime) -> Audience:
        """Who may see what was given at that moment, then and for good: a later choice does not move it."""
        choice = self.latest(subject, at=at)
        return choice.audience if choice else USUAL

    @property
    def named(self) -> tuple[int, ...]:
        """Everybody who was ever chosen by name, in that order."""
        found = (one.audience.reader_id for one in self.choices)
        return tuple(dict.fromkeys(reader for reader in found if reader is not None))

    @property
    def asks_the_team(self) -> bool:
        """Whether anything was ever given to the whole team."""
        return any(one.audience.whom is Whom.TEAM for one in self.choices)


NOTHING_CHOSEN = Routing()
