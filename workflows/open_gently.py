"""After somebody has worked on a flag the next check-in opens gently; the sentence says nothing of the flag."""

from storage import checkins, flags
from storage.tables import Checkin
from workflows.unit import Unit

GENTLY = "reading.opening"  # the sentence before the first question


async def opening_for(unit: Unit, checkin: Checkin) -> str | None:
    """The key of the sentence, for the first check-in after an action; None for every other."""
    before = await checkins.last_asked_before(unit.session, checkin)
    acted = await flags.was_acted_on(unit.session, checkin.patient_id, after=before)
    return GENTLY if acted else None
