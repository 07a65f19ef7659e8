"""Who reads for a clinician at a moment: she herself, the cover she named, or nobody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeAlias

from alliance.access import About
from alliance.leave import StandIn, is_away, stand_in
from alliance.local_time import local_day
from alliance.people import Role
from storage import leaves, people
from storage.tables import Person, StaffLeave
from workflows.in_reach import can_be_reached
from workflows.unit import Unit

Away: TypeAlias = tuple[Person, StaffLeave]  # who is away, and the leave


async def stand_in_for(unit: Unit, clinician: Person, at: datetime) -> Person | None:
    """Who reads and acts for this clinician at that moment; None when she is away and nobody does."""
    found = await who_stands_in(unit, clinician, at)
    return None if found.person_id is None else await people.get(unit.session, found.person_id)


async def who_stands_in(unit: Unit, clinician: Person, at: datetime) -> StandIn:
    """The same with the reason."""
    return (await stand_ins(unit, [clinician.id], at))[clinician.id]


async def stand_ins(unit: Unit, clinician_ids: Iterable[int], at: datetime) -> dict[int, StandIn]:
    """The same of several clinicians by id, the calendar looked at once for all of them."""
    away = await _away(unit, at)
    wanted = frozenset(clinician_ids)
    if wanted.isdisjoint(away):
        away = {}  # nobody's calendar but their own matters then
    readers = await people.in_role(unit.session, Role.CLINICIAN, now=at) if away else ()
    covers = {person_id: leave.cover_id for person_id, (_, leave) in away.items()}
    can_read = {reader.id for reader in readers if can_be_reached(reader)}
    return {clinician_id: stand_in(clinician_id, covers=covers, can_read=can_read) for clinician_id in wanted}


async def leave_of(unit: Unit, clinician: Person, at: datetime) -> StaffLeave | None:
    """The leave this clinician is on at that moment."""
    found = (await _away(unit, at)).get(clinician.id)
    return None if found is None else found[1]


async def everybody_away(unit: Unit, at: datetime) -> Sequence[Away]:
    """Everybody who is on leave at that moment, by code name."""
    return sorted((await _away(unit, at)).values(), key=lambda each: each[0].code_name)


async def covered_by(unit: Unit, reader: Person, away: Sequence[Away], at: datetime) -> list[Away]:
    """Those of the colleagues who are away for whom this one reads at that moment."""
    colleagues = [each for each in away if each[0].id != reader.id]
    if not colleagues:
        return []
    reads = await stand_ins(unit, [person.id for person, _ in colleagues], at)
    return [each for each in colleagues if reads[each[0].id].person_id == reader.id]


async def about(unit: Unit, *, patient_id: int, clinician_id: int | None) -> About:
    """What an action is about, with whoever stands in for the patient's clinician at this moment."""
    known = {} if clinician_id is None else await covers_of(unit, [clinician_id])
    covers = frozenset[int]() if clinician_id is None else known[clinician_id]
    return About(patient_id=patient_id, clinician_id=clinician_id, covers=covers)


async def covers_of(unit: Unit, clinician_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Who stands in for each of these clinicians at this moment; nobody for one who reads herself."""
    found = await stand_ins(unit, clinician_ids, unit.now)
    return {
        clinician_id: frozenset({one.person_id} if one.is_somebody_else and one.person_id is not None else ())
        for clinician_id, one in found.items()
    }


async def _away(unit: Unit, at: datetime) -> dict[int, Away]:
    """Which clinicians are away then, each by their own clock, with the leave."""
    found: dict[int, Away] = {}
    planned = await leaves.not_over(unit.session, now=at)
    there = await people.in_role(unit.session, Role.CLINICIAN, now=at) if planned else ()
    clinicians = {person.id: person for person in there}
    for leave in planned:
        person = clinicians.get(leave.person_id)
        if person is None:
            continue  # somebody who has left the clinic is not away: their patients have no team
        if is_away(leave.starts_on, leave.back_on, today=local_day(at, person.zone)):
            found.setdefault(person.id, (person, leave))
    return found
