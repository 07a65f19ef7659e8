"""What people can press: each button is about one of these."""

from dataclasses import dataclass
from enum import StrEnum

from alliance.acting_presses import ActingPress
from alliance.checkin_presses import CheckinPress
from alliance.coordinator_presses import CoordinatorPress
from alliance.flags import FlagAction
from alliance.staff_presses import StaffPress
from alliance.visit_presses import VisitPress


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """A number on one item of one check-in."""

    checkin_id: int
    item_id: str
    rating: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NothingToAdd:
    """A check-in finished without a sentence."""

    checkin_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpNow:
    """The person wants to know where help is, now."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """Yes or no to the consent text of one version."""

    version: int
    given: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepZone:
    """The time zone is right, or it is not."""

    right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseZone:
    """One of the time zones that were offered."""

    zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseTime:
    """The local time at which a check-in is welcome, as HH:MM."""

    at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Leave:
    """Stop taking part, or stay after all."""

    sure: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ActOnFlag:
    """What a clinician does about a flag, on the card of one digest."""

    flag_id: int
    digest_id: int
    action: FlagAction


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowWords:
    """What this patient wrote in the time one digest covers."""

    digest_id: int
    patient_id: int


class AlertStep(StrEnum):
    """What a paged person can do about an alert."""

    HAVE = "have"
    REACH = "reach"
    WORDS = "words"
    CONTACT_MADE = "made"
    NOT_A_CRISIS = "not"


@dataclass(frozen=True, kw_only=True, slots=True)
class ActOnAlert:
    """One step of one alert; ``group`` names the pages it was shown with, when it was not alone in its message."""

    alert_id: int
    step: AlertStep
    group: int | None = None


class SafetyAnswer(StrEnum):
    """What a person can say by a button below the safety message."""

    SAFE = "safe"
    CALL = "call"


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterSafety:
    """What a person says below the safety message; whose alert that is, the chat tells."""

    said: SafetyAnswer


@dataclass(frozen=True, kw_only=True, slots=True)
class SetCadence:
    """A cadence by its preset's name for one patient: looked at, or saved."""

    patient_id: int
    preset: str
    save: bool


class Place(StrEnum):
    """A page of the menu: one thing that a person can look at or decide."""

    MENU = "menu"
    PAUSE = "pause"
    TIME = "time"
    ZONE = "zone"
    LANGUAGE = "language"
    QUIET = "quiet"
    GOALS = "goals"
    AGREEMENT = "agreement"  # waits for what should change; no page of the menu
    WHO = "who"
    BOND_READERS = "readers_bond"
    REMARK_READERS = "readers_remarks"
    READING = "reading"  # whether they hear that something was read
    DATA = "data"
    LEAVE = "leave"
    FORGET = "forget"
    AS_PATIENT = "patient"  # which of two roles somebody means
    AS_STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenPlace:
    """Show a page of the menu."""

    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Decide:
    """What a patient has chosen on a page of the menu, such as a time, a zone or a day."""

    place: Place
    choice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Erase:
    """Have everything deleted, or keep it; ``asked_in`` is the minute since 1970 in which that was asked."""

    sure: bool
    asked_in: int


Press = (
    Rate
    | NothingToAdd
    | HelpNow
    | Consent
    | KeepZone
    | ChooseZone
    | ChooseTime
    | Leave
    | ActOnFlag
    | ShowWords
    | ActOnAlert
    | AfterSafety
    | SetCadence
    | CheckinPress
    | ActingPress
    | OpenPlace
    | Decide
    | Erase
    | StaffPress
    | CoordinatorPress
    | VisitPress
)
