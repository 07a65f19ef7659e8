"""Who is paged about an alert, in which order, and how soon again."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

CHASE_EVERY = timedelta(minutes=2)  # one page is easy to miss
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


def whom_to_page(order: Sequence[int], *, rung: int) -> tuple[int, ...]:
    """The people to page on this rung, counted from 0: one after another, and after the last one everyone.

    An empty order pages nobody; the caller has made sure that it is not empty, or says so aloud.
    """
    return (order[rung],) if rung < len(order) else tuple(order)
