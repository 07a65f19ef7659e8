"""Coordinators and leads hear that the contacts in the safety message have expired, will soon, or are missing."""

from alliance.contacts import ContactTrouble, ContactWarning, contact_warnings
from alliance.delivery import Lane
from alliance.local_time import local_day, local_time
from alliance.people import Role
from alliance.saying import Saying
from storage import outbox, people
from storage.tables import Person
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import day_in_words


async def warn(unit: Unit) -> int:
    """Tell each of them once in the warning's period, not before the hour of the digests; how many were told.

    Nothing waits for it: the safety message goes out with what it has.
    """
    clinic = unit.clinic
    if local_time(unit.now, clinic.zone) < clinic.digest_at:
        return 0
    warnings = contact_warnings(
        has_number=bool(clinic.help_at_once.emergency_number),
        valid_until=clinic.help_at_once.valid_until,
        on=local_day(unit.now, clinic.zone),
    )
    told = 0
    for person in await _coordinators_and_leads(unit) if warnings else ():
        for warning in warnings:
            told += await _tell(unit, person, warning)
    return told


async def _coordinators_and_leads(unit: Unit) -> list[Person]:
    found = [
        person
        for role in (Role.COORDINATOR, Role.LEAD)
        for person in await people.in_role(unit.session, role, now=unit.now)
    ]
    return list({person.id: person for person in found}.values())


async def _tell(unit: Unit, person: Person, warning: ContactWarning) -> int:
    key = f"contacts:{warning.trouble}:{warning.period}:{person.id}"
    if person.chat_id is None or await outbox.is_known(unit.session, key):
        return 0
    wording = unit.wording(person.language)
    until = unit.clinic.help_at_once.valid_until
    until_in_words = day_in_words(until, wording) if until else ""
    match warning.trouble:
        case ContactTrouble.EXPIRED:
            text = wording("contacts.expired", until=until_in_words)
        case ContactTrouble.EXPIRES_SOON:
            text = wording("contacts.expires_soon", until=until_in_words)
        case ContactTrouble.NO_NUMBER:
            text = wording("contacts.no_number")
    await say(unit, person, Saying(text=text), lane=Lane.DIGEST, key=key)
    return 1
