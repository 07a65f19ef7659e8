"""A patient learns who reads while their clinician, or a reader they have chosen, is on leave."""

from alliance.audience import Audience, Subject, Whom
from alliance.meanwhile import Meanwhile
from alliance.wording import Wording
from storage import audiences, people
from storage.tables import Person
from workflows.unit import Unit
from workflows.who_stands_in import leave_of, stand_in_for
from workflows.words import day_in_words


async def who_reads_meanwhile(unit: Unit, clinician_id: int, wording: Wording) -> Meanwhile | None:
    """Who reads for a clinician at the moment; None while she is there."""
    clinician = await people.get(unit.session, clinician_id)
    away = await _away(unit, clinician, wording, is_chosen=False)
    if away is None:
        return None
    cover = await stand_in_for(unit, clinician, unit.now)
    name = people.display_name(unit.session, cover) if cover is not None else None
    return Meanwhile(away=away.away, until=away.until, cover=name)


async def is_chosen_away(unit: Unit, patient_id: int, subject: Subject, wording: Wording) -> Meanwhile | None:
    """The person to whom alone a patient gives what they say on that subject, if that one is away."""
    audience = (await audiences.routing_of(unit.session, patient_id)).audience(subject, at=unit.now)
    return await _chosen(unit, audience, wording)


async def everybody_away_for(unit: Unit, patient_id: int, wording: Wording) -> tuple[Meanwhile, ...]:
    """Who of those that read what a patient says is away: the own clinician first, then those chosen, each once."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None:
        return ()
    routing = await audiences.routing_of(unit.session, patient_id)
    chosen = dict.fromkeys(routing.audience(subject, at=unit.now) for subject in Subject)
    found = [await who_reads_meanwhile(unit, enrolment.clinician_id, wording)]
    found += [await _chosen(unit, one, wording) for one in chosen if one.reader_id != enrolment.clinician_id]
    return tuple(one for one in found if one is not None)


async def _chosen(unit: Unit, audience: Audience, wording: Wording) -> Meanwhile | None:
    if audience.whom is not Whom.PERSON or audience.reader_id is None:
        return None
    return await _away(unit, await people.get(unit.session, audience.reader_id), wording, is_chosen=True)


async def _away(unit: Unit, reader: Person, wording: Wording, *, is_chosen: bool) -> Meanwhile | None:
    leave = await leave_of(unit, reader, unit.now)
    if leave is None:
        return None
    back = day_in_words(leave.back_on, wording) if leave.back_on else None
    return Meanwhile(away=people.display_name(unit.session, reader), until=back, cover=None, is_chosen=is_chosen)
