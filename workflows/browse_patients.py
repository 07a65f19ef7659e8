"""A clinic's patients, a page at a time, as far as whoever looks may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alliance.people import Role
from storage import invitations, patient_list, people, roster
from storage.patient_list import After, Listed, Sought
from storage.tables import Person
from workflows.unit import Unit
from workflows.whose_patients import clinicians_of

PAGE = 50  # rows


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One page of the list, how many there are in all, and where the next page begins (None: nowhere)."""

    rows: Sequence[Listed]
    clinic_ids: Mapping[int, str]  # the clinic's own, by patient, where a roster has named it
    total: int
    next_after: After | None


async def browse(unit: Unit, sought: Sought, *, after: After | None) -> Found:
    """The page behind that row; patients of others are not there, whatever was asked for."""
    mine = await _mine(unit, sought)
    rows = await patient_list.page(unit.session, mine, after=after, limit=PAGE + 1)
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    return Found(
        rows=shown,
        clinic_ids=await roster.clinic_ids(unit.session, [one.patient.id for one in shown]),
        total=await patient_list.count(unit.session, mine),
        next_after=After(code_name=last.patient.code_name_folded, due_at=last.enrolment.next_due_at) if last else None,
    )


async def everybody_found(unit: Unit, sought: Sought) -> Sequence[int]:
    """The ids of all who are found, by code name; patients of others are not among them."""
    return await patient_list.ids(unit.session, await _mine(unit, sought))


async def clinicians_to_choose(unit: Unit) -> list[Person]:
    """Whose patients this actor can leave the list to: clinicians who have joined or are invited, by code name."""
    clinicians = await clinicians_of(unit)
    if clinicians is None:
        return list(await invitations.invited_or_in_role(unit.session, Role.CLINICIAN, now=unit.now))
    found = await people.some(unit.session, sorted(clinicians)) if clinicians else []
    return sorted(found, key=lambda one: one.code_name)


async def _mine(unit: Unit, sought: Sought) -> Sought:
    """The same among whom this actor may see; words that are the clinic's own id find that patient as well."""
    known = await roster.by_clinic_id(unit.session, sought.words) if sought.words.strip() else None
    return replace(sought, clinicians=await clinicians_of(unit), called=known.id if known else None)


__all__ = ["After", "Found", "Listed", "Sought", "browse", "clinicians_to_choose", "everybody_found"]
