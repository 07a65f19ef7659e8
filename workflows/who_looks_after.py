"""Coordinators and leads: who is told when something about the team has to be mended."""

from alliance.people import Role
from storage import people
from storage.tables import Person
from workflows.unit import Unit


async def coordinators_and_leads(unit: Unit) -> list[Person]:
    """Each of them once, coordinators first."""
    in_roles = await people.in_roles(unit.session, (Role.COORDINATOR, Role.LEAD), now=unit.now)
    return list({person.id: person for holders in in_roles.values() for person in holders}.values())
