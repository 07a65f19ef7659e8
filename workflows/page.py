"""A page of the menu is put where the last one stood; what a message shows already is not sent again."""

from zlib import crc32

from alliance.saying import Saying
from storage import outbox
from storage.tables import Person
from workflows.speak import change, say
from workflows.unit import Unit


async def turn(unit: Unit, patient: Person, saying: Saying, *, message_id: int | None) -> None:
    """Show a page in the message whose button was pressed, or in a new message.

    A second tap asks for what the first has just brought, and Telegram refuses an edit that changes nothing:
    the key of each edit holds what it shows, so that the last one of a message can be compared with.
    """
    if message_id is None:
        await say(unit, patient, saying)
        return
    if patient.chat_id is None:
        return
    place = f"page:{patient.chat_id}:{message_id}:"
    shows = f"{place}{crc32(repr(saying).encode()):08x}"
    last = await outbox.last_key(unit.session, chat_id=patient.chat_id, beginning=place)
    if last is None or not last.startswith(f"{shows}:"):
        await change(unit, patient, message_id, saying, key=f"{shows}:{unit.origin}")
