"""The order in which people are paged is set by staff who know the rota."""

from collections.abc import Sequence

from alliance.people import Role
from storage import audit, people
from workflows.unit import Unit

MAY_BE_PAGED = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.LEAD})


class CannotBePaged(ValueError):
    """Somebody cannot be put on call; the message says who and why."""


async def set_on_call(unit: Unit, code_names: Sequence[str]) -> tuple[str, ...]:
    """Replace the on-call order; the code names as they are known. Raises CannotBePaged, and changes nothing."""
    order: dict[int, str] = {}
    for code_name in code_names:
        person = await people.by_code_name(unit.session, code_name)
        if person is None:
            raise CannotBePaged(f"Nobody is called {code_name}.")
        actor = await people.actor(unit.session, person, now=unit.now)
        if not actor.roles & MAY_BE_PAGED:
            raise CannotBePaged(f"{code_name} is not a clinician, coordinator or lead who has opened the invitation.")
        order[person.id] = person.code_name
    await people.set_on_call(unit.session, list(order))
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="on_call_set",
        object_kind="on_call",
        detail={"order": list(order)},
    )
    return tuple(order.values())


async def on_call_order(unit: Unit) -> tuple[str, ...]:
    """Code names of the people on call, in the order in which they are paged; empty where none is set."""
    order = await people.on_call(unit.session)
    return tuple([(await people.get(unit.session, person)).code_name for person in order])
