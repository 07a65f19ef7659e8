"""A clinician is away and nobody reads for her: coordinators and leads hear of it, at once and every day."""

from alliance.delivery import Lane
from alliance.flags import FlagState
from alliance.leave import StandIn, Why
from alliance.local_time import local_day, local_time
from alliance.saying import Saying
from storage import flags, outbox, people
from storage.tables import Person, StaffLeave
from workflows.speak import say
from workflows.unit import Unit
from workflows.who_looks_after import coordinators_and_leads
from workflows.who_stands_in import everybody_away, who_stands_in
from workflows.words import day_in_words


def problem(reads: StandIn) -> Why | None:
    """Why nobody reads, or why somebody does whom she did not name herself; None when all is well."""
    return None if reads.why in {Why.HERSELF, Why.COVER} else reads.why


async def warn(unit: Unit) -> int:
    """Tell of everybody who is away without a reader, once a day from the hour of the digests; how many messages."""
    if local_time(unit.now, unit.clinic.zone) < unit.clinic.digest_at:
        return 0
    told = 0
    for person, leave in await everybody_away(unit, unit.now):
        reads = await who_stands_in(unit, person, unit.now)
        if reads.person_id is None:
            told += await tell_of(unit, person, leave, reads)
    return told


async def tell_of(unit: Unit, person: Person, leave: StaffLeave, reads: StandIn) -> int:
    """Tell coordinators and leads what is the matter with one leave, each once a day; how many were told."""
    today = local_day(unit.now, unit.clinic.zone)
    told = 0
    for reader in await coordinators_and_leads(unit):
        key = f"cover:{person.id}:{reads.why}:{leave.cover_id}:{today}:{reader.id}"
        if reader.id == person.id or await outbox.is_known(unit.session, key):
            continue
        text = await _text(unit, reader, person, leave, reads)
        await say(unit, reader, Saying(text=text), lane=Lane.DIGEST, key=key)
        told += 1
    return told


async def _text(unit: Unit, reader: Person, person: Person, leave: StaffLeave, reads: StandIn) -> str:
    wording = unit.wording(reader.language)
    start = day_in_words(leave.starts_on, wording)
    back = day_in_words(leave.back_on, wording) if leave.back_on else wording("away.day_unknown")
    cover = await people.get(unit.session, leave.cover_id) if leave.cover_id is not None else None
    stand_in = await people.get(unit.session, reads.person_id) if reads.person_id is not None else None
    why = wording(
        f"away.why.{reads.why}",
        cover=cover.code_name if cover else "-",
        reader=stand_in.code_name if stand_in else "-",
    )
    lines = [wording("away.away", who=person.code_name, start=start, back=back), why]
    if reads.person_id is None:
        waiting = await flags.open_for(unit.session, person.id)
        untouched = sum(1 for flag in waiting if flag.state == FlagState.RAISED)
        lines.append(wording("away.waits", count=untouched, who=person.code_name))
    return " ".join(lines)
