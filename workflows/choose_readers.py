"""A patient chooses who reads what they say about the relationship, and their free words; it is kept since when."""

from alliance.access import About, Action, allowed
from alliance.audience import USUAL, Audience, Subject, Whom
from alliance.enrolment import ENDED, EnrolmentState
from alliance.readers import Names, is_usual
from alliance.wording import Wording
from storage import audiences, audit, people
from storage.tables import Person
from workflows.plan_digest import WORKING_DAYS, plan_digest
from workflows.sights import Care, care_of
from workflows.unit import Unit
from workflows.words import day_and_time


async def names_of(unit: Unit, care: Care) -> Names:
    """Everybody a page about readers can speak of, under the names a patient knows."""
    offered = {person.id: people.display_name(unit.session, person) for person in care.offered}
    gone = [reader for reader in care.routing.named if reader not in offered and reader != care.clinician.id]
    former = {reader: people.display_name(unit.session, await people.get(unit.session, reader)) for reader in gone}
    clinician = people.display_name(unit.session, care.clinician)
    if care.clinician.id in care.routing.named:  # was somebody else when they were chosen
        former[care.clinician.id] = clinician
    return Names(
        clinic=unit.clinic.name,
        clinician=clinician,
        clinician_id=care.clinician.id,
        offered=offered,
        former=former,
    )


async def choose(unit: Unit, patient: Person, subject: Subject, word: str) -> bool:
    """Keep a choice; False for one that is not on offer any more, or that somebody cannot make who takes no part."""
    enrolment = await people.enrolment(unit.session, patient.id)
    takes_part = enrolment is not None and enrolment.state not in {EnrolmentState.INVITED, *ENDED}
    if not takes_part or not allowed(unit.actor, Action.DECIDE_FOR_ONESELF, About(patient_id=patient.id)):
        return False
    care, audience = await care_of(unit, patient.id), Audience.of(word)
    if audience is None or not _is_on_offer(care, audience):
        return False
    if care.routing.audience(subject, at=unit.now) == audience:
        return True
    await audiences.choose(unit.session, patient.id, subject, audience, now=unit.now)
    for reader in care.offered:
        if audience.whom is Whom.TEAM or reader.id == audience.reader_id:
            _give_a_summary(unit, reader)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action="readers_chosen",
        object_kind="patient",
        object_id=patient.id,
        detail={"subject": subject, "whom": audience.whom, "reader": audience.reader_id},
    )
    return True


async def since_in_words(unit: Unit, care: Care, subject: Subject, zone: str) -> str | None:
    """Since when it goes to whom it goes; None where nothing was ever chosen."""
    standing = care.routing.latest(subject, at=unit.now)
    return day_and_time(standing.since, zone, unit.wording()) if standing else None


async def reader_in_words(unit: Unit, patient_id: int, subject: Subject, wording: Wording) -> str | None:
    """Whoever reads what is given on a subject now, where the patient has chosen somebody; else None."""
    audience = await _audience(unit, patient_id, subject)
    if audience == USUAL:
        return None
    return (await names_of(unit, await care_of(unit, patient_id))).reader(audience, wording)


async def is_read_by_nobody(unit: Unit, patient_id: int, subject: Subject) -> bool:
    """Whether the chosen reader cannot read at the moment."""
    audience = await _audience(unit, patient_id, subject)
    return audience != USUAL and (await names_of(unit, await care_of(unit, patient_id))).is_gone(audience)


async def has_chosen(unit: Unit, patient_id: int) -> bool:
    """Whether anything goes to somebody else than the own clinician alone."""
    routing = await audiences.routing_of(unit.session, patient_id)
    return not is_usual(routing, at=unit.now)


async def _audience(unit: Unit, patient_id: int, subject: Subject) -> Audience:
    return (await audiences.routing_of(unit.session, patient_id)).audience(subject, at=unit.now)


def _is_on_offer(care: Care, audience: Audience) -> bool:
    if audience.whom is Whom.PERSON:
        return audience.reader_id in {person.id for person in care.offered}
    return audience == USUAL or bool(care.offered)


def _give_a_summary(unit: Unit, reader: Person) -> None:
    """A lead has had no daily summary so far: what is sent to them has to reach them."""
    if reader.digest_at is None:
        reader.digest_at, reader.working_days = f"{unit.clinic.digest_at:%H:%M}", WORKING_DAYS
        plan_digest(reader, after=unit.now)
