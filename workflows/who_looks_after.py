"""Coordinators and leads: who is told when something about the team has to be mended."""

from alliance.people import Role
from storage import people
from storage.tables import Person
from workflows.unit import Unit


async def coordinators_and_leads(unit: Unit) -> list[Person]:
    """Each of them once, coordinators first."""
    found = {
        person.id: person
        for role in (Role.COORDINATOR, Role.LEAD)
        for person in await people.in_role(unit.session, role, now=unit.now)
    }
    return list(found.values())
