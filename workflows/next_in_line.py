"""Who takes on what a clinician leaves untouched: whoever stands in while she is away, and else a lead."""

from alliance.people import Role
from storage import people
from storage.tables import Person
from workflows.in_reach import can_be_reached
from workflows.unit import Unit
from workflows.who_stands_in import who_stands_in


async def next_in_line(unit: Unit, clinician_id: int) -> Person | None:
    """The one a flag goes to that this clinician has left untouched; None where nobody could take it on."""
    found = await who_stands_in(unit, await people.get(unit.session, clinician_id), unit.now)
    if found.is_somebody_else and found.person_id is not None:
        return await people.get(unit.session, found.person_id)
    for lead in await people.in_role(unit.session, Role.LEAD, now=unit.now):
        if lead.id != clinician_id and can_be_reached(lead):
            return lead
    return None
