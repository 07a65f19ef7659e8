"""What surrounds a patient's next check-ins, read once for one patient or for many: hours, visits, flags, days off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from alliance.cadence import Held
from alliance.local_time import QuietHours, local_day
from alliance.programme import FARTHEST_FROM_VISIT, Phase, Programme, Stretch
from alliance.programme_dates import REACH_BACK, Circumstances, VisitDay
from alliance.programme_json import read_stretches, read_written
from storage import programmes
from storage.tables import Enrolment, Person
from workflows.unit import Unit

VISITS_BACK = timedelta(days=FARTHEST_FROM_VISIT) + REACH_BACK  # older ones touch no day that is still to come
A_WEEK_BACK = timedelta(days=8)  # every local day of the week that has begun, wherever on earth


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What was read about some patients, by patient; ``closed`` is the clinic's."""

    quiet: Mapping[int, QuietHours]
    visits: Mapping[int, Sequence[tuple[datetime, bool]]] = field(
        default_factory=dict[int, list[tuple[datetime, bool]]]
    )
    flagged: Mapping[int, datetime] = field(default_factory=dict[int, datetime])
    asked: Mapping[int, Mapping[date, int]] = field(default_factory=dict[int, dict[date, int]])
    closed: tuple[Stretch, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How one patient is asked: the programme, and what holds for them."""

    programme: Programme
    around: Circumstances


async def look_around(
    unit: Unit, patient_ids: Sequence[int], wanted: Sequence[Programme], *, held: bool
) -> Surroundings:
    """Read what these programmes need to know of these patients; ``held``: also what makes a check-in be held."""
    session = unit.session
    needs_visits = any(programme.needs_visits for programme in wanted)
    needs_flags = any(programme.after_flag for programme in wanted)
    since = (unit.now - A_WEEK_BACK).date()
    closed = await programmes.closed_since(session, since) if held else ()
    return Surroundings(
        quiet=await programmes.quiet_of(session, patient_ids),
        visits=await programmes.visits_since(session, patient_ids, unit.now - VISITS_BACK) if needs_visits else {},
        flagged=await programmes.flagged_since(session, patient_ids) if needs_flags else {},
        asked=await programmes.asked_since(session, patient_ids, since) if held else {},
        closed=tuple(Stretch(first=row.first, last=row.last) for row in closed),
    )


async def plan_of(unit: Unit, person: Person, enrolment: Enrolment, *, held: bool = False) -> Plan | None:
    """How this patient is asked now; None where neither the patient nor a programme says it."""
    programme = await programme_of(unit, enrolment)
    if programme is None:
        return None
    surroundings = await look_around(unit, (person.id,), (programme,), held=held)
    return Plan(programme=programme, around=circumstances(unit, person, enrolment, surroundings))


async def programme_of(unit: Unit, enrolment: Enrolment) -> Programme | None:
    """The programme a patient is on, with their own rhythm in the place of its phases where they have one."""
    version = await version_of(unit, enrolment)
    if version is None and not enrolment.rules:
        return None
    return with_own_rhythm(version, tuple(enrolment.rules))


async def version_of(unit: Unit, enrolment: Enrolment) -> Programme | None:
    """The programme a patient is on, whatever they have of their own."""
    if enrolment.programme_version_id is None:
        return None
    return read_written((await programmes.version(unit.session, enrolment.programme_version_id)).definition)


@lru_cache(maxsize=1024)  # a clinic has a handful of rhythms
def with_own_rhythm(programme: Programme | None, rules: tuple[str, ...]) -> Programme:
    """The programme with these rules in the place of its phases, and its limits; without any rules, as it is."""
    if programme is None:
        return Programme(phases=(Phase(rules=rules),))
    return replace(programme, phases=(Phase(rules=rules),)) if rules else programme


def circumstances(unit: Unit, person: Person, enrolment: Enrolment, surroundings: Surroundings) -> Circumstances:
    """What holds for one of the patients that were read about."""
    flagged_at = surroundings.flagged.get(person.id)
    counts_from_programme = enrolment.programme_version_id is not None and not enrolment.rules
    return Circumstances(
        zone=person.zone,
        starts_on=(enrolment.programme_from if counts_from_programme else None) or enrolment.starts_on,
        at=tuple(time.fromisoformat(at) for at in enrolment.at),
        keeps_own_time=enrolment.keeps_own_time,
        not_on=read_stretches(enrolment.not_on),
        most_a_day=enrolment.most_a_day,
        most_a_week=enrolment.most_a_week,
        own_quiet=surroundings.quiet.get(person.id),
        clinic_quiet=unit.clinic.quiet,
        visits=tuple(
            VisitDay(day=local_day(starts_at, person.zone), is_planned=is_planned)
            for starts_at, is_planned in surroundings.visits.get(person.id, ())
        ),
        flagged_on=local_day(flagged_at, person.zone) if flagged_at else None,
        asked=surroundings.asked.get(person.id, {}),
        why_held=_Shut(unit, surroundings.closed).why,
        offset=place_in_spread(person.id, unit.clinic.spread),
    )


def place_in_spread(patient_id: int, spread: timedelta) -> timedelta:
    """How much later than the hour this patient is asked: always the same, and even among patients.

    Ids are random, so their remainders are shared out evenly.
    """
    return timedelta(seconds=patient_id % max(1, int(spread.total_seconds())))


class _Shut:
    """Why nobody at all is asked on a day."""

    def __init__(self, unit: Unit, closed: tuple[Stretch, ...]) -> None:
        self._is_holiday, self._closed = unit.clinic.is_holiday, closed

    def why(self, day: date) -> Held | None:
        if self._is_holiday(day):
            return Held.HOLIDAY
        return Held.CLOSED if any(day in stretch for stretch in self._closed) else None
