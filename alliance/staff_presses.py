"""What staff press on the pages about when people are there: hours, leave and cover, and holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from alliance.holding import HoldReason
from alliance.press_words import read_whole

OPEN_END, NOT_CHOSEN, NOBODY = "o", "-", 0  # until somebody says so; still to be chosen; no cover


class Hour(StrEnum):
    """What a clinician sets about her digest."""

    AT = "at"
    DAY = "day"  # a working day, added or taken out
    ZONE = "zone"


@dataclass(frozen=True, kw_only=True, slots=True)
class SetHours:
    """Another hour, one working day more or less, or another zone."""

    what: Hour
    choice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanLeave:
    """A step of planning a leave: each button carries all that was chosen before, so that a late press is harmless."""

    person_id: int
    starts_on: date
    back_on: date | None = None
    has_open_end: bool = False
    cover_id: int | None = None  # NOBODY when that was chosen; None while it is to be chosen

    @property
    def has_end(self) -> bool:
        """Whether the end is chosen, an open one too."""
        return self.has_open_end or self.back_on is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class EndLeave:
    """She is back, or not going."""

    leave_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NameCover:
    """Who reads during a leave from now on; without somebody, the page of those who could."""

    leave_id: int
    cover_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanHold:
    """A step of holding a patient's check-ins from today on."""

    patient_id: int
    reason: HoldReason
    ends_on: date | None = None
    is_complete: bool = False  # the end is chosen, perhaps an open one


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftHold:
    """Check-ins go on."""

    hold_id: int


StaffPress = SetHours | PlanLeave | EndLeave | NameCover | PlanHold | LiftHold


def encode(press: StaffPress) -> str:
    """Write one of these presses as button data."""
    match press:
        case SetHours():
            return f"H:{press.what}:{press.choice}"
        case PlanLeave():
            end = OPEN_END if press.has_open_end else _ordinal(press.back_on)
            cover = NOT_CHOSEN if press.cover_id is None else press.cover_id
            return f"L:{press.person_id}:{press.starts_on.toordinal()}:{end}:{cover}"
        case EndLeave():
            return f"LE:{press.leave_id}"
        case NameCover():
            return f"LC:{press.leave_id}:{NOT_CHOSEN if press.cover_id is None else press.cover_id}"
        case PlanHold():
            end = OPEN_END if press.is_complete and press.ends_on is None else _ordinal(press.ends_on)
            return f"P:{press.patient_id}:{press.reason}:{end}"
        case LiftHold():
            return f"PE:{press.hold_id}"


def _ordinal(day: date | None) -> str:
    return NOT_CHOSEN if day is None else str(day.toordinal())


def _day(word: str) -> date | None:
    """The day of that ordinal, or None for one that is open or to be chosen; raises ValueError for anything else."""
    return None if word in {NOT_CHOSEN, OPEN_END} else _day_of(word)


def _day_of(word: str) -> date:
    try:
        return date.fromordinal(read_whole(word))
    except OverflowError as error:
        raise ValueError(word) from error


def _person(word: str) -> int | None:
    return None if word == NOT_CHOSEN else read_whole(word)


def _hours(rest: str) -> SetHours:
    what, _, choice = rest.partition(":")
    return SetHours(what=Hour(what), choice=choice)


def _leave(rest: str) -> PlanLeave:
    person, start, end, cover = rest.split(":")
    return PlanLeave(
        person_id=read_whole(person),
        starts_on=_day_of(start),
        back_on=_day(end),
        has_open_end=end == OPEN_END,
        cover_id=_person(cover),
    )


def _cover(rest: str) -> NameCover:
    leave, cover = rest.split(":")
    return NameCover(leave_id=read_whole(leave), cover_id=_person(cover))


def _hold(rest: str) -> PlanHold:
    patient, reason, end = rest.split(":")
    return PlanHold(
        patient_id=read_whole(patient),
        reason=HoldReason(reason),
        ends_on=_day(end),
        is_complete=end != NOT_CHOSEN,
    )


READERS: dict[str, Callable[[str], StaffPress]] = {
    "H": _hours,
    "L": _leave,
    "LE": lambda rest: EndLeave(leave_id=read_whole(rest)),
    "LC": _cover,
    "P": _hold,
    "PE": lambda rest: LiftHold(hold_id=read_whole(rest)),
}
