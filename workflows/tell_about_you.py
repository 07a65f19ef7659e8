"""What patients of colleagues said of the bond with a clinician who cares for them too, for that clinician's digest."""

from collections.abc import Sequence
from datetime import datetime

from alliance.digest import AboutYou
from alliance.follow_up import Concern
from alliance.items import Domain
from storage import bonds, care_teams, follow_ups
from storage.tables import Answer, Checkin, Person
from workflows.unit import Unit

SHOWN_BEFORE = 4  # ratings beside a new one: enough to see whether it is another one


async def said_about(
    unit: Unit, clinician: Person, *, after: datetime, told: Sequence[AboutYou]
) -> tuple[AboutYou, ...]:
    """What was said since then; what the digest before has told in just the same way is left out.

    Only of patients for whom the clinician cares at this moment, beside the primary one.
    """
    lines: list[AboutYou] = []
    for patient in await care_teams.shared_with(unit.session, clinician.id):
        found = await bonds.told(unit.session, clinician.id, patient.id, after=after, until=unit.now)
        lines += [await _line(unit, clinician, patient, checkin, answer) for checkin, answer in found]
    return tuple(line for line in lines if line not in told)


async def _line(unit: Unit, clinician: Person, patient: Person, checkin: Checkin, answer: Answer | None) -> AboutYou:
    instrument = unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument
    asked = next((one for one in await follow_ups.of(unit.session, checkin.id) if one.domain == Domain.BOND), None)
    concern = asked.concern if asked is not None and asked.concern != Concern.LEFT_OPEN else None
    return AboutYou(
        checkin_id=checkin.id,
        patient_id=patient.id,
        code_name=patient.code_name,
        on=checkin.local_date,
        rating=answer.rating if answer else None,
        highest=instrument.highest,
        before=tuple(
            await bonds.rated(unit.session, clinician.id, patient.id, before=checkin.due_at, limit=SHOWN_BEFORE)
        ),
        concern=concern,
        wish=checkin.wish if concern is not None else None,
    )
