"""A clinician's or lead's hour, working days and zone: when the digest comes, from the next one on."""

from dataclasses import dataclass
from datetime import time

from alliance.access import About, Action, allowed
from alliance.local_time import instant, known_zone, local_day
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.working_hours import NotADay, next_morning, parse_days
from storage import audit, digests, people, team
from storage.tables import Person
from workflows.unit import Unit

WITH_A_DIGEST = frozenset({Role.CLINICIAN, Role.LEAD})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """When somebody's digest comes: local time HH:MM, RFC 5545 day names, IANA zone."""

    at: str
    days: str
    zone: str


async def find_staff(unit: Unit, code_name: str) -> Person:
    """The clinician or lead of that code name who has opened the invitation; raises NotArranged for anybody else."""
    person = await people.by_code_name(unit.session, code_name)
    if person is None or person.digest_at is None:
        raise NotArranged("nobody", f"There is no clinician or lead called {code_name} who has joined.", who=code_name)
    return person


def hours_of(person: Person) -> Hours:
    """When this person's digest comes now."""
    return Hours(at=person.digest_at or "", days=person.working_days or "", zone=person.zone)


async def set_hours(
    unit: Unit, person: Person, *, at: str | None = None, days: str | None = None, zone: str | None = None
) -> Hours:
    """Change what is given; the next digest comes by it. Raises NotArranged, and changes nothing.

    A date that has had its digest gets no second one. One that was still to come today, at an hour that has passed
    by the new clock, comes at once.
    """
    if not allowed(unit.actor, Action.SET_HOURS, About(clinician_id=person.id)):
        raise NotArranged("not_yours", "Only a coordinator may set the hours of somebody else.")
    before = hours_of(person)
    after = Hours(at=_time(at, before.at), days=_days(days, before.days), zone=_zone(zone, before.zone))
    was_to_come = person.next_digest_on
    person.digest_at, person.working_days, person.zone = after.at, after.days, after.zone
    await _plan_anew(unit, person, is_due_today=was_to_come == local_day(unit.now, after.zone))
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="hours_set",
        object_kind="staff",
        object_id=person.id,
        detail={"at": after.at, "days": after.days, "zone": after.zone},
    )
    return after


async def _plan_anew(unit: Unit, person: Person, *, is_due_today: bool) -> None:
    at, days, zone = time.fromisoformat(person.digest_at or ""), (person.working_days or "").split(","), person.zone
    today = local_day(unit.now, zone)
    had = await digests.latest(unit.session, person.id), await team.latest_digest(unit.session, person.id)
    first = max((one.local_date.toordinal() + 1 for one in had if one is not None), default=today.toordinal())
    not_before = today.fromordinal(max(first, today.toordinal()))
    due = next_morning(at=at, days=days, zone=zone, after=unit.now, not_before=not_before)
    has_passed = instant(today, at, zone) <= unit.now
    if is_due_today and has_passed and not_before == today:
        due = (unit.now, today)
    person.next_digest_at, person.next_digest_on = due or (None, None)
    await unit.session.flush()


def _time(words: str | None, before: str) -> str:
    if words is None:
        return before
    try:
        return f"{time.fromisoformat(words):%H:%M}"
    except ValueError:
        raise NotArranged("hours.time", f"{words} is no time of day; write it as 08:00.", words=words) from None


def _days(words: str | None, before: str) -> str:
    if words is None:
        return before
    try:
        return parse_days(words)
    except NotADay as error:
        raise NotArranged("hours.days", str(error)) from error


def _zone(words: str | None, before: str) -> str:
    if words is None:
        return before
    if not known_zone(words):
        raise NotArranged("hours.zone", f"There is no time zone called {words}; write it as Europe/Madrid.", zone=words)
    return words
