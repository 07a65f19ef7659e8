"""One unit of work: what a story needs to know and where it writes, committed together or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from alliance.approval import Text
from alliance.calibration import Calibration, budget_of
from alliance.clinician_rating import WhenAsked
from alliance.crisis import CrisisRules
from alliance.items import Instrument
from alliance.language import LanguageRules
from alliance.local_time import QuietHours
from alliance.notes import Script
from alliance.people import STRANGER, Actor
from alliance.places import MailContent, WordsInTelegram
from alliance.wording import Wording, Wordings, main_language
from storage.tables import Enrolment, Person


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpAtOnce:
    """What the safety message names; empty texts are left out, and the message says so in words."""

    emergency_number: str = ""
    crisis_line: str = ""  # spelled out: what it is, how to reach it, when
    clinic_contact: str = ""
    valid_until: date | None = None  # the last day for which somebody has checked these
    crisis_lines: Mapping[str, str] = field(default_factory=dict[str, str])  # by language, where it is not the clinic's
    clinic_contacts: Mapping[str, str] = field(default_factory=dict[str, str])

    def crisis_line_in(self, language: str) -> str:
        """The crisis line as told in a language; in the clinic's own words where nobody has translated it."""
        return self.crisis_lines.get(main_language(language), self.crisis_line)

    def clinic_contact_in(self, language: str) -> str:
        """How to reach the clinic, told in a language, or in the clinic's own words."""
        return self.clinic_contacts.get(main_language(language), self.clinic_contact)


def never(_day: date) -> bool:
    """No day is a holiday, where the clinic has named no country."""
    return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """What stays the same while the program runs: the clinic's settings, its wording and its rules."""

    name: str
    zone: str
    language: str
    bot_username: str
    wordings: Wordings
    instruments: tuple[Instrument, ...]  # the first one is asked; the others are remembered
    crisis_rules: CrisisRules
    language_rules: LanguageRules
    help_at_once: HelpAtOnce
    quiet: QuietHours
    digest_at: time
    invitation_days: int
    calibration: Calibration
    attention: float  # false flags a week that a clinician with forty patients can bear
    clinician_rates: WhenAsked = WhenAsked.AFTER_VISITS
    clinician_ratings_a_day: int = 3
    to_approve: tuple[Text, ...] = ()  # rules and wording in use, as they are to be signed off
    scripts: tuple[Script, ...] = ()  # notes that a clinician can send as they are
    untouched_after: int = 3  # working days, after which a flag goes to whoever stands in
    has_second_channel: bool = False  # pages have another way than Telegram
    has_pictures: bool = False  # somebody draws the charts of digests
    words_in_telegram: WordsInTelegram = WordsInTelegram.ON_REQUEST
    digest_mail: MailContent = MailContent.OFF
    words_by_mail: bool = False  # patients' own words are part of a full digest by e-mail
    console_url: str = ""  # where staff reach the console; empty: there is none
    is_holiday: Callable[[date], bool] = never  # a public holiday, on which nobody is asked
    spread: timedelta = timedelta(0)  # over which check-ins of one hour are shared out, each patient at their own place

    @property
    def instrument(self) -> Instrument:
        """The instrument that new check-ins ask."""
        return self.instruments[0]

    def evidence_limit(self, points: int) -> float:
        """How loud the evidence for a change must be on a scale of so many points."""
        return self.calibration.limit(points=points, budget=budget_of(self.attention))

    def instrument_named(self, name: str) -> Instrument | None:
        """The instrument a check-in was asked with, by its ``id/version``."""
        return next((known for known in self.instruments if known.name == name), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Toast:
    """The answer to a pressed button: worthless later, so it goes out right after the commit."""

    query_id: str
    text: str | None = None


@dataclass(kw_only=True, slots=True)
class Unit:
    """One story in progress.

    ``origin`` names what started it, such as ``update:812``; keys of outgoing messages begin with it,
    so that a story that runs twice says everything once.
    """

    session: AsyncSession
    now: datetime
    clinic: Clinic
    origin: str
    person: Person | None = None
    enrolment: Enrolment | None = None  # kept for the session, which otherwise forgets it and reads it again
    actor: Actor = STRANGER
    toasts: list[Toast] = field(default_factory=list[Toast])
    said: int = 0

    def wording(self, language: str | None = None) -> Wording:
        """The wording for the person of this unit, or in another language."""
        spoken = language or (self.person.language if self.person else self.clinic.language)
        return self.clinic.wordings.in_language(spoken)


__all__ = ["Clinic", "HelpAtOnce", "Person", "Toast", "Unit"]
