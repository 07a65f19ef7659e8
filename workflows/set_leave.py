"""A clinician goes on leave and names who reads for her; from the next update on that holds."""

from dataclasses import dataclass
from datetime import date

from alliance.access import About, Action, allowed
from alliance.delivery import Lane
from alliance.leave import LONGEST_LEAVE, StandIn, share_a_day
from alliance.local_time import instant, local_day
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.saying import Saying
from storage import audit, leaves, people
from storage.tables import Person, StaffLeave
from workflows.in_reach import can_be_reached
from workflows.speak import say
from workflows.unit import Unit
from workflows.watch_cover import problem, tell_of
from workflows.who_stands_in import who_stands_in
from workflows.words import day_in_words


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveSet:
    """A leave as it is now, and who will read when it begins."""

    leave: StaffLeave
    person: Person
    cover: Person | None
    reads: StandIn


async def set_leave(
    unit: Unit, person: Person, *, starts_on: date, back_on: date | None, cover: Person | None
) -> LeaveSet:
    """Write a leave down and tell the cover; a leave that nobody covers is told to the coordinators at once.

    Raises NotArranged, and changes nothing.
    """
    may_set_leave(unit, person)
    await _check_is_clinician(unit, person)
    today = local_day(unit.now, person.zone)
    if starts_on < today:
        raise NotArranged("away.in_the_past", "A leave begins today or later.")
    if back_on is not None and not 1 <= (back_on - starts_on).days <= LONGEST_LEAVE:
        raise NotArranged("away.order", "The day of return comes after the first day away, within a year.")
    for other in await planned(unit, person):
        if share_a_day(starts_on, back_on, other.starts_on, other.back_on):
            raise NotArranged("away.twice", f"{person.code_name} is away at that time already.", who=person.code_name)
    await _check_cover(unit, person, cover)
    leave = await leaves.add(
        unit.session,
        StaffLeave(
            person_id=person.id,
            starts_on=starts_on,
            back_on=back_on,
            cover_id=cover.id if cover else None,
            set_by=unit.actor.person_id,
            set_at=unit.now,
        ),
    )
    await _note(unit, leave, "leave_set")
    return await _told(unit, person, leave, cover)


async def name_cover(unit: Unit, leave: StaffLeave, cover: Person | None) -> LeaveSet:
    """Name somebody else to read during a leave, or nobody. Raises NotArranged."""
    person = await people.get(unit.session, leave.person_id)
    may_set_leave(unit, person)
    await _check_cover(unit, person, cover)
    leave.cover_id = cover.id if cover else None
    await unit.session.flush()
    await _note(unit, leave, "cover_named")
    return await _told(unit, person, leave, cover)


async def end_leave(unit: Unit, leave: StaffLeave) -> Person:
    """She is back, or does not go: from now on her digest is hers again, and nobody else reads. Raises NotArranged."""
    person = await people.get(unit.session, leave.person_id)
    may_set_leave(unit, person)
    if leave.ended_at is None:
        leave.ended_at = unit.now
        await unit.session.flush()
        await _note(unit, leave, "leave_ended")
        if leave.cover_id is not None:
            await _tell_cover(unit, person, leave, await people.get(unit.session, leave.cover_id), "away.cover_ended")
    return person


async def planned(unit: Unit, person: Person) -> list[StaffLeave]:
    """The leaves of a clinician that last or are to come, by her own calendar."""
    today = local_day(unit.now, person.zone)
    rows = await leaves.not_over(unit.session, now=unit.now, person_id=person.id)
    return [row for row in rows if row.back_on is None or row.back_on > today]


async def who_could_cover(unit: Unit, person: Person) -> list[Person]:
    """Colleagues who could be named, by code name: clinicians whom a digest would reach."""
    clinicians = await people.in_role(unit.session, Role.CLINICIAN, now=unit.now)
    return sorted(
        (one for one in clinicians if one.id != person.id and can_be_reached(one)), key=lambda one: one.code_name
    )


async def find_cover(unit: Unit, code_name: str) -> Person:
    """The person of that code name; raises NotArranged when there is none."""
    person = await people.by_code_name(unit.session, code_name)
    if person is None:
        raise NotArranged("nobody", f"Nobody is called {code_name}.", who=code_name)
    return person


def may_set_leave(unit: Unit, person: Person) -> None:
    """Raise NotArranged unless whoever acts may set this person's leave."""
    if not allowed(unit.actor, Action.SET_LEAVE, About(clinician_id=person.id)):
        raise NotArranged("not_yours", "Only a coordinator or a lead may set the leave of somebody else.")


async def _check_cover(unit: Unit, person: Person, cover: Person | None) -> None:
    if cover is None:
        return
    if cover.id == person.id:
        raise NotArranged("away.herself", "Nobody covers for herself.")
    await _check_is_clinician(unit, cover)


async def _check_is_clinician(unit: Unit, person: Person) -> None:
    if Role.CLINICIAN not in (await people.actor(unit.session, person, now=unit.now)).roles:
        who = person.code_name
        raise NotArranged("away.no_clinician", f"{who} is not a clinician who has joined.", who=who)


async def _told(unit: Unit, person: Person, leave: StaffLeave, cover: Person | None) -> LeaveSet:
    if cover is not None:
        await _tell_cover(unit, person, leave, cover, "away.cover_named")
    begins_at = max(unit.now, instant(leave.starts_on, unit.clinic.digest_at, person.zone))
    reads = await who_stands_in(unit, person, begins_at)
    if problem(reads) is not None:
        await tell_of(unit, person, leave, reads)
    return LeaveSet(leave=leave, person=person, cover=cover, reads=reads)


async def _tell_cover(unit: Unit, person: Person, leave: StaffLeave, cover: Person, key: str) -> None:
    if cover.id == unit.actor.person_id:
        return
    wording = unit.wording(cover.language)
    back = day_in_words(leave.back_on, wording) if leave.back_on else wording("away.day_unknown")
    text = wording(key, who=person.code_name, start=day_in_words(leave.starts_on, wording), back=back)
    await say(unit, cover, Saying(text=text), lane=Lane.DIGEST)


async def _note(unit: Unit, leave: StaffLeave, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="staff",
        object_id=leave.person_id,
        detail={
            "leave": leave.id,
            "starts_on": leave.starts_on.isoformat(),
            "back_on": leave.back_on.isoformat() if leave.back_on else None,
            "cover": leave.cover_id,
        },
    )
