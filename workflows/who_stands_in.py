"""Who reads for a clinician at a moment: she herself, the cover she named, or nobody."""

from collections.abc import Sequence
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
    away = await _away(unit, at)
    if clinician.id not in away:
        away = {}  # nobody's calendar but her own matters then
    readers = await people.in_role(unit.session, Role.CLINICIAN, now=at) if away else ()
    return stand_in(
        clinician.id,
        covers={person_id: leave.cover_id for person_id, leave in away.items()},
        can_read={reader.id for reader in readers if can_be_reached(reader)},
    )


async def leave_of(unit: Unit, clinician: Person, at: datetime) -> StaffLeave | None:
    """The leave this clinician is on at that moment."""
    return (await _away(unit, at)).get(clinician.id)


async def everybody_away(unit: Unit, at: datetime) -> Sequence[Away]:
    """Everybody who is on leave at that moment, by code name."""
    found = [(await people.get(unit.session, person_id), leave) for person_id, leave in (await _away(unit, at)).items()]
    return sorted(found, key=lambda each: each[0].code_name)


async def covered_by(unit: Unit, reader: Person, away: Sequence[Away], at: datetime) -> list[Away]:
    """Those of the colleagues who are away for whom this one reads at that moment."""
    return [
        (person, leave)
        for person, leave in away
        if person.id != reader.id and (await who_stands_in(unit, person, at)).person_id == reader.id
    ]


async def about(unit: Unit, *, patient_id: int, clinician_id: int | None) -> About:
    """What an action is about, with whoever stands in for the patient's clinician at this moment."""
    covers: frozenset[int] = frozenset()
    if clinician_id is not None:
        found = await who_stands_in(unit, await people.get(unit.session, clinician_id), unit.now)
        if found.is_somebody_else and found.person_id is not None:
            covers = frozenset({found.person_id})
    return About(patient_id=patient_id, clinician_id=clinician_id, covers=covers)


async def _away(unit: Unit, at: datetime) -> dict[int, StaffLeave]:
    """Which clinicians are away then, each by their own clock, with the leave."""
    found: dict[int, StaffLeave] = {}
    planned = await leaves.not_over(unit.session, now=at)
    there = await people.in_role(unit.session, Role.CLINICIAN, now=at) if planned else ()
    clinicians = {person.id for person in there}
    for leave in planned:
        if leave.person_id not in clinicians:
            continue  # somebody who has left the clinic is not away: their patients have no team
        person = await people.get(unit.session, leave.person_id)
        if is_away(leave.starts_on, leave.back_on, today=local_day(at, person.zone)):
            found.setdefault(person.id, leave)
    return found
