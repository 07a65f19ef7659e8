"""The team at a glance: who does what, for how many patients, who is away, who reads meanwhile, who is on call."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.people import Role
from storage import leaves, people, rota, staff_list
from storage.tables import Person, StaffLeave
from workflows.set_on_call import MAY_BE_PAGED, ShiftOf, shifts
from workflows.unit import Unit
from workflows.who_stands_in import everybody_away


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """A leave that lasts or is to come, and who reads when it begins; None: nobody."""

    leave: StaffLeave
    person: Person
    cover: Person | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody of the staff."""

    person: Person
    roles: tuple[Role, ...]
    caseload: int
    is_away: bool
    on_call_now: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Everybody, by code name, with the calendar around them."""

    members: Sequence[Member]
    away: Sequence[Away]
    on_call: Sequence[Person]  # the standing order
    shifts: Sequence[ShiftOf]
    may_be_paged: Sequence[Person]
    clinicians: Sequence[Person]


async def look_at_team(unit: Unit) -> Team:
    """The team as it is at this moment."""
    session = unit.session
    everybody = await staff_list.with_roles(session, now=unit.now)
    caseloads = await staff_list.caseloads(session)
    now_on_call = frozenset(await rota.on_call_now(session, now=unit.now))
    clinicians = [person for person, roles in everybody if Role.CLINICIAN in roles]
    away_now = {person.id for person, _ in await everybody_away(unit, unit.now)}
    return Team(
        members=[
            Member(
                person=person,
                roles=roles,
                caseload=caseloads.get(person.id, 0),
                is_away=person.id in away_now,
                on_call_now=person.id in now_on_call,
            )
            for person, roles in everybody
        ],
        away=await _away(unit),
        on_call=await people.some(session, await people.on_call(session)),
        shifts=await shifts(unit),
        may_be_paged=[person for person, roles in everybody if MAY_BE_PAGED & set(roles)],
        clinicians=clinicians,
    )


async def somebody(unit: Unit, person_id: int) -> Person:
    """Somebody of the staff; raises LookupError for anybody else."""
    known = {person.id: person for person, _ in await staff_list.with_roles(unit.session, now=unit.now)}
    if person_id not in known:
        raise LookupError("nobody of the staff")
    return known[person_id]


async def leave_of_number(unit: Unit, leave_id: int) -> StaffLeave:
    """A leave; raises LookupError for none."""
    leave = await leaves.get(unit.session, leave_id)
    if leave is None:
        raise LookupError("no such leave")
    return leave


async def _away(unit: Unit) -> list[Away]:
    return [
        Away(
            leave=row,
            person=await people.get(unit.session, row.person_id),
            cover=await people.get(unit.session, row.cover_id) if row.cover_id else None,
        )
        for row in await leaves.not_over(unit.session, now=unit.now)
    ]
