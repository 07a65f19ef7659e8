"""A coordinator looks ahead: the next dates of a patient, or of somebody who would begin on a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from alliance.access import About, Action, allowed
from alliance.cadence import Due
from alliance.enrolment import EnrolmentState
from alliance.local_time import instant, known_zone
from alliance.programme import Programme
from alliance.programme_dates import upcoming
from alliance.programme_words import programme_in_words
from storage import people
from storage.tables import Person
from workflows.circumstances import plan_of
from workflows.keep_programmes import SOME_HOUR, reader_language, some_patient
from workflows.set_cadence import CannotSet
from workflows.unit import Unit

SHOWN = 10  # dates: enough to see where one phase gives way to the next
JUST_BEFORE = timedelta(seconds=1)  # a date at the very moment asked from counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """What a cadence means: in words, and what falls due next, with what is held on the way."""

    zone: str
    words: str
    coming: tuple[Due, ...]

    @property
    def asked(self) -> tuple[Due, ...]:
        """Those that are asked."""
        return tuple(due for due in self.coming if due.held is None)


async def for_patient(unit: Unit, patient: Person, *, count: int = SHOWN) -> Foreseen:
    """What falls due for a patient until so many are asked; nothing while they may not be asked.

    Raises CannotSet for a patient who is not this actor's, has no cadence, or lives in a zone that is gone.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not allowed(unit.actor, Action.SET_CADENCE, About(patient_id=patient.id)):
        raise CannotSet("no_patient", f"There is no patient called {patient.code_name}.", who=patient.code_name)
    check_zone(patient.zone)
    plan = await plan_of(unit, patient, enrolment, held=True)
    if plan is None:
        raise CannotSet("no_cadence", f"{patient.code_name} has no cadence yet.", who=patient.code_name)
    is_asked = enrolment.state == EnrolmentState.ACTIVE
    return Foreseen(
        zone=patient.zone,
        words=programme_in_words(plan.programme, reader_language(unit)),
        coming=upcoming(plan.programme, plan.around, after=unit.now, count=count) if is_asked else (),
    )


async def from_enrolment(  # a question like the other, whether it has to look anything up or not
    unit: Unit,
    programme: Programme,
    *,
    zone: str,
    enrolled_on: date,
    at: tuple[time, ...] = SOME_HOUR,
    count: int = SHOWN,
) -> Foreseen:
    """What a programme would bring somebody who takes part from that day on and has no visits, flags or wishes."""
    check_zone(zone)
    after = instant(enrolled_on, time.min, zone) - JUST_BEFORE
    around = some_patient(zone, enrolled_on, at)
    return Foreseen(
        zone=zone,
        words=programme_in_words(programme, reader_language(unit)),
        coming=upcoming(programme, around, after=after, count=count),
    )


def check_zone(zone: str) -> None:
    """Raise CannotSet for a zone that is not, or no longer, in the database of zones."""
    if not known_zone(zone):
        raise CannotSet("zone_gone", f"The time zone {zone} is not in the database of zones any more.", zone=zone)


def local_moment(due: Due, zone: str) -> datetime:
    """When it falls due on the clock of that zone."""
    return due.due_at.astimezone(ZoneInfo(zone))
