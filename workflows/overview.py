"""What a day looks like for somebody of the staff: who is asked, what waits for them, what did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from alliance.checkin import CheckinState
from alliance.flags import FlagState
from alliance.local_time import instant, local_day
from alliance.people import Role
from storage import acting, alerts, flags, patient_list, team
from storage.patient_list import Listed, Sought
from storage.tables import Checkin, Person
from workflows.plan_visits import VisitOf, coming
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, everybody_away, who_stands_in
from workflows.whose_patients import clinicians_of

SHOWN = 12  # lines in a section; the rest is a number and a way to the list
LOOKS_BACK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """What only a person can settle: alerts without an owner, flags nobody has looked at, visits nobody has marked."""

    alerts: int
    flags: int
    visits: Sequence[VisitOf]
    uncovered: Sequence[Person]  # colleagues who are away while nobody reads for them
    contacts_expired: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """One day, as far as whoever looks may see it."""

    asked: Mapping[CheckinState, int]
    later: int
    next_ones: Sequence[Listed]
    waiting: Waiting
    unreachable: int
    unreached: Sequence[Listed]
    lost: Sequence[tuple[Checkin, Person]]
    without_team: Sequence[Person]
    lists_patients: bool


async def overview(unit: Unit) -> Overview:
    """Today on the reader's own wall."""
    assert unit.person is not None  # noqa: S101  # somebody is signed in; tells the type checker
    session = unit.session
    clinicians = await clinicians_of(unit)
    today = local_day(unit.now, unit.person.zone)
    begins = instant(today, time(0), unit.person.zone)
    ends = instant(today + timedelta(days=1), time(0), unit.person.zone)
    later, next_ones = await patient_list.due_until(session, clinicians, until=ends, limit=SHOWN)
    sought = Sought(clinicians=clinicians, unreachable=True)
    return Overview(
        asked=await patient_list.asked_since(session, clinicians, since=begins),
        later=later,
        next_ones=next_ones,
        waiting=await _waiting(unit, unit.person),
        unreachable=await patient_list.count(session, sought),
        unreached=await patient_list.page(session, sought, after=None, limit=SHOWN),
        lost=await patient_list.lost_since(session, clinicians, since=unit.now - LOOKS_BACK, limit=SHOWN),
        without_team=await team.without_team(session, now=unit.now) if _sees_the_team(unit) else (),
        lists_patients=clinicians != frozenset(),
    )


async def _waiting(unit: Unit, reader: Person) -> Waiting:
    is_clinician = Role.CLINICIAN in unit.actor.roles
    visits = await coming(unit, reader) if is_clinician else ()
    until = unit.clinic.help_at_once.valid_until
    return Waiting(
        alerts=await _alerts(unit),
        flags=await _flags(unit, reader),
        visits=[one for one in visits if one.visit.starts_at <= unit.now],
        uncovered=await _uncovered(unit) if _sees_the_team(unit) else (),
        contacts_expired=_sees_the_team(unit) and until is not None and until < local_day(unit.now, unit.clinic.zone),
    )


async def _alerts(unit: Unit) -> int:
    """Alerts without an owner, of everybody for coordinators and leads, of their own patients for clinicians."""
    return await alerts.count_raised(unit.session, clinicians=None if _sees_the_team(unit) else await _own(unit))


async def _flags(unit: Unit, reader: Person) -> int:
    if not unit.actor.roles & {Role.CLINICIAN, Role.LEAD}:
        return 0
    own = [flag for flag in await flags.open_for(unit.session, reader.id) if flag.state == FlagState.RAISED]
    held = [flag for flag in await acting.held_by(unit.session, reader.id) if flag.state == FlagState.RAISED]
    return len({flag.id for flag in (*own, *held)})


async def _own(unit: Unit) -> frozenset[int]:
    if unit.person is None or Role.CLINICIAN not in unit.actor.roles:
        return frozenset()
    away = await everybody_away(unit, unit.now)
    return frozenset({unit.person.id, *(one.id for one, _ in await covered_by(unit, unit.person, away, unit.now))})


async def _uncovered(unit: Unit) -> list[Person]:
    away = await everybody_away(unit, unit.now)
    return [person for person, _ in away if (await who_stands_in(unit, person, unit.now)).person_id is None]


def _sees_the_team(unit: Unit) -> bool:
    return bool(unit.actor.roles & {Role.COORDINATOR, Role.LEAD, Role.OPERATOR})
