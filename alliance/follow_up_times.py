"""How long flags waited: from being raised until somebody looked, and until somebody was in contact."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.alert_figures import Spread, spread

# how somebody can have been reached; looking at a flag, putting it off and meaning to raise it are no contact
CONTACT = frozenset({"phone", "in_person", "letter", "message"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """One flag: when it was raised, and everything done about it as action and moment, the oldest first."""

    raised_at: datetime
    done: tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FollowUpTimes:
    """Of the flags raised in a stretch; a spread is None where nobody has done that yet."""

    raised: int
    looked_at: Spread | None
    contact: Spread | None


def follow_up_times(flags: Iterable[Followed], *, contact: Collection[str] = CONTACT) -> FollowUpTimes:
    """How many flags there were, and how long the first look and the first contact took, where there was one."""
    looked: list[timedelta] = []
    reached: list[timedelta] = []
    number = 0
    for flag in flags:
        number += 1
        if flag.done:
            looked.append(flag.done[0][1] - flag.raised_at)
        spoken = next((at for action, at in flag.done if action in contact), None)
        if spoken is not None:
            reached.append(spoken - flag.raised_at)
    return FollowUpTimes(raised=number, looked_at=spread(looked), contact=spread(reached))
