"""Staff hold a patient's check-ins: why, and how long it is offered."""

from datetime import date
from enum import StrEnum

from alliance.not_arranged import NotArranged

OFFERED_HOLDS = (7, 14, 28)  # days, with one tap; any other day can be written
LONGEST_HOLD = 365  # days; after a year somebody should ask again


class HoldReason(StrEnum):
    """Why check-ins are held; for staff alone, the chat never names it."""

    HOSPITAL = "hospital"
    BEREAVEMENT = "bereavement"
    OTHER = "other"


def check_days(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Raise NotArranged for days that are over, in the wrong order, or more than a year apart."""
    if ends_on is not None and ends_on <= max(starts_on, today):
        raise NotArranged("hold.ends_before", "The day on which check-ins go on comes after the first day held.")
    if starts_on < today:
        raise NotArranged("hold.in_the_past", "A hold begins today or later.")
    if ends_on is not None and (ends_on - starts_on).days > LONGEST_HOLD:
        raise NotArranged("hold.too_long", "A hold lasts at most a year; leave its end open instead.")
