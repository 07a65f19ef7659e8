"""Staff hold a patient's check-ins: why, and how long it is offered."""

from datetime import date
from enum import StrEnum

OFFERED_HOLDS = (7, 14, 28)  # days, with one tap; any other day can be written
LONGEST_HOLD = 365  # days; after a year somebody should ask again


class HoldReason(StrEnum):
    """Why check-ins are held; for staff alone, the chat never names it."""

    HOSPITAL = "hospital"
    BEREAVEMENT = "bereavement"
    OTHER = "other"


class CannotHold(ValueError):
    """Check-ins cannot be held so; the message says why, and ``key`` names the same sentence in the wording."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = f"hold.refused.{key}"


def check_days(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Raise CannotHold for days that are over, in the wrong order, or more than a year apart."""
    if ends_on is not None and ends_on <= max(starts_on, today):
        raise CannotHold("ends_before", "The first day on which check-ins go on must come after the first day held.")
    if starts_on < today:
        raise CannotHold("in_the_past", "A hold begins today or later.")
    if ends_on is not None and (ends_on - starts_on).days > LONGEST_HOLD:
        raise CannotHold("too_long", f"A hold lasts at most {LONGEST_HOLD} days; leave the end open instead.")
