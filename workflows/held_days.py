"""Days on which a patient who is due is not asked: public holidays, closed days, and days that have had enough."""

from datetime import date

from alliance.cadence import Held
from alliance.programme_dates import times_on, why_held
from storage import people
from storage.tables import Enrolment
from workflows.circumstances import plan_of
from workflows.unit import Unit


async def why_is_held(unit: Unit, enrolment: Enrolment, on: date) -> Held | None:
    """Why nothing is asked on that local day, or nothing more; None when it is asked.

    A day takes as many check-ins as the cadence has times, or as staff have said for this patient. So another hour,
    another zone or another cadence never brings more than were meant.
    """
    patient = await people.get(unit.session, enrolment.patient_id)
    plan = await plan_of(unit, patient, enrolment, held=True)
    if plan is None:
        return None
    return why_held(plan.programme, plan.around, on, times=times_on(plan.programme, plan.around, on))
