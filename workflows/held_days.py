"""Days on which a patient who is due is not asked: public holidays, and days that have had enough."""

from datetime import date

from storage import checkins
from storage.tables import Enrolment
from workflows.unit import Unit


async def is_held(unit: Unit, enrolment: Enrolment, on: date) -> bool:
    """Whether nothing is asked on that local day, or nothing more.

    A day takes as many check-ins as the cadence has times, or as staff have said for this patient. So another hour,
    another zone or another cadence never brings more than were meant.
    """
    if unit.clinic.is_holiday(on):
        return True
    most = enrolment.most_a_day if enrolment.most_a_day is not None else max(1, len(enrolment.at))
    return await checkins.asked_on(unit.session, enrolment.patient_id, on) >= most
