"""Something for the next digest: what a flag can be, and what a clinician can do about it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from alliance.items import Domain
from alliance.rupture import Observation

NEWS_AFTER = timedelta(days=14)  # two weeks: a visit or two lie between
HALF_THE_RANGE = 0.5
RECOVERED_TWICE = 2  # one good answer may be politeness


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


def is_over(history: Sequence[Observation], *, domain: Domain | None, since: datetime, usual_low: float | None) -> bool:
    """Whether later check-ins show that what a flag was about has passed.

    A silence is over with the first reply. A fall is over when the two latest ratings of its domain, both
    given after the flag, are back above half the range and not below the patient's usual.
    """
    if domain is None:
        return bool(history) and history[-1].replied
    later = [seen.ratings[domain] for seen in history if seen.at > since and domain in seen.ratings]
    enough = max(HALF_THE_RANGE, usual_low or 0.0)
    return len(later) >= RECOVERED_TWICE and all(r > HALF_THE_RANGE and r >= enough for r in later[-2:])
