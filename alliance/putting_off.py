"""When a check-in can come back, if now is not the time: only while it can still be answered.

A check-in of nine in the morning closes before the next morning comes. Who asks for it tomorrow is given the time: its
window is lengthened then, and for nobody else, but never into the next check-in.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from alliance.checkin import LEAST_TO_ANSWER
from alliance.local_time import QuietHours, instant, local_day, local_time, out_of_quiet

IN_A_WHILE = timedelta(hours=1)
EVENING, MORNING = time(19), time(9)  # on the person's own wall
TOMORROWS_WINDOW = timedelta(hours=8)  # for a check-in that comes back the next morning: that day, and no night


class Later(StrEnum):
    """The times that are offered."""

    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One of them, and the moment it means."""

    later: Later
    at: datetime


def offers(
    *, now: datetime, expires_at: datetime, zone: str, quiet: QuietHours, longest: datetime | None = None
) -> tuple[Offer, ...]:
    """The times at which a check-in that closes at ``expires_at`` may come back, soonest first; perhaps none.

    ``longest`` is the moment up to which its window may be lengthened for tomorrow; None: it stays as it is.
    """
    today = local_day(now, zone)
    evening, tomorrow = instant(today, EVENING, zone), instant(today + timedelta(days=1), MORNING, zone)
    soonest = now + IN_A_WHILE
    found = [Offer(later=Later.HOUR, at=soonest)]
    if evening > soonest:
        found.append(Offer(later=Later.EVENING, at=evening))
    found.append(Offer(later=Later.TOMORROW, at=tomorrow))
    return tuple(
        offer
        for offer in found
        if may_come_back(offer.at, now=now, expires_at=expires_at, zone=zone, quiet=quiet, longest=longest)
    )


def may_come_back(
    at: datetime,
    *,
    now: datetime,
    expires_at: datetime,
    zone: str,
    quiet: QuietHours,
    longest: datetime | None = None,
) -> bool:
    """Whether that moment lies ahead, leaves time to answer, and is not in the quiet hours."""
    closes_at = window(at, expires_at=expires_at, zone=zone, longest=longest)
    return now < at <= closes_at - LEAST_TO_ANSWER and out_of_quiet(at, zone, quiet) == at


def window(at: datetime, *, expires_at: datetime, zone: str, longest: datetime | None) -> datetime:
    """When a check-in closes that comes back at that moment: later than before only where it comes in the morning."""
    if longest is None or local_time(at, zone) != MORNING:
        return expires_at
    return max(expires_at, min(at + TOMORROWS_WINDOW, longest))
