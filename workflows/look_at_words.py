"""What a patient wrote lately, opened in the console by whoever may read it; each look is noted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.audience import Subject
from storage import audit, messages, people
from storage.tables import Person
from workflows.flag_rights import may_read_words
from workflows.one_thought import as_one, in_thoughts
from workflows.sights import sights_of
from workflows.tell_read import tell_read
from workflows.unit import Unit

LOOKS_BACK = timedelta(days=30)
SHOWN = 60  # thoughts; more is read in the patient's record


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """One thought: when it was sent, the words, None where they are kept no more, and whether it was changed."""

    at: datetime
    words: str | None
    edited: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a patient wrote that was given to this reader, the latest first."""

    patient: Person
    since: datetime
    wrote: tuple[Wrote, ...]


async def look_at_words(unit: Unit, patient_id: int) -> Words:
    """Open them; raises LookupError alike for whoever may not read them and for no patient."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None or unit.person is None:
        raise LookupError("no such patient")
    sights = await sights_of(unit, patient_id)
    chosen = next((one for one in sights if one.reader_id == unit.person.id and not one.is_own), None)
    if chosen is None and not await may_read_words(unit, patient_id, enrolment.clinician_id):
        raise LookupError("no such patient")
    sight = chosen or sights[0]  # whoever stands in for the own clinician reads as that one
    since = unit.now - LOOKS_BACK
    rows = await messages.between(unit.session, patient_id, after=since, until=unit.now)
    given = [row for row in rows if sight.sees(Subject.REMARKS, at=row.received_at)]
    wrote = [
        Wrote(at=told[0].sent_at, words=as_one(unit, told, {})[0], edited=bool(told[0].version))
        for told in in_thoughts(given)
    ]
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="read_words",
        object_kind="patient",
        object_id=patient_id,
        detail={"in": "console"},
    )
    if wrote:
        await tell_read(unit, patient_id)
    patient = await people.get(unit.session, patient_id)
    return Words(patient=patient, since=since, wrote=tuple(wrote[::-1][:SHOWN]))
