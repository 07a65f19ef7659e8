"""What patients tapped about their low answers, brought together for the digest of their clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance.digest import Chosen, Explained
from storage import checkins, follow_ups
from storage.tables import Checkin, Flag, FollowUp, Person
from workflows.unit import Unit


async def explained_to(
    unit: Unit, clinician: Person, patients: Mapping[int, Person], *, after: datetime, told: Sequence[Explained]
) -> tuple[Explained, ...]:
    """What was chosen since then; what the digest before has told in just the same way is left out."""
    found = await follow_ups.explained(unit.session, clinician.id, after=after, until=unit.now)
    known = [(checkin, chosen) for checkin, chosen in found if checkin.patient_id in patients]
    lines = await _lines(unit, known, patients)
    return tuple(line for line in lines.values() if line not in told)


async def explained_since(
    unit: Unit, found: Sequence[Flag], patients: Mapping[int, Person]
) -> dict[int, tuple[Explained, ...]]:
    """What the patients of these flags have chosen, by flag, in the check-ins from its moment on."""
    if not found:
        return {}
    since = min(flag.since for flag in found)
    told = await follow_ups.explained_by(unit.session, list(patients), since=since)
    lines = await _lines(unit, told, patients)
    due_at = {checkin.id: checkin.due_at for checkin, _ in told}
    return {
        flag.id: tuple(
            line
            for line in lines.values()
            if line.patient_id == flag.patient_id and due_at[line.checkin_id] >= flag.since
        )
        for flag in found
    }


async def _lines(
    unit: Unit, told: Sequence[tuple[Checkin, Sequence[FollowUp]]], patients: Mapping[int, Person]
) -> dict[int, Explained]:
    """A line for each of these check-ins, by its id, in their order."""
    ratings = await checkins.ratings_of(unit.session, [checkin.id for checkin, _ in told]) if told else {}
    return {
        checkin.id: _line(unit, checkin, patients[checkin.patient_id], chosen, ratings.get(checkin.id, {}))
        for checkin, chosen in told
    }


def _line(
    unit: Unit, checkin: Checkin, patient: Person, chosen: Sequence[FollowUp], ratings: Mapping[str, int]
) -> Explained:
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
