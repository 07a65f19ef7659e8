"""The clinician's own view of a patient: three numbers in a quarter of a minute, on the patient's own scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from alliance.items import Domain

FORM = "clinician-view/1"  # the questions, which stand with the wording; the version goes up when they change
ORDER = (Domain.GOAL, Domain.TASK, Domain.BOND)
ANSWERABLE_FOR = timedelta(days=2)  # a view of last week is another view
HOLDS_FOR = timedelta(days=14)  # beside check-ins that come after it
REACHES_BACK = timedelta(days=7)  # ... and beside those shortly before it
EVERY = timedelta(days=7)  # where a clinic asks weekly


class RatingState(StrEnum):
    """Where one asking stands."""

    ASKED = "asked"
    RATED = "rated"
    SKIPPED = "skipped"


class WhenAsked(StrEnum):
    """When a clinic wants its clinicians asked."""

    NEVER = "never"
    AFTER_VISITS = "after_visits"
    WEEKLY = "weekly"
    BOTH = "both"

    @property
    def includes_visits(self) -> bool:
        """Whether a visit that took place leads to the question."""
        return self in {WhenAsked.AFTER_VISITS, WhenAsked.BOTH}

    @property
    def includes_weeks(self) -> bool:
        """Whether a week without one does."""
        return self in {WhenAsked.WEEKLY, WhenAsked.BOTH}


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What one clinician gave at one moment: fractions of the scale, 0 to 1, by domain."""

    clinician_id: int
    at: datetime
    fractions: Mapping[Domain, float]


def waits_for(given: Mapping[Domain, int | None]) -> Domain | None:
    """The first domain, in the order asked, that has no number yet; None when all have one."""
    return next((domain for domain in ORDER if given.get(domain) is None), None)


def is_answerable(asked_at: datetime, *, now: datetime) -> bool:
    """Whether a question asked then still counts."""
    return now - asked_at < ANSWERABLE_FOR


def beside(views: Sequence[View], *, at: datetime, clinician_id: int) -> Mapping[Domain, float]:
    """What that clinician thought at about the time of a check-in that was due then; empty where nothing is known.

    The latest view of the two weeks before counts, or else the first of the week after: somebody who rates on a
    Friday means the check-in of Thursday too.
    """
    own = [view for view in views if view.clinician_id == clinician_id]
    before = [view for view in own if at - HOLDS_FOR <= view.at <= at]
    after = [view for view in own if at < view.at <= at + REACHES_BACK]
    nearest = max(before, key=_moment, default=None) or min(after, key=_moment, default=None)
    return nearest.fractions if nearest else {}


def whose_turn(
    caseload: Sequence[int], *, asked_at: Mapping[int, datetime], room: int, now: datetime
) -> tuple[int, ...]:
    """The patients to ask a clinician about this week: the longest not asked about first, at most ``room``."""
    due = [patient for patient in caseload if patient not in asked_at or now - asked_at[patient] >= EVERY]
    never_first = sorted(due, key=lambda patient: (patient in asked_at, asked_at.get(patient, now)))
    return tuple(never_first[: max(room, 0)])


def _moment(view: View) -> datetime:
    return view.at
