"""When somebody's next digest is due: their hour, their zone, their working days."""

from datetime import date, datetime, time

from alliance.people import Role
from alliance.working_hours import next_morning
from storage import people
from storage.tables import Person
from workflows.unit import Unit

WORKING_DAYS = "MO,TU,WE,TH,FR"  # until somebody says otherwise


def plan_digest(clinician: Person, *, after: datetime) -> None:
    """Write down when this clinician's next digest is due: her hour, her zone, her working days."""
    due = _next_digest(clinician, after=after)
    clinician.next_digest_at, clinician.next_digest_on = due or (None, None)


async def begin_for_leads(unit: Unit) -> int:
    """Plan the first team digest of leads who joined before there was one; how many."""
    waiting = [
        lead for lead in await people.in_role(unit.session, Role.LEAD, now=unit.now) if lead.next_digest_at is None
    ]
    for lead in waiting:
        lead.digest_at = lead.digest_at or f"{unit.clinic.digest_at:%H:%M}"
        lead.working_days = lead.working_days or WORKING_DAYS
        plan_digest(lead, after=unit.now)
    return len(waiting)


def _next_digest(clinician: Person, *, after: datetime) -> tuple[datetime, date] | None:
    if clinician.digest_at is None or clinician.working_days is None:
        return None
    at, days = time.fromisoformat(clinician.digest_at), clinician.working_days.split(",")
    return next_morning(at=at, days=days, zone=clinician.zone, after=after)


def latest_due(clinician: Person, *, now: datetime) -> date:
    """The last day whose digest has fallen due; after a downtime there may be several."""
    if clinician.next_digest_at is None or clinician.next_digest_on is None:
        raise ValueError("a digest is due without a due date")  # digests.due never gives one
    due = (clinician.next_digest_at, clinician.next_digest_on)
    while (then := _next_digest(clinician, after=due[0])) is not None and then[0] <= now:
        due = then
    return due[1]
