"""A person blocks the bot, or lets it in again; for the care team that is a sign, not an error."""

from alliance.delivery import Lane
from alliance.people import Role
from alliance.saying import Saying
from storage import alerts, audit, people
from storage.tables import Person
from workflows.speak import say
from workflows.unit import Unit


async def gone(unit: Unit, person: Person) -> None:
    """A person blocks the bot; what is queued ends as blocked when its turn comes."""
    await out_of_reach(unit, person)
    await _note(unit, person, "blocked_the_bot")


async def out_of_reach(unit: Unit, person: Person) -> None:
    """Nothing can be delivered to a person from now on; for staff that means pages and digests, so others are told."""
    known = person.blocked_at is not None
    await people.mark_blocked(unit.session, person.id, at=unit.now)
    await alerts.hurry(unit.session, person.id, now=unit.now)
    if known or await people.enrolment(unit.session, person.id) is not None:
        return
    for role in (Role.COORDINATOR, Role.LEAD):
        for other in await people.in_role(unit.session, role, now=unit.now):
            if other.id != person.id:
                text = unit.wording(other.language)("staff.out_of_reach", who=person.code_name)
                key = f"out_of_reach:{person.id}:{unit.now:%Y-%m-%d}:{other.id}"
                await say(unit, other, Saying(text=text), lane=Lane.SAFETY, key=key)


async def reachable_again(unit: Unit, person: Person) -> None:
    """Messages can be delivered again; what has ended in the meantime is not sent late."""
    await people.mark_blocked(unit.session, person.id, at=None)
    await _note(unit, person, "let_the_bot_in")


async def _note(unit: Unit, person: Person, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=person.id,
        action=action,
        object_kind="person",
        object_id=person.id,
    )
