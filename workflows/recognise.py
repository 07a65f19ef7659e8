"""Who is behind an update: the person of that chat, with the roles of this moment."""

from storage import people
from workflows.reachable import reachable_again
from workflows.unit import Unit


async def recognise(unit: Unit, *, chat_id: int, speaks: bool = True) -> None:
    """Find the person of a private chat; a stranger stays unknown and has no role.

    Somebody who ``speaks`` can be reached, whatever we had noted before.
    """
    known = await people.known_by_chat(unit.session, chat_id, now=unit.now)
    unit.person, unit.enrolment = (known.person, known.enrolment) if known else (None, None)
    if known is not None:
        unit.actor = known.actor
        if speaks and known.person.blocked_at is not None:
            await reachable_again(unit, known.person)
