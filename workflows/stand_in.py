"""Who looks after a clinician's patients when the clinician does not: the one place to ask."""

from alliance.people import Role
from storage import people
from storage.tables import Person
from workflows.unit import Unit
from workflows.whom_to_page import can_be_reached


async def stand_in_for(unit: Unit, clinician_id: int) -> Person | None:
    """Who takes on what this clinician leaves untouched: a lead who can be reached; None where there is none."""
    for lead in await people.in_role(unit.session, Role.LEAD, now=unit.now):
        if lead.id != clinician_id and can_be_reached(lead):
            return lead
    return None
