"""What stands beside a patient's answers in a chart: visits, flags, what was done, and what never arrived."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MarkKind(StrEnum):
    """What happened on a day."""

    VISIT = "visit"
    FLAG = "flag"
    ACTION = "action"
    LOST = "lost"  # a check-in that did not arrive, or nobody knows whether it did: neither answer nor silence


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Something that happened on a day of the patient's."""

    kind: str  # a MarkKind
    on: date
    domain: str = ""  # of the flag, or of the flag something was done about; empty: of none in particular
    action: str = ""  # what was done


@dataclass(frozen=True, kw_only=True, slots=True)
class UsualRange:
    """Between which fractions of the scale a patient's answers in a domain usually lie."""

    domain: str  # a Domain
    low: float
    high: float
