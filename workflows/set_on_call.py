"""The order in which people are paged, and who is on shift when, are set by staff who know the rota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alliance.access import Action, allowed
from alliance.on_call import Shift
from alliance.people import Role
from storage import audit, people, rota
from workflows.unit import Person, Unit

MAY_BE_PAGED = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.LEAD})


class CannotBePaged(ValueError):
    """Somebody cannot be put on call; the message says who and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftOf:
    """A shift as people read it."""

    number: int
    code_name: str
    starts_at: datetime
    ends_at: datetime
    position: int


async def set_on_call(unit: Unit, code_names: Sequence[str]) -> tuple[str, ...]:
    """Replace the on-call order; the code names as they are known. Raises CannotBePaged, and changes nothing."""
    _check_may_set(unit)
    order: dict[int, str] = {}
    for code_name in code_names:
        person = await _who_may_be_paged(unit, code_name)
        order[person.id] = person.code_name
    await people.set_on_call(unit.session, list(order))
    await _note(unit, "on_call_set", {"order": list(order)})
    return tuple(order.values())


async def on_call_order(unit: Unit) -> tuple[str, ...]:
    """Code names of the standing order, in the order in which they are paged; empty where none is set."""
    return await _code_names(unit, await people.on_call(unit.session))


async def on_call_now(unit: Unit) -> tuple[str, ...]:
    """Code names of the people on call at this moment, those on shift first."""
    return await _code_names(unit, await rota.on_call_now(unit.session, now=unit.now))


async def add_shift(
    unit: Unit, code_name: str, *, starts_at: datetime, ends_at: datetime, position: int = 1
) -> ShiftOf:
    """Put somebody on shift; shifts may overlap. Raises CannotBePaged for one that could never page anybody."""
    _check_may_set(unit)
    person = await _who_may_be_paged(unit, code_name)
    if person.chat_id is None:
        raise CannotBePaged(f"{person.code_name} has not opened the invitation, so no page would arrive.")
    if ends_at <= max(starts_at, unit.now):
        raise CannotBePaged("The shift is over before it begins: --until must be later than --from, and than now.")
    shift = Shift(person_id=person.id, starts_at=starts_at, ends_at=ends_at, position=position)
    row = await rota.add(unit.session, shift)
    await _note(unit, "shift_added", {"shift": row.id, "person": person.id})
    return ShiftOf(number=row.id, code_name=person.code_name, starts_at=starts_at, ends_at=ends_at, position=position)


async def shifts(unit: Unit) -> tuple[ShiftOf, ...]:
    """The shifts that last or are to come."""
    rows = await rota.not_over(unit.session, now=unit.now)
    return tuple(
        [
            ShiftOf(
                number=row.id,
                code_name=(await people.get(unit.session, row.person_id)).code_name,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                position=row.position,
            )
            for row in rows
        ]
    )


async def remove_shift(unit: Unit, number: int) -> None:
    """Take a shift away. Raises CannotBePaged when there is none of that number."""
    _check_may_set(unit)
    if not await rota.remove(unit.session, number):
        raise CannotBePaged(f"There is no shift {number}.")
    await _note(unit, "shift_removed", {"shift": number})


def _check_may_set(unit: Unit) -> None:
    if not allowed(unit.actor, Action.SET_ON_CALL):
        raise CannotBePaged("Only a coordinator or a lead may say who is paged.")


async def _who_may_be_paged(unit: Unit, code_name: str) -> Person:
    person = await people.by_code_name(unit.session, code_name)
    if person is None:
        raise CannotBePaged(f"Nobody is called {code_name}.")
    actor = await people.actor(unit.session, person, now=unit.now)
    if not actor.roles & MAY_BE_PAGED:
        raise CannotBePaged(f"{code_name} is not a clinician, coordinator or lead who has opened the invitation.")
    return person


async def _code_names(unit: Unit, order: Sequence[int]) -> tuple[str, ...]:
    return tuple([(await people.get(unit.session, person)).code_name for person in order])


async def _note(unit: Unit, action: str, detail: dict[str, object]) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="on_call",
        detail=detail,
    )
