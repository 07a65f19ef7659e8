"""Who reads what of a patient: the own clinician, those the patient has chosen, and those who could be chosen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from alliance.audience import NOTHING_CHOSEN, Routing
from alliance.people import Actor, Role
from alliance.sight import Sight
from storage import audiences, people
from storage.tables import Flag, Person
from workflows.unit import Unit

MOST_OFFERED = 6  # people beside the own clinician: what a page can name, and a patient can know

Staff = Mapping[int, tuple[Person, Actor]]
NOBODY: Staff = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """A patient's own clinician, everybody else who can be chosen, and what was chosen."""

    clinician: Person
    offered: Sequence[Person]
    routing: Routing


async def care_of(unit: Unit, patient_id: int) -> Care:
    """Who cares for a patient and who could read along; raises KeyError for somebody who is no patient."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None:
        raise KeyError(patient_id)
    return Care(
        clinician=await people.get(unit.session, enrolment.clinician_id),
        offered=await _offered(unit, patient_id, enrolment.clinician_id, await _staff(unit)),
        routing=await audiences.routing_of(unit.session, patient_id),
    )


async def sights_of(unit: Unit, patient_id: int) -> list[Sight]:
    """Every reader of a patient with what they may see, the own clinician first."""
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None:
        return []
    routing = await audiences.routing_of(unit.session, patient_id)
    own = _own(patient_id, enrolment.clinician_id, routing)
    if not routing.choices:
        return [own]
    staff = await _staff(unit)
    team = await _team(unit, patient_id, enrolment.clinician_id, routing, staff)
    readers = dict.fromkeys((*routing.named, *sorted(team)))
    others = [
        _sight(staff[reader_id][1], patient_id, enrolment.clinician_id, routing, team)
        for reader_id in readers
        if reader_id != enrolment.clinician_id and reader_id in staff
    ]
    return [own, *others]


async def sight_of(unit: Unit, patient_id: int, reader_id: int) -> Sight | None:
    """What this reader may see of a patient; None for somebody who reads nothing of theirs."""
    return next((one for one in await sights_of(unit, patient_id) if one.reader.person_id == reader_id), None)


async def sights_of_flags(unit: Unit, found: Collection[Flag]) -> dict[int, Sight]:
    """What whoever is told of each of these flags may see, by flag.

    Those for own clinicians are asked for at once; those for a reader whom the patient has chosen are few.
    """
    own = [flag for flag in found if not flag.is_routed]
    patients = sorted({flag.patient_id for flag in own})
    enrolments = await people.enrolments(unit.session, patients) if own else {}
    routings = await audiences.routings_of(unit.session, patients) if own else {}
    sights = {
        flag.id: _own(
            flag.patient_id,
            enrolments[flag.patient_id].clinician_id,
            routings.get(flag.patient_id, NOTHING_CHOSEN),
        )
        for flag in own
    }
    return sights | {flag.id: await _sight_of_routed(unit, flag) for flag in found if flag.is_routed}


async def sights_for(unit: Unit, reader: Person, *, own: Collection[int]) -> dict[int, Sight]:
    """What somebody may see of each of their own patients, and of those who have chosen them, by patient."""
    session = unit.session
    routings = await audiences.routings_for(session, reader.id, own=list(own))
    chosen = [patient_id for patient_id in routings if patient_id not in own]
    found = {patient_id: _own(patient_id, reader.id, routings.get(patient_id, NOTHING_CHOSEN)) for patient_id in own}
    staff = await _staff(unit) if chosen else NOBODY
    for patient_id in chosen if reader.id in staff else ():
        enrolment = await people.enrolment(session, patient_id)
        if enrolment is None:
            continue
        routing = routings[patient_id]
        team = await _team(unit, patient_id, enrolment.clinician_id, routing, staff)
        if reader.id in team or reader.id in routing.named:
            found[patient_id] = _sight(staff[reader.id][1], patient_id, enrolment.clinician_id, routing, team)
    return found


async def whose(unit: Unit, sight: Sight) -> str | None:
    """The code name of the patient's own clinician, for a reader who is somebody else; None for that one."""
    return None if sight.is_own else (await people.get(unit.session, sight.clinician_id)).code_name


async def _sight_of_routed(unit: Unit, flag: Flag) -> Sight:
    """What a reader whom the patient has chosen may see; one who may read no more sees nothing."""
    known = await sight_of(unit, flag.patient_id, flag.clinician_id)
    if known is not None:
        return known
    care = await care_of(unit, flag.patient_id)
    nobody = Actor(person_id=flag.clinician_id, roles=frozenset())
    return _sight(nobody, flag.patient_id, care.clinician.id, care.routing, frozenset())


def _own(patient_id: int, clinician_id: int, routing: Routing) -> Sight:
    """The own clinician's: to be a patient's own is enough, also before the invitation has been opened."""
    actor = Actor(person_id=clinician_id, roles=frozenset({Role.CLINICIAN}))
    return _sight(actor, patient_id, clinician_id, routing, frozenset())


def _sight(reader: Actor, patient_id: int, clinician_id: int, routing: Routing, team: frozenset[int]) -> Sight:
    return Sight(reader=reader, patient_id=patient_id, clinician_id=clinician_id, routing=routing, team=team)


async def _staff(unit: Unit) -> Staff:
    return await audiences.staff(unit.session, now=unit.now)


async def _team(unit: Unit, patient_id: int, clinician_id: int, routing: Routing, staff: Staff) -> frozenset[int]:
    """Everybody on offer who gets a summary, where the patient has ever chosen the whole team."""
    if not routing.asks_the_team:
        return frozenset()
    offered = await _offered(unit, patient_id, clinician_id, staff)
    return frozenset(person.id for person in offered if person.digest_at is not None)


async def _offered(unit: Unit, patient_id: int, clinician_id: int, staff: Staff) -> list[Person]:
    """Leads, then clinicians who know the patient, then the others; no more than a page can name."""
    others = [(person, actor) for person, actor in staff.values() if person.id not in {clinician_id, patient_id}]
    if len(others) > MOST_OFFERED:
        known = await audiences.known_to(unit.session, patient_id)
        others.sort(key=lambda one: (Role.LEAD not in one[1].roles, one[0].id not in known))
    return [person for person, _ in others[:MOST_OFFERED]]
