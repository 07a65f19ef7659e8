"""The life of an enrolment: who may be asked something now, and what may follow what."""

from datetime import date
from enum import StrEnum

LONGEST_PAUSE = 365  # days; after a year somebody should ask again


class EnrolmentState(StrEnum):
    """Where a patient's taking part stands."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"  # by the patient
    ON_HOLD = "on_hold"  # by staff: hospital, bereavement
    DISCHARGED = "discharged"
    TRANSFERRED = "transferred"
    DECEASED = "deceased"
    LEFT = "left"  # the patient stopped, or refused consent


ENDED = frozenset(
    {
        EnrolmentState.DISCHARGED,
        EnrolmentState.TRANSFERRED,
        EnrolmentState.DECEASED,
        EnrolmentState.LEFT,
    }
)

_FOLLOWS: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.INVITED: frozenset({EnrolmentState.ACTIVE}) | ENDED,
    EnrolmentState.ACTIVE: frozenset({EnrolmentState.PAUSED, EnrolmentState.ON_HOLD}) | ENDED,
    EnrolmentState.PAUSED: frozenset({EnrolmentState.ACTIVE, EnrolmentState.ON_HOLD}) | ENDED,
    EnrolmentState.ON_HOLD: frozenset({EnrolmentState.ACTIVE}) | ENDED,
    EnrolmentState.LEFT: frozenset({EnrolmentState.INVITED}),  # a person may come back by a new invitation
    EnrolmentState.DISCHARGED: frozenset({EnrolmentState.INVITED}),
    EnrolmentState.TRANSFERRED: frozenset({EnrolmentState.INVITED}),
    EnrolmentState.DECEASED: frozenset(),
}


class NotFromHere(ValueError):
    """An enrolment cannot go from the state it is in to the one asked for."""


def may_become(state: EnrolmentState, to: EnrolmentState) -> bool:
    """Whether an enrolment in ``state`` may next be in ``to``."""
    return to in _FOLLOWS[state]


def may_be_asked(state: EnrolmentState) -> bool:
    """Whether a check-in or a reminder may reach this patient; asked again when it is about to be sent."""
    return state is EnrolmentState.ACTIVE


def pause_is_over(*, paused_until: date | None, today: date) -> bool:
    """Whether a dated pause ends today or has ended; a pause without a date never ends by itself."""
    return paused_until is not None and today >= paused_until


def pause_end(*, today: date, words: str) -> date | None:
    """The first day after a pause asked for in days, 1 to 365; None when the words are no such number."""
    days = int(words) if words.isascii() and words.isdigit() and len(words) <= len(str(LONGEST_PAUSE)) else 0
    return date.fromordinal(today.toordinal() + days) if 1 <= days <= LONGEST_PAUSE else None
