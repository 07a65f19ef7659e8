"""A clinician types what a page has asked for: when a visit is, or what was agreed."""

import re

from alliance.staff_places import WAITS_FOR, StaffPlace
from storage import desks, messages, people
from storage.tables import Message, Person
from workflows import clinician_pages, plan_visits, write_agreement
from workflows.plan_visits import CannotPlan
from workflows.unit import Unit

MOST_WORDS = 6  # of a code name


async def take_typed(unit: Unit, clinician: Person, message: Message | None, words: str | None) -> bool:
    """Take what was typed as the answer to the page that asked for it; False when none did.

    It has been screened like any message. Somebody who is a patient here as well has not written to their own
    clinician by it, so it is not kept as one.
    """
    waits = await desks.awaited(unit.session, clinician.id, since=unit.now - WAITS_FOR)
    if waits is None or not words:
        return False
    place, patient_id, visit_id = StaffPlace(waits.awaiting), waits.patient_id, waits.visit_id
    patient = await people.get(unit.session, patient_id)
    if message is not None:
        await messages.discard(unit.session, message)
    try:
        await _take(unit, clinician, patient, place, words, visit_id=visit_id)
    except CannotPlan as refused:  # it is still asked for
        await clinician_pages.refuse(unit, clinician, refused)
    else:
        if place in {StaffPlace.VISIT, StaffPlace.MOVE}:
            await desks.clear(unit.session, clinician.id)
    return True


async def _take(
    unit: Unit, clinician: Person, patient: Person, place: StaffPlace, words: str, *, visit_id: int | None
) -> None:
    if place is StaffPlace.VISIT:
        await clinician_pages.plan_at(unit, clinician, patient, words)
    elif place is StaffPlace.MOVE and visit_id is not None:
        await clinician_pages.move_to(unit, clinician, visit_id, words)
    elif await write_agreement.may_write(unit, patient):
        await write_agreement.take(unit, clinician, patient, place, words)
    else:
        await desks.clear(unit.session, clinician.id)
        raise CannotPlan("nobody", "Not on this caseload any more.", who=patient.code_name)


async def named_first(unit: Unit, words: str) -> tuple[Person, str]:
    """The patient whose code name, of one word or more, begins what was written, and what follows it as it stands.

    Raises CannotPlan where none on this actor's caseload does.
    """
    ends = [found.end() for found in re.finditer(r"\S+", words)][:MOST_WORDS]
    for end in reversed(ends):
        try:
            return await plan_visits.own_patient(unit, words[:end]), words[end:].strip()
        except CannotPlan:
            continue
    first = words.split(maxsplit=1)[0] if words.split() else words
    raise CannotPlan("nobody", f"There is no patient called {first}.", who=first)
