"""A person blocks the bot, or lets it in again; for the care team that is a sign, not an error."""

from storage import audit, people
from storage.tables import Person
from workflows.unit import Unit


async def gone(unit: Unit, person: Person) -> None:
    """Nothing can be delivered from now on; what is queued ends as blocked when its turn comes."""
    await people.mark_blocked(unit.session, person.id, at=unit.now)
    await _note(unit, person, "blocked_the_bot")


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
