"""What patients tapped about their low answers, brought together for the digest of their clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance.digest import Chosen, Explained
from alliance.sight import Sight
from storage import checkins, follow_ups, given
from storage.tables import Checkin, FollowUp, Person
from workflows.sights import whose
from workflows.unit import Unit


async def explained_to(
    unit: Unit,
    clinician: Person,
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
    *,
    after: datetime,
    told: Sequence[Explained],
) -> tuple[Explained, ...]:
    """What was chosen since then and given to this reader; what the digest before has told just so is left out."""
    of_others = [patient_id for patient_id, sight in sights.items() if not sight.is_own]
    found = await follow_ups.explained(unit.session, clinician.id, and_of=of_others, after=after, until=unit.now)
    lines = [
        await _line(unit, checkin, patients[checkin.patient_id], sights[checkin.patient_id], chosen)
        for checkin, chosen in found
        if checkin.patient_id in patients
    ]
    return tuple(line for line in lines if line is not None and line not in told)


async def explained_since(unit: Unit, patient: Person, sight: Sight, *, since: datetime) -> tuple[Explained, ...]:
    """What one patient has chosen in the check-ins from that moment on, as far as it was given to that reader."""
    found = await follow_ups.explained_by(unit.session, patient.id, since=since)
    lines = [await _line(unit, checkin, patient, sight, chosen) for checkin, chosen in found]
    return tuple(line for line in lines if line is not None)


async def _line(
    unit: Unit, checkin: Checkin, patient: Person, sight: Sight, chosen: Sequence[FollowUp]
) -> Explained | None:
    """What was chosen, with the wish that follows from it: who is told of none of it is not told of the wish."""
    told = [one for one in chosen if one.chosen_at and sight.sees_domain(one.domain, at=one.chosen_at)]
    if not told and (chosen or not sight.is_own):
        return None
    ratings = await _ratings(unit, checkin, sight)
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
            for one in told
        ),
        wish=checkin.wish,
        clinician=await whose(unit, sight),
    )


async def _ratings(unit: Unit, checkin: Checkin, sight: Sight) -> Mapping[str, int]:
    ratings = await checkins.ratings(unit.session, checkin.id)
    if sight.is_whole:
        return ratings
    answers = (await given.in_checkins(unit.session, [checkin.id])).get(checkin.id, ())
    seen = {one.item_id for one in answers if sight.sees_domain(one.domain, at=one.at)}
    return {item_id: rating for item_id, rating in ratings.items() if item_id in seen}
