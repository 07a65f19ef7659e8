"""What patients tapped about their low answers, brought together for the digest of their clinician."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from alliance.digest import Chosen, Explained
from alliance.items import Domain
from alliance.sight import Sight
from storage import answers, follow_ups, given
from storage.tables import Checkin, Flag, FollowUp, Person
from workflows.sights import whose
from workflows.unit import Unit
from workflows.whom_it_means import is_about_a_colleague


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
    known = [(checkin, chosen) for checkin, chosen in found if checkin.patient_id in patients]
    lines = await _lines(unit, known, patients, {c.id: sights[c.patient_id] for c, _ in known})
    return tuple(line for line in lines.values() if line not in told)


async def explained_since(
    unit: Unit, found: Sequence[Flag], patients: Mapping[int, Person], sights: Mapping[int, Sight]
) -> dict[int, tuple[Explained, ...]]:
    """What the patients of these flags have chosen, by flag, in the check-ins from its moment on.

    ``sights`` says by flag what whoever is told of it may see.
    """
    if not found:
        return {}
    told = await follow_ups.explained_by(unit.session, list(patients), since=min(flag.since for flag in found))
    ratings = await answers.ratings_of(unit.session, [checkin.id for checkin, _ in told]) if told else {}
    since: dict[int, tuple[Explained, ...]] = {}
    for flag in found:
        about = [(c, chosen) for c, chosen in told if c.patient_id == flag.patient_id and c.due_at >= flag.since]
        lines = await _lines(unit, about, patients, {c.id: sights[flag.id] for c, _ in about}, ratings=ratings)
        since[flag.id] = tuple(lines.values())
    return since


async def explained_lately(unit: Unit, patient: Person, sight: Sight, *, since: datetime) -> tuple[Explained, ...]:
    """What one patient has chosen in the check-ins from that moment on, as far as it was given to that reader."""
    told = await follow_ups.explained_by(unit.session, [patient.id], since=since)
    lines = await _lines(unit, told, {patient.id: patient}, {checkin.id: sight for checkin, _ in told})
    return tuple(lines.values())


async def _lines(
    unit: Unit,
    told: Sequence[tuple[Checkin, Sequence[FollowUp]]],
    patients: Mapping[int, Person],
    sights: Mapping[int, Sight],
    *,
    ratings: Mapping[int, Mapping[str, int]] | None = None,
) -> dict[int, Explained]:
    """A line for each of these check-ins of which the reader may know something, by its id, in their order."""
    if not told:
        return {}
    if ratings is None:
        ratings = await answers.ratings_of(unit.session, [checkin.id for checkin, _ in told])
    lines = {
        checkin.id: await _line(
            unit, checkin, patients[checkin.patient_id], sights[checkin.id], chosen, ratings.get(checkin.id, {})
        )
        for checkin, chosen in told
    }
    return {checkin_id: line for checkin_id, line in lines.items() if line is not None}


async def _line(
    unit: Unit,
    checkin: Checkin,
    patient: Person,
    sight: Sight,
    chosen: Sequence[FollowUp],
    ratings: Mapping[str, int],
) -> Explained | None:
    """What was chosen, with the wish that follows from it: who is told of none of it is not told of the wish.

    What is between the patient and a colleague of the own clinician is told elsewhere, to whoever reads of that bond.
    """
    told = [one for one in chosen if one.chosen_at and sight.sees_domain(one.domain, at=one.chosen_at)]
    if not told and (chosen or not sight.is_own):
        return None
    if await is_about_a_colleague(unit, checkin):
        told = [one for one in told if one.domain != Domain.BOND]
    if not told and not (sight.is_own and checkin.wish):
        return None
    ratings = await _visible(unit, checkin, sight, ratings)
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


async def sees_wish(unit: Unit, checkin_id: int, sight: Sight) -> bool:
    """Whether this reader is told of what the patient would like to happen after that check-in."""
    chosen = await follow_ups.of(unit.session, checkin_id)
    made = [one for one in chosen if one.chosen_at]
    told = [one for one in made if one.chosen_at and sight.sees_domain(one.domain, at=one.chosen_at)]
    return bool(told) or (sight.is_own and not made)


async def _visible(unit: Unit, checkin: Checkin, sight: Sight, ratings: Mapping[str, int]) -> Mapping[str, int]:
    if sight.is_whole:
        return ratings
    replies = (await given.in_checkins(unit.session, [checkin.id])).get(checkin.id, ())
    seen = {one.item_id for one in replies if sight.sees_domain(one.domain, at=one.at)}
    return {item_id: rating for item_id, rating in ratings.items() if item_id in seen}
