"""Who takes part: roles, and the person who is acting."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the clinic; one person may have several."""

    PATIENT = "patient"
    SUPPORTER = "supporter"
    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    LEAD = "lead"
    AUDITOR = "auditor"
    OPERATOR = "operator"


STAFF = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.LEAD, Role.AUDITOR, Role.OPERATOR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """The person behind an update, a command or a tick, with the roles read at that moment."""

    person_id: int | None
    roles: frozenset[Role]


STRANGER = Actor(person_id=None, roles=frozenset())
SYSTEM = Actor(person_id=None, roles=frozenset({Role.OPERATOR}))  # the command line and the timers
