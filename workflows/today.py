"""How a day stands for somebody of the staff: who is asked, what waits for them, what did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from alliance.access import Action, allowed
from alliance.checkin import CheckinState
from alliance.flags import FlagState
from alliance.local_time import instant, local_day
from alliance.not_arranged import NotArranged
from alliance.people import Role
from storage import acting, alerts, flags, patient_list, team
from storage import today as stored
from storage.patient_list import Listed, Sought
from storage.tables import Checkin, Person
from storage.today import Some
from workflows.plan_visits import VisitOf, coming
from workflows.unit import Unit
from workflows.who_stands_in import covered_by, everybody_away, stand_ins
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
    without_a_link: Some
    without_team: Sequence[Person]
    lists_patients: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """The same day in numbers and a few names, for a telephone; somebody may be in several."""

    asked: Some
    without_a_link: Some  # the invitation ran out, or a roster wrote them down without one
    undelivered: Some
    without_team: Some


async def overview(unit: Unit) -> Overview:
    """Today on the reader's own wall."""
    assert unit.person is not None  # noqa: S101  # somebody is signed in; tells the type checker
    session = unit.session
    clinicians = await clinicians_of(unit)
    begins, ends = _day_of(unit, unit.person.zone)
    later, next_ones = await stored.due_until(session, clinicians, until=ends, limit=SHOWN)
    sought = Sought(clinicians=clinicians, unreachable=True)
    return Overview(
        asked=await stored.asked_since(session, clinicians, since=begins),
        later=later,
        next_ones=next_ones,
        waiting=await _waiting(unit, unit.person),
        unreachable=await patient_list.count(session, sought),
        unreached=await patient_list.page(session, sought, limit=SHOWN),
        lost=await stored.lost_since(session, clinicians, since=unit.now - LOOKS_BACK, limit=SHOWN),
        without_a_link=await stored.without_a_link(session, clinicians, now=unit.now, limit=SHOWN),
        without_team=await team.without_team(session, now=unit.now) if _sees_the_team(unit) else (),
        lists_patients=clinicians != frozenset(),
    )


async def in_brief(unit: Unit, *, named: int) -> Brief:
    """Today on the clinic's wall; raises NotArranged for somebody who coordinates nobody."""
    if not allowed(unit.actor, Action.INVITE):
        raise NotArranged("not_yours", "Only a coordinator may see how today stands.")
    since, until = _day_of(unit, unit.clinic.zone)
    without_team = await team.without_team(unit.session, now=unit.now)
    return Brief(
        asked=await stored.asked(unit.session, since=since, until=until, limit=named),
        without_a_link=await stored.without_a_link(unit.session, None, now=unit.now, limit=named),
        undelivered=await stored.not_reached(unit.session, since=since, until=until, limit=named),
        without_team=Some(number=len(without_team), first=without_team[:named]),
    )


def _day_of(unit: Unit, zone: str) -> tuple[datetime, datetime]:
    """From when until when it is today there."""
    today = local_day(unit.now, zone)
    return instant(today, time(), zone), instant(today + timedelta(days=1), time(), zone)


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
    away = [person for person, _ in await everybody_away(unit, unit.now)]
    reads = await stand_ins(unit, [person.id for person in away], unit.now) if away else {}
    return [person for person in away if reads[person.id].person_id is None]


def _sees_the_team(unit: Unit) -> bool:
    return bool(unit.actor.roles & {Role.COORDINATOR, Role.LEAD, Role.OPERATOR})
