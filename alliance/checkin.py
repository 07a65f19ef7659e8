"""One check-in: what a tap or a sentence does to it, decided from where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from alliance.items import Instrument, Item

REMIND_AFTER = timedelta(hours=5)  # late enough not to press, early enough for the same day
EXPIRES_AFTER = timedelta(hours=20)  # an answer belongs to the day on which it was asked
LEAST_TO_ANSWER = timedelta(hours=1)  # a question that closes sooner than this is not sent any more


class CheckinState(StrEnum):
    """Where a check-in stands."""

    QUEUED = "queued"  # the question is on its way
    OPEN = "open"  # the question was delivered
    ANSWERED = "answered"
    EXPIRED = "expired"
    MISSED = "missed"  # we did not ask in time; never the patient's silence
    UNDELIVERABLE = "undeliverable"
    UNCERTAIN = "uncertain"  # nobody can know whether the question arrived, or whether it was answered
    CANCELLED = "cancelled"
    HELD = "held"  # not asked on purpose: a public holiday, or enough for one day; never silence


ANSWERABLE = frozenset({CheckinState.QUEUED, CheckinState.OPEN, CheckinState.UNCERTAIN})
DELIVERED = frozenset({CheckinState.OPEN, CheckinState.ANSWERED, CheckinState.EXPIRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is known of a check-in before the next tap; ``ratings`` holds the answers by item id."""

    state: CheckinState
    expires_at: datetime
    instrument: Instrument
    ratings: Mapping[str, int]
    skipped: frozenset[str] = frozenset()  # ids of items the person has passed over

    @property
    def waiting_for(self) -> Item | None:
        """The first item neither answered nor skipped, in the order of the instrument."""
        done = self.ratings.keys() | self.skipped
        return next((item for item in self.instrument.items if item.id not in done), None)

    @property
    def is_touched(self) -> bool:
        """Whether anything was answered or skipped, so that there is something to change."""
        return bool(self.ratings or self.skipped)

    def answered(self, item_id: str, rating: int) -> Self:
        """The same with one more answer, or with another one to that item."""
        return replace(self, ratings={**self.ratings, item_id: rating}, skipped=self.skipped - {item_id})

    def passed_over(self, item_id: str) -> Self:
        """The same with one more item passed over."""
        return replace(self, skipped=self.skipped | {item_id})

    def is_open(self, now: datetime) -> bool:
        """Whether an answer still counts at that moment."""
        return self.state in ANSWERABLE and now < self.expires_at

    def is_changeable(self, now: datetime) -> bool:
        """Whether an answer given before can still be put right: until its time is over, also once it is finished."""
        return (self.state in ANSWERABLE or self.state is CheckinState.ANSWERED) and now < self.expires_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The answer counts; ``then`` is the next item, or None when it was the last one."""

    item: Item
    rating: int
    then: Item | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """The item is passed over, without penalty; ``then`` is the next item, or None when it was the last one."""

    item: Item
    then: Item | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeated:
    """The same tap once more, or one on a finished check-in: nothing changes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TooLate:
    """The check-in is closed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NotOffered:
    """No button of this check-in says that."""


Outcome = Recorded | Skipped | Repeated | TooLate | NotOffered


def accept(standing: Standing, *, item_id: str, rating: int, now: datetime, asked_to_change: bool = False) -> Outcome:
    """What a tap on a number does.

    A second tap on an item already answered counts as a change of mind while the check-in is open, so
    the later of two quick taps stands; the same number again changes nothing. Once it is finished only a
    person who ``asked_to_change`` an answer changes one: an old button pressed by chance does not.
    """
    item = standing.instrument.item(item_id)
    if item is None or not standing.instrument.lowest <= rating <= standing.instrument.highest:
        return NotOffered()
    if standing.state is CheckinState.ANSWERED and not asked_to_change:
        return Repeated()
    if not (standing.is_changeable(now) if asked_to_change else standing.is_open(now)):
        return TooLate()
    if standing.ratings.get(item_id) == rating:
        return Repeated()
    return Recorded(item=item, rating=rating, then=standing.answered(item_id, rating).waiting_for)


def skip(standing: Standing, *, item_id: str, now: datetime) -> Outcome:
    """What "skip this one" does: an answer that was given before stays, however late the tap comes."""
    item = standing.instrument.item(item_id)
    if item is None:
        return NotOffered()
    if standing.state is CheckinState.ANSWERED:
        return Repeated()
    if not standing.is_open(now):
        return TooLate()
    if item_id in standing.ratings or item_id in standing.skipped:
        return Repeated()
    return Skipped(item=item, then=standing.passed_over(item_id).waiting_for)


def typed_rating(standing: Standing, words: str) -> int | None:
    """The rating a person typed instead of tapping: a bare whole number on the scale, else None."""
    word = words.strip()
    if not (word.isascii() and word.isdigit() and len(word) <= len(str(standing.instrument.highest))):
        return None
    rating = int(word)
    return rating if standing.instrument.lowest <= rating <= standing.instrument.highest else None
