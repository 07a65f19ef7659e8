"""What patients tapped about their low answers, brought together for the digest of their clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance.digest import Chosen, Explained
from alliance.items import Domain
from storage import checkins, follow_ups
from storage.tables import Checkin, FollowUp, Person
from workflows.unit import Unit
from workflows.whom_it_means import is_about_the_primary


async def explained_to(
    unit: Unit, clinician: Person, patients: Mapping[int, Person], *, after: datetime, told: Sequence[Explained]
) -> tuple[Explained, ...]:
    """What was chosen since then; what the digest before has told in just the same way is left out."""
    found = await follow_ups.explained(unit.session, clinician.id, after=after, until=unit.now)
    lines = [
        await _line(unit, checkin, patients[checkin.patient_id], chosen)
        for checkin, chosen in found
        if checkin.patient_id in patients
    ]
    return tuple(line for line in lines if line not in told and (line.chosen or line.wish))


async def explained_since(unit: Unit, patient: Person, *, since: datetime) -> tuple[Explained, ...]:
    """What one patient has chosen in the check-ins from that moment on."""
    found = await follow_ups.explained_by(unit.session, patient.id, since=since)
    lines = [await _line(unit, checkin, patient, chosen) for checkin, chosen in found]
    return tuple(line for line in lines if line.chosen or line.wish)


async def _line(unit: Unit, checkin: Checkin, patient: Person, chosen: Sequence[FollowUp]) -> Explained:
    """One check-in for its own clinician; what is between the patient and a colleague is told to the colleague."""
    if not is_about_the_primary(checkin):
        chosen = [one for one in chosen if one.domain != Domain.BOND]
    ratings = await checkins.ratings(unit.session, checkin.id)
    instrument = unit.clinic.instrument_named(checkin.instrument) or unit.clinic.instrument
    return Explained(
        checkin_id=checkin.id,
        patient_id=patient.id,
        code_name=patient.code_name,
        on=checkin.local_date,
        chosen=tuple(
            Chosen(
                domain=one.domain,
                concern=str(one.concern),
                rating=ratings.get(one.item_id),
                highest=instrument.highest,
            )
            for one in chosen
        ),
        wish=checkin.wish,
    )
