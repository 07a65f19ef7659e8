"""What one reader may see of one patient, told by the moment at which each answer was given."""

from dataclasses import dataclass
from datetime import datetime

from alliance.access import About, Action, allowed
from alliance.audience import Routing, Subject
from alliance.items import Domain
from alliance.people import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """A reader, a patient, and what the patient has decided; ``team`` is everybody on offer beside the clinician."""

    reader: Actor
    patient_id: int
    clinician_id: int  # the patient's own
    routing: Routing
    team: frozenset[int]

    @property
    def reader_id(self) -> int:
        """Whose sight this is; raises ValueError for somebody unknown."""
        if self.reader.person_id is None:
            raise ValueError("a reader is somebody")
        return self.reader.person_id

    @property
    def is_own(self) -> bool:
        """Whether this is the patient's own clinician, who sees everything that was not given to somebody else."""
        return self.reader.person_id == self.clinician_id

    @property
    def is_whole(self) -> bool:
        """Whether nothing was ever given to anybody else."""
        return self.is_own and not self.routing.choices

    def sees(self, subject: Subject, *, at: datetime) -> bool:
        """Whether the reader may see what was said on that subject at that moment."""
        about = About(
            patient_id=self.patient_id,
            clinician_id=self.clinician_id,
            audience=self.routing.audience(subject, at=at),
            team=self.team,
        )
        return allowed(self.reader, Action.READ_ROUTED, about)

    def sees_domain(self, domain: str, *, at: datetime) -> bool:
        """Whether the reader may see an answer in that domain given at that moment."""
        return self.sees(Subject.BOND, at=at) if domain == Domain.BOND else self.is_own

    def sees_heard(self, domain: str, *, at: datetime) -> bool:
        """Whether the reader may learn what was heard in words: what is about the relationship needs both."""
        is_for_them = self.sees(Subject.REMARKS, at=at)
        return is_for_them and (domain != Domain.BOND or self.sees(Subject.BOND, at=at))
