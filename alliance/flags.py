"""Something for the next digest: what a flag can be, and what a clinician can do about it."""

from datetime import datetime, timedelta
from enum import StrEnum

NEWS_AFTER = timedelta(days=14)  # two weeks: a visit or two lie between


class FlagState(StrEnum):
    """Where a flag stands; states only move forward."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Resolution(StrEnum):
    """How a flag ended."""

    REPAIRED = "repaired"
    UNREPAIRED = "unrepaired"
    NOT_A_RUPTURE = "not_a_rupture"


class FlagAction(StrEnum):
    """What a clinician does about a flag with one press."""

    REVIEWED = "reviewed"
    RAISE_AT_VISIT = "raise"
    NOT_A_RUPTURE = "not"


def after(state: FlagState, action: FlagAction) -> FlagState:
    """Where an action takes a flag; a flag already resolved stays so."""
    if state is FlagState.RESOLVED or action is FlagAction.NOT_A_RUPTURE:
        return FlagState.RESOLVED
    return FlagState.ACKNOWLEDGED


def is_news(state: FlagState, resolution: Resolution | None, *, settled_at: datetime | None, now: datetime) -> bool:
    """Whether a sign is a new flag, given the latest flag of the same patient and signal.

    While nobody has looked at that one, new evidence belongs to it. Once somebody has, dismissals included,
    the same sign is news again two weeks later; after a repair it is news at once.
    """
    if state is FlagState.RESOLVED and resolution is not Resolution.NOT_A_RUPTURE:
        return True
    return settled_at is not None and now - settled_at >= NEWS_AFTER
