"""One clinician's day, arranged: who needs attention first, why, and who answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alliance.follow_up import Wish
from alliance.rupture import Signal

QUIET = frozenset({Signal.FLOOR, Signal.DISAGREEMENT})  # no change: worth knowing, outside the budget of alarms


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One delivered check-in in a trend: fractions of the scale by domain, empty when unanswered."""

    on: date
    fractions: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """The latest thing somebody did about a flag."""

    action: str  # a FlagAction
    at: datetime
    by: str | None  # a colleague's code name; None for the clinician who reads


@dataclass(frozen=True, kw_only=True, slots=True)
class HeardLine:
    """What a rule for language heard in a message: why it matters and where it stands, never the words themselves.

    Who may read them opens the message; a message that is no longer kept leaves the reason, and ``said_at`` is None.
    """

    why: str  # in the reader's language
    rule: str
    kind: str  # a RuptureKind
    domain: str  # a Domain
    message_row: int
    first: int  # place of the phrase in the message, half-open, in code points
    last: int
    said_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What a patient tapped when asked about a low answer; the answer is on the instrument's own scale."""

    domain: str  # a Domain
    concern: str  # a Concern
    rating: int | None
    highest: int  # of the scale


@dataclass(frozen=True, kw_only=True, slots=True)
class Explained:
    """What one check-in gave to know beside its numbers: what lies behind a low one, and what should follow."""

    checkin_id: int
    patient_id: int
    code_name: str
    on: date
    chosen: tuple[Chosen, ...]
    wish: str | None  # a Wish

    @property
    def wants_contact(self) -> bool:
        """Whether the patient would like to be called."""
        return self.wish == Wish.CALL


@dataclass(frozen=True, kw_only=True, slots=True)
class AboutYou:
    """What a colleague's patient said of the bond with the clinician who reads; no rule for ruptures watches it."""

    checkin_id: int
    patient_id: int
    code_name: str
    on: date
    rating: int | None  # on the instrument's own scale; None: passed over
    highest: int  # of the scale
    before: tuple[int, ...]  # the latest ones about the same clinician, oldest first
    concern: str | None = None  # a Concern
    wish: str | None = None  # a Wish, where a concern about this bond was tapped


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagLine:
    """A possible rupture as the digest shows it; ratings are on the instrument's own scale."""

    flag_id: int
    patient_id: int
    code_name: str
    kind: str  # a RuptureKind
    domain: str | None  # a Domain, None for silence
    signal: str  # a Signal
    strength: float  # 0 to 1
    since_on: date
    rating: float | None
    usual: float | None
    usual_low: float | None
    usual_high: float | None
    usual_count: int
    highest: int  # of the scale
    unanswered: int  # in a row
    is_new: bool
    state: str  # a FlagState
    rule: str
    trend: tuple[Point, ...] = ()  # oldest first
    lowest: int = 1  # of the scale
    also: tuple[str, ...] = ()  # other domains that fell with it
    acted: Acted | None = None
    because: tuple[str, ...] = ()  # habits that have changed, by name
    replied: int = 0  # of the check-ins since then, for what is about habits
    asked: int = 0
    heard: tuple[HeardLine, ...] = ()  # in the order in which it was said
    is_unread: bool = False  # there are no rules for the patient's language: words were not weighed
    explained: tuple[Explained, ...] = ()  # in the check-ins since then

    @property
    def is_silence(self) -> bool:
        """Whether this is about check-ins without a reply rather than about a rating."""
        return self.domain is None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlertLine:
    """An alert of a patient: raised since the last digest, or still open."""

    alert_id: int
    code_name: str
    cause: str
    raised_at: datetime
    state: str
    acknowledged_by: str | None  # the staff member's code name


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """A patient who wrote something since the last digest; the words stay behind a button."""

    patient_id: int
    code_name: str
    messages: int
    unscreened: int  # voice, photos and the like, which nobody could screen
    message_rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """A flag whose patient is back to the usual since the last digest: what was done may have helped."""

    code_name: str
    domain: str | None  # a Domain, None for replies
    days: int  # from the flag to the first good check-in
    was_short: bool  # a single low answer, or none after the flag: a V


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """Check-ins that fell due since the last digest. No reply is unknown, never fine."""

    asked: int
    answered: int
    partly: int
    still_open: int
    unanswered: int
    undeliverable: int
    uncertain: int
    missed: int  # by us


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """Everything one clinician is told on one date."""

    clinician: str
    on: date
    zone: str
    covers_from: datetime
    caseload: int  # patients taking part
    alerts: tuple[AlertLine, ...]
    flags: tuple[FlagLine, ...]
    wrote: tuple[Wrote, ...]
    undeliverable: tuple[str, ...]  # code names of patients who cannot be reached
    left: tuple[str, ...]  # stopped taking part since the last digest
    numbers: Numbers
    rules_approved: bool
    recovered: tuple[Recovered, ...] = ()
    explained: tuple[Explained, ...] = ()  # since the last digest
    about_you: tuple[AboutYou, ...] = ()  # since the last digest

    @property
    def has_nothing_to_say(self) -> bool:
        """Whether nobody needs anything today, and everything that was to be asked arrived."""
        failed = self.numbers.undeliverable + self.numbers.uncertain + self.numbers.missed
        told = (self.alerts, self.flags, self.wrote, self.undeliverable, self.left, self.recovered, self.explained)
        return not (any(told) or self.about_you or failed)


def arrange(flags: Sequence[FlagLine]) -> tuple[FlagLine, ...]:
    """Order flags: new ones first, falls before low starts before silence, the stronger first, then by code name."""
    return tuple(
        sorted(
            flags,
            key=lambda flag: (
                not flag.is_new,
                flag.domain is None,
                flag.signal in QUIET,
                -flag.strength,
                flag.code_name,
            ),
        )
    )
