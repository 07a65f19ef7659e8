"""One clinician's day, arranged: who needs attention first, why, and who answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alliance.agreement import AgreementLine
from alliance.follow_up import Wish
from alliance.followed import Acted, Followed, Waiting, WithColleague
from alliance.marks import Mark, UsualRange
from alliance.rupture import Signal
from alliance.week import Week

QUIET = frozenset({Signal.FLOOR, Signal.DISAGREEMENT})  # no change: worth knowing, outside the budget of alarms


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One delivered check-in in a trend: fractions of the scale by domain, empty when unanswered."""

    on: date
    fractions: dict[str, float]


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
    clinician: str | None = None  # whose patient it is, where the reader is somebody the patient has chosen

    @property
    def wants_contact(self) -> bool:
        """Whether the patient would like to be called."""
        return self.wish == Wish.CALL


@dataclass(frozen=True, kw_only=True, slots=True)
class AboutYou:
    """What a patient said of the bond with a colleague of the own clinician; no rule for ruptures watches it."""

    checkin_id: int
    patient_id: int
    code_name: str
    on: date
    rating: int | None  # on the instrument's own scale; None: passed over
    highest: int  # of the scale
    before: tuple[int, ...]  # the latest ones about the same clinician, oldest first
    concern: str | None = None  # a Concern
    wish: str | None = None  # a Wish, where a concern about this bond was tapped
    about: str | None = None  # the code name of that colleague, for somebody else whom the patient has chosen


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
    clinician_rating: float | None = None  # the reader's own view of that domain, of the last two weeks
    explained: tuple[Explained, ...] = ()  # in the check-ins since then
    marks: tuple[Mark, ...] = ()  # in the time of the trend, oldest first
    usuals: tuple[UsualRange, ...] = ()  # of every domain in which there is one
    raised_on: date | None = None  # None in digests of before this was told
    waits_days: int | None = None  # for somebody to get in touch; None where somebody has, or nobody is waited for
    put_off_until: date | None = None
    of_whom: str | None = None  # the patient's own clinician, where somebody else reads it
    is_escalated: bool = False  # and it came to them because nobody had looked at it
    came_back_on: date | None = None  # when the flag was raised that this one goes on from, unrepaired
    before: Acted | None = None  # and what was last done about that one
    stage: str = ""  # improving, or a Resolution
    clinician: str | None = None  # as above

    @property
    def is_silence(self) -> bool:
        """Whether this is about check-ins without a reply rather than about a rating."""
        return self.domain is None and self.signal != Signal.CONTESTED


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
    clinician: str | None = None  # as above


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """A flag whose patient is back to the usual since the last digest: what was done may have helped."""

    code_name: str
    domain: str | None  # a Domain, None for replies
    days: int  # from the flag to the first good check-in
    was_short: bool  # a single low answer, or none after the flag: a V
    acted: Acted | None = None  # what was last done before it, if anything
    clinician: str | None = None  # as above


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
    held: int = 0  # not asked on purpose: a public holiday, or enough for one day


@dataclass(frozen=True, kw_only=True, slots=True)
class OnHold:
    """A patient who is not asked for a while, because staff said so; the reason is for the page alone."""

    patient_id: int
    code_name: str
    until: date | None  # the first day on which check-ins go on
    reason: str | None  # a HoldReason; None where only the enrolment says so


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
    erased: int = 0  # lines about somebody who has had everything deleted since, taken out of what was sent
    waiting: tuple[Waiting, ...] = ()  # who has no card here and is not among those who asked just now; longest first
    improving: tuple[Followed, ...] = ()  # since the last digest
    not_repaired: tuple[Followed, ...] = ()  # without a card here that says so
    with_colleagues: tuple[WithColleague, ...] = ()
    reader: str | None = None  # the colleague who reads in her place while she is away, by code name
    back_on: date | None = None  # when she is back, if that is known
    settled: tuple[FlagLine, ...] = ()  # settled by a colleague while she was away
    given: tuple[str, ...] = ()  # patients who became hers since the last digest
    on_hold: tuple[OnHold, ...] = ()
    agreements: tuple[AgreementLine, ...] = ()  # answered since the last digest, or not answered yet
    week: Week | None = None  # the last whole week in figures, in the first digest of the next

    @property
    def has_nothing_to_say(self) -> bool:
        """Whether nobody needs anything today, and everything that was to be asked arrived."""
        failed = self.numbers.undeliverable + self.numbers.uncertain + self.numbers.missed
        told = (self.alerts, self.flags, self.wrote, self.undeliverable, self.left, self.recovered, self.explained)
        followed = (self.waiting, self.improving, self.not_repaired, self.with_colleagues)
        while_away = (self.settled, self.given)
        return not (any(told) or any(followed) or any(while_away) or self.about_you or failed)


def arrange(flags: Sequence[FlagLine]) -> tuple[FlagLine, ...]:
    """Order flags: new ones first, falls before low starts before silence, the stronger first, then by code name."""
    return tuple(
        sorted(
            flags,
            key=lambda flag: (
                not flag.is_new,
                flag.is_silence,
                flag.signal in QUIET,
                -flag.strength,
                flag.code_name,
            ),
        )
    )
