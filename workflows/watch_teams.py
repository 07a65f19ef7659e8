"""A patient without a team: coordinators and leads hear of it, at once and every day until somebody mends it."""

from collections.abc import Sequence
from zlib import crc32

from alliance.delivery import Lane
from alliance.digest_words import shown
from alliance.local_time import local_day, local_time
from alliance.saying import Saying
from storage import outbox, team
from storage.tables import Person
from workflows.speak import say
from workflows.unit import Unit
from workflows.who_looks_after import coordinators_and_leads


async def warn(unit: Unit, *, at_once: bool = False) -> int:
    """Tell who has nobody to read what they answer; to how many. Once a day while they stay the same.

    ``at_once`` does not wait for the hour of the digests: something has just happened.
    """
    if not at_once and local_time(unit.now, unit.clinic.zone) < unit.clinic.digest_at:
        return 0
    patients = await team.without_team(unit.session, now=unit.now)
    if not patients:
        return 0
    today = local_day(unit.now, unit.clinic.zone)
    told = 0
    for reader in await coordinators_and_leads(unit):
        key = f"no_team:{today}:{_print(patients)}:{reader.id}"
        if reader.chat_id is None or await outbox.is_known(unit.session, key):
            continue
        wording = unit.wording(reader.language)
        named = "\n".join(f"• {shown(patient.code_name)}" for patient in patients)
        text = "\n".join([wording("team.without", count=len(patients)), named, wording("team.mend")])
        await say(unit, reader, Saying(text=text), lane=Lane.DIGEST, key=key)
        told += 1
    return told


def _print(patients: Sequence[Person]) -> str:
    return f"{crc32(','.join(str(patient.id) for patient in patients).encode()):08x}"
