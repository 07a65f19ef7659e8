"""Who is behind an update: the person of that chat, with the roles of this moment."""

from storage import people
from workflows.reachable import reachable_again
from workflows.unit import Unit


async def recognise(unit: Unit, *, chat_id: int, speaks: bool = True) -> None:
    """Find the person of a private chat; a stranger stays unknown and has no role.

    Somebody who ``speaks`` can be reached, whatever we had noted before.
    """
    unit.person = await people.by_chat(unit.session, chat_id)
    if unit.person is not None:
        unit.actor = await people.actor(unit.session, unit.person, now=unit.now)
        if speaks and unit.person.blocked_at is not None:
            await reachable_again(unit, unit.person)
