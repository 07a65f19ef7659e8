"""Whether the contacts in the safety message can be relied on, and how often staff hear that they cannot."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

EXPIRES_SOON = timedelta(days=30)  # time enough to have three numbers checked


class ContactTrouble(StrEnum):
    """What is wrong with the contacts; none of it ever keeps the safety message back."""

    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    NO_NUMBER = "no_number"


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactWarning:
    """One thing to tell staff, once in its period: ``2026-12-31`` is a day, ``2026-W53`` a week."""

    trouble: ContactTrouble
    period: str


def contact_warnings(*, has_number: bool, valid_until: date | None, on: date) -> tuple[ContactWarning, ...]:
    """What staff are to be told on that day of the clinic: daily once the contacts have expired, else weekly.

    They are valid up to and including ``valid_until``; without such a day nothing expires.
    """
    week = f"{on.isocalendar().year}-W{on.isocalendar().week:02d}"
    found: list[ContactWarning] = []
    if valid_until is not None and has_expired(valid_until, on=on):
        found.append(ContactWarning(trouble=ContactTrouble.EXPIRED, period=on.isoformat()))
    elif valid_until is not None and valid_until < on + EXPIRES_SOON:
        found.append(ContactWarning(trouble=ContactTrouble.EXPIRES_SOON, period=week))
    if not has_number:
        found.append(ContactWarning(trouble=ContactTrouble.NO_NUMBER, period=week))
    return tuple(found)


def has_expired(valid_until: date | None, *, on: date) -> bool:
    """Whether the last day for which somebody has checked the contacts is over."""
    return valid_until is not None and valid_until < on
