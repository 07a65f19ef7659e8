"""Where a clinician's digests go by e-mail is set by staff, from the command line."""

from alliance.people import Role
from alliance.places import mail_address
from storage import audit, people, reach
from storage.tables import Person
from workflows.unit import Unit


class CannotBeMailed(ValueError):
    """Somebody gets no digest, so none by e-mail; the message says who and why."""


async def set_email(unit: Unit, code_name: str, address: str | None) -> tuple[str, str | None]:
    """Keep an address, or with None take it away; the code name and the address as they are known.

    Raises CannotBeMailed or NoAddress, and changes nothing. The audit notes that it was set, never what it is.
    """
    person = await _clinician(unit, code_name)
    checked = None if address is None else mail_address(address)
    reach.set_email(unit.session, person, checked)
    await unit.session.flush()
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="email_removed" if checked is None else "email_set",
        object_kind="clinician",
        object_id=person.id,
    )
    return person.code_name, checked


async def emails(unit: Unit) -> dict[str, str | None]:
    """Every clinician's address by code name; None where there is none."""
    found = await people.in_role(unit.session, Role.CLINICIAN, now=unit.now)
    return {person.code_name: reach.email_of(unit.session, person) for person in found}


async def _clinician(unit: Unit, code_name: str) -> Person:
    person = await people.by_code_name(unit.session, code_name)
    if person is None:
        raise CannotBeMailed(f"There is nobody called {code_name}.")
    roles = (await people.actor(unit.session, person, now=unit.now)).roles
    if Role.CLINICIAN not in roles:
        raise CannotBeMailed(f"{person.code_name} is no clinician and gets no digest.")
    return person
