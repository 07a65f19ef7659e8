"""What the chat may be waiting for a member of staff to type."""

from datetime import timedelta
from enum import StrEnum

from alliance.agreement import Part

WAITS_FOR = timedelta(hours=1)  # a summary takes a while to write; after that, what staff type is passed on to nobody


class StaffPlace(StrEnum):
    """What was asked for last."""

    VISIT = "visit"  # when it is
    MOVE = "move"  # when it is now
    TEXT = "text"  # an agreement in one piece
    GOALS = "goals"
    CLINICIAN = "clinician"
    PATIENT = "patient"
    CONTACT = "contact"

    @property
    def part(self) -> Part | None:
        """The part of an agreement that this place asks for."""
        return Part(self.value) if self.value in set(Part) else None
