"""Links that nobody has opened yet: seen by coordinators, and made worthless when one has gone astray."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.access import Action, allowed
from alliance.not_arranged import NotArranged
from storage import audit, invitations, people, staff_list
from storage.tables import Invitation, Person
from workflows.unit import Unit

SHOWN = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """How many links still work, and those that expire first."""

    total: int
    first: Sequence[tuple[Invitation, Person]]


async def open_invitations(unit: Unit) -> Open:
    """Every link that still works; the links themselves nobody can see again."""
    total, first = await staff_list.open_invitations(unit.session, now=unit.now, limit=SHOWN)
    return Open(total=total, first=first)


async def revoke(unit: Unit, person_id: int) -> None:
    """Make a person's links worthless; raises NotArranged, and LookupError for nobody."""
    if not allowed(unit.actor, Action.INVITE):
        raise NotArranged("not_yours", "Only a coordinator may take an invitation back.")
    person = await people.get(unit.session, person_id)
    await invitations.revoke(unit.session, person_id=person.id, now=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="invitation_revoked",
        object_kind="person",
        object_id=person.id,
    )
