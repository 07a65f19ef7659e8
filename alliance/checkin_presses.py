"""What the buttons of a check-in are about, beside the numbers themselves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from alliance.audience import Subject
from alliance.follow_up import Concern, Wish
from alliance.items import Domain
from alliance.press_words import read_whole

AN_HOUR_FROM_THE_TAP = 0  # in place of a minute: whoever says "in an hour" means the hour after saying it


class Look(StrEnum):
    """What the message of a check-in can be turned to, and back."""

    NOW = "now"  # where the check-in stands
    WHO = "who"
    LATER = "later"
    CHANGE = "change"
    BOND_READERS = "readers_bond"
    REMARK_READERS = "readers_remarks"


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """Turn the message of one check-in to something else."""

    checkin_id: int
    to: Look


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """Pass over one item of one check-in."""

    checkin_id: int
    item_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reopen:
    """Show one item again, so that its answer can be changed."""

    checkin_id: int
    item_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Another number for an item that was shown again."""

    checkin_id: int
    item_id: str
    rating: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PutOff:
    """Come back with it at that minute, counted since 1970."""

    checkin_id: int
    minute: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SayWhy:
    """What lies behind a low answer."""

    checkin_id: int
    domain: Domain
    concern: Concern


@dataclass(frozen=True, kw_only=True, slots=True)
class SayWish:
    """What should follow from it."""

    checkin_id: int
    wish: Wish


@dataclass(frozen=True, kw_only=True, slots=True)
class ChooseReader:
    """Who reads something from now on, chosen on a page of a check-in; ``audience`` is its word."""

    checkin_id: int
    subject: Subject
    audience: str


CheckinPress = ChooseReader | Turn | Skip | Reopen | Change | PutOff | SayWhy | SayWish


def encode(press: CheckinPress) -> str:
    """Write a press as button data of at most 64 bytes."""
    match press:
        case Turn():
            return f"turn:{press.checkin_id}:{press.to}"
        case Skip():
            return f"skip:{press.checkin_id}:{press.item_id}"
        case Reopen():
            return f"open:{press.checkin_id}:{press.item_id}"
        case Change():
            return f"change:{press.checkin_id}:{press.item_id}:{press.rating}"
        case PutOff():
            return f"later:{press.checkin_id}:{press.minute}"
        case SayWhy():
            return f"why:{press.checkin_id}:{press.domain}:{press.concern}"
        case SayWish():
            return f"wish:{press.checkin_id}:{press.wish}"
        case ChooseReader():
            return f"reads:{press.checkin_id}:{press.subject}:{press.audience}"


def _turn(rest: str) -> Turn:
    checkin, to = rest.split(":")
    return Turn(checkin_id=read_whole(checkin), to=Look(to))


def _skip(rest: str) -> Skip:
    checkin, item = rest.split(":")
    return Skip(checkin_id=read_whole(checkin), item_id=item)


def _reopen(rest: str) -> Reopen:
    checkin, item = rest.split(":")
    return Reopen(checkin_id=read_whole(checkin), item_id=item)


def _change(rest: str) -> Change:
    checkin, item, rating = rest.split(":")
    return Change(checkin_id=read_whole(checkin), item_id=item, rating=read_whole(rating))


def _put_off(rest: str) -> PutOff:
    checkin, minute = rest.split(":")
    return PutOff(checkin_id=read_whole(checkin), minute=read_whole(minute))


def _why(rest: str) -> SayWhy:
    checkin, domain, concern = rest.split(":")
    return SayWhy(checkin_id=read_whole(checkin), domain=Domain(domain), concern=Concern(concern))


def _wish(rest: str) -> SayWish:
    checkin, wish = rest.split(":")
    return SayWish(checkin_id=read_whole(checkin), wish=Wish(wish))


def _reader(rest: str) -> ChooseReader:
    checkin, subject, audience = rest.split(":")
    return ChooseReader(checkin_id=read_whole(checkin), subject=Subject(subject), audience=audience)


READERS: Mapping[str, Callable[[str], CheckinPress]] = {
    "turn": _turn,
    "skip": _skip,
    "open": _reopen,
    "change": _change,
    "later": _put_off,
    "why": _why,
    "wish": _wish,
    "reads": _reader,
}
