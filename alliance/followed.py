"""What a digest tells of flags that somebody has acted on, and of patients who wait."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """The latest thing somebody did about a flag."""

    action: str  # a FlagAction or a Deed
    at: datetime
    by: str | None  # a colleague's code name; None for the clinician who reads


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A patient whom nobody has got in touch with since they asked for it, or since a flag was raised."""

    patient_id: int
    code_name: str
    since_on: date
    days: int
    wants_contact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """A flag after somebody acted: on its way back to the usual, or still there; ``days`` since it was raised."""

    patient_id: int
    code_name: str
    domain: str | None  # a Domain, None for replies
    days: int
    acted: Acted | None


@dataclass(frozen=True, kw_only=True, slots=True)
class WithColleague:
    """A flag that was handed over; whoever has it acts on it."""

    patient_id: int
    code_name: str
    colleague: str  # a code name
    since_on: date
