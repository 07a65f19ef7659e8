"""Who is paged about an alert, in which order, and how soon again."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from alliance.crisis import Degree

CHASE_EVERY = timedelta(minutes=2)  # one page is easy to miss
SAME_MOMENT = timedelta(seconds=30)  # several messages or presses in it are one call for help
REMIND_EVERY = timedelta(hours=2)  # taken on but not closed: long enough for a visit, short enough to be seen today


class AlertState(StrEnum):
    """Where an alert stands; states only move forward."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class AlertResolution(StrEnum):
    """Why an alert was closed."""

    CONTACT_MADE = "contact_made"
    NOT_A_CRISIS = "not_a_crisis"
    SUPERSEDED = "superseded"  # a new alert of the same person took its place


def urgency(*, state: str, degree: str, rung: int, raised_at: datetime) -> tuple[bool, bool, bool, datetime]:
    """What orders alerts that reach one person together; the smaller, the more urgent.

    Nobody's before somebody's, danger now before what can be looked at soon, a first page before a repeated one, and
    then the one that has waited longest.
    """
    return state != AlertState.RAISED, degree != Degree.NOW, rung > 0, raised_at


def whom_to_page(order: Sequence[int], *, paged: Collection[int]) -> tuple[int, ...]:
    """The people to page next: the first in order who was not paged yet, and everyone once all have been.

    An empty order pages nobody; the caller has made sure that it is not empty, or says so aloud.
    """
    fresh = next((person for person in order if person not in paged), None)
    return tuple(order) if fresh is None else (fresh,)
