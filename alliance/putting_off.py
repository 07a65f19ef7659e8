"""When a check-in can come back, if now is not the time: only while it can still be answered."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from alliance.checkin import LEAST_TO_ANSWER
from alliance.local_time import QuietHours, instant, local_day, out_of_quiet

IN_A_WHILE = timedelta(hours=1)
EVENING, MORNING = time(19), time(9)  # on the person's own wall


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


def offers(*, now: datetime, expires_at: datetime, zone: str, quiet: QuietHours) -> tuple[Offer, ...]:
    """The times at which a check-in that closes at ``expires_at`` may come back, soonest first; perhaps none."""
    today = local_day(now, zone)
    evening, tomorrow = instant(today, EVENING, zone), instant(today + timedelta(days=1), MORNING, zone)
    soonest = now + IN_A_WHILE
    found = [Offer(later=Later.HOUR, at=soonest)]
    if evening > soonest:
        found.append(Offer(later=Later.EVENING, at=evening))
    found.append(Offer(later=Later.TOMORROW, at=tomorrow))
    return tuple(
        offer for offer in found if may_come_back(offer.at, now=now, expires_at=expires_at, zone=zone, quiet=quiet)
    )


def may_come_back(at: datetime, *, now: datetime, expires_at: datetime, zone: str, quiet: QuietHours) -> bool:
    """Whether that moment lies ahead, leaves time to answer, and is not in the quiet hours."""
    return now < at <= expires_at - LEAST_TO_ANSWER and out_of_quiet(at, zone, quiet) == at
