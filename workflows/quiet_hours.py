"""When nothing that can wait reaches a patient: the clinic's quiet hours and their own."""

from datetime import datetime

from alliance.own_hours import out_of_all
from storage import preferences
from storage.tables import Person
from workflows.unit import Unit


async def when_welcome(unit: Unit, patient: Person, moment: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into, the clinic's or the patient's own."""
    own = await preferences.own_quiet(unit.session, patient.id)
    return out_of_all(moment, patient.zone, (unit.clinic.quiet, own) if own else (unit.clinic.quiet,))


async def out_of_own(unit: Unit, patient: Person, moment: datetime) -> datetime:
    """The moment itself, or the end of the patient's own quiet hours.

    A check-in that comes on time comes at the hour the patient chose, so the clinic's hours do not hold it.
    """
    own = await preferences.own_quiet(unit.session, patient.id)
    return out_of_all(moment, patient.zone, (own,)) if own else moment
