"""What patients said of the bond with a colleague of their own clinician, for the digest of whoever reads it.

That is the colleague, unless the patient has given answers about the relationship to somebody else; then that one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alliance.audience import NOTHING_CHOSEN, Routing, Subject, Whom
from alliance.digest import AboutYou
from alliance.follow_up import Concern
from alliance.items import Domain
from alliance.sight import Sight
from storage import audiences, bonds, care_teams, follow_ups, given, people
from storage.tables import Answer, Checkin, Person
from workflows.unit import Unit

SHOWN_BEFORE = 4  # ratings beside a new one: enough to see whether it is another one


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """One reader of what a patient says of the bond with one colleague; ``sight`` where the patient is known to her."""

    reader: Person
    patient: Person
    about: Person
    routing: Routing
    sight: Sight | None

    def sees(self, at: datetime) -> bool:
        """Whether what was given at that moment is for this reader."""
        whom = self.routing.audience(Subject.BOND, at=at).whom
        if self.reader.id == self.about.id and whom is not Whom.PERSON:
            return True
        # the usual sight of the own clinician is of the bond with the own clinician
        return whom is not Whom.CLINICIAN and self.sight is not None and self.sight.sees(Subject.BOND, at=at)


async def said_about(
    unit: Unit,
    reader: Person,
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
    *,
    after: datetime,
    told: Sequence[AboutYou],
) -> tuple[AboutYou, ...]:
    """What was said since then; what the digest before has told in just the same way is left out.

    Only of patients for whom the colleague cares at this moment, beside the primary one; ``patients`` are the reader's
    own and those who have chosen her, with what she may see of them.
    """
    lines: list[AboutYou | None] = []
    for reading in await _readings(unit, reader, patients, sights):
        found = await bonds.told(unit.session, reading.about.id, reading.patient.id, after=after, until=unit.now)
        lines += [await _line(unit, reading, checkin, answer) for checkin, answer in found]
    return tuple(line for line in lines if line is not None and line not in told)


async def _readings(
    unit: Unit, reader: Person, patients: Mapping[int, Person], sights: Mapping[int, Sight]
) -> list[_Reading]:
    shared = {patient.id: patient for patient in await care_teams.shared_with(unit.session, reader.id)}
    chosen = {one: patient for one, patient in patients.items() if sights[one].routing.choices}
    others = [patient_id for patient_id in shared if patient_id not in sights]
    routings = await audiences.routings_of(unit.session, others) if others else {}
    found: list[_Reading] = []
    for patient in sorted({**chosen, **shared}.values(), key=lambda one: one.code_name):
        beside = await care_teams.beside(unit.session, patient.id, now=unit.now) if patient.id in chosen else ()
        sight = sights.get(patient.id)
        routing = sight.routing if sight is not None else routings.get(patient.id, NOTHING_CHOSEN)
        for about_id in dict.fromkeys((*((reader.id,) if patient.id in shared else ()), *beside)):
            about = await people.get(unit.session, about_id)
            found.append(_Reading(reader=reader, patient=patient, about=about, routing=routing, sight=sight))
    return found


async def _line(unit: Unit, reading: _Reading, checkin: Checkin, answer: Answer | None) -> AboutYou | None:
    answers = (await given.in_checkins(unit.session, [checkin.id])).get(checkin.id, ())
    moments = [one.at for one in answers if one.domain == Domain.BOND]
    if not moments or not reading.sees(max(moments)):
        return None
    instrument = unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument
    concern = await _concern(unit, reading, checkin)
    rated = await bonds.rated(
        unit.session, reading.about.id, reading.patient.id, before=checkin.due_at, limit=SHOWN_BEFORE
    )
    return AboutYou(
        checkin_id=checkin.id,
        patient_id=reading.patient.id,
        code_name=reading.patient.code_name,
        on=checkin.local_date,
        rating=answer.rating if answer else None,
        highest=instrument.highest,
        before=tuple(one.rating for one in rated if reading.sees(one.answered_at)),
        concern=concern,
        wish=checkin.wish if concern is not None else None,
        about=None if reading.about.id == reading.reader.id else reading.about.code_name,
    )


async def _concern(unit: Unit, reading: _Reading, checkin: Checkin) -> str | None:
    asked = next((one for one in await follow_ups.of(unit.session, checkin.id) if one.domain == Domain.BOND), None)
    if asked is None or asked.concern == Concern.LEFT_OPEN or asked.chosen_at is None:
        return None
    return asked.concern if reading.sees(asked.chosen_at) else None
