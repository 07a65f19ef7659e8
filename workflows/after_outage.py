"""A time in which nothing can be received is nobody's silence; afterwards people hear of it once, with the times."""

from datetime import datetime, timedelta

from alliance.asking import help_row
from alliance.checkin import CheckinState
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.people import Role
from alliance.saying import Saying
from storage import audit, checkins, heartbeats, people
from storage.tables import Checkin, Enrolment, Person
from workflows.quiet_hours import when_welcome
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import day_and_time

UNHEARD_FROM = timedelta(minutes=3)  # a poll takes half a minute, and that one was answered is noted once a minute
STAFF_HEAR_FROM = timedelta(hours=1)  # alerts and answers came late then
MADE_UP_FOR = timedelta(hours=24)  # taps made in an outage are lost: Telegram keeps one for 150 seconds
TIME_FOR_THE_REST = timedelta(hours=1)  # for the other items of a check-in that is answered after its time
TELEGRAM_FORGETS = timedelta(hours=24)  # from here on what patients wrote may be lost (Bot API, Getting updates)
STILL_NEWS = timedelta(days=3)


async def is_unheard(unit: Unit) -> bool:
    """Whether at this moment nobody can be heard: Telegram has not answered for longer than it ever takes."""
    heard_at = await heartbeats.last(unit.session, heartbeats.TELEGRAM)
    return heard_at is not None and unit.now - heard_at > UNHEARD_FROM


async def counts_until(unit: Unit, checkin: Checkin) -> datetime:
    """When an answer is too late; where the time ran out in an outage, there is more of it until the next check-in."""
    perhaps_answered = checkin.state == CheckinState.UNCERTAIN and checkin.delivered_at is not None
    if perhaps_answered and await checkins.is_newest(unit.session, checkin):
        return checkin.expires_at + MADE_UP_FOR
    return checkin.expires_at


def make_up_for_it(unit: Unit, checkin: Checkin) -> None:
    """An answer came after the time ran out, and counts all the same: there is time for the rest."""
    if checkin.expires_at <= unit.now:
        checkin.ended_at, checkin.expires_at = None, unit.now + TIME_FOR_THE_REST


async def tell_of_outage(unit: Unit, *, since: datetime) -> int:
    """Tell staff, and after a day patients as well, from when until now nothing arrived; how many people.

    Each outage is told once. Patients hear of it outside their quiet hours, and only when something may be lost:
    what Telegram has kept for us arrives by itself, with both its times on an alert.
    """
    lasted = unit.now - since
    if lasted < STAFF_HEAR_FROM:
        return 0
    is_lost = lasted >= TELEGRAM_FORGETS
    told = [await _tell_staff(unit, person, since=since, is_lost=is_lost) for person in await _staff(unit)]
    if is_lost:
        for person, enrolment in await people.taking_part(unit.session):
            told.append(await _tell_patient(unit, person, enrolment, since=since))
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=None,
        action="outage",
        object_kind="program",
        detail={"minutes": lasted // timedelta(minutes=1), "told": len(told)},
    )
    return len(told)


async def _staff(unit: Unit) -> list[Person]:
    found = {
        person.id: person
        for role in (Role.COORDINATOR, Role.LEAD, Role.CLINICIAN)
        for person in await people.in_role(unit.session, role, now=unit.now)
    }
    return list(found.values())


async def _tell_staff(unit: Unit, person: Person, *, since: datetime, is_lost: bool) -> Person:
    wording = unit.wording(person.language)
    times = {"since": day_and_time(since, person.zone, wording), "until": day_and_time(unit.now, person.zone, wording)}
    lines = [wording("outage.staff", **times), wording("outage.staff_lost" if is_lost else "outage.staff_late")]
    await say(unit, person, Saying(text="\n".join(lines)), lane=Lane.DIGEST, key=_key(since, person))
    return person


async def _tell_patient(unit: Unit, person: Person, enrolment: Enrolment, *, since: datetime) -> Person:
    wording = unit.wording(person.language)
    text = wording(
        "outage.patient",
        since=day_and_time(since, person.zone, wording),
        until=day_and_time(unit.now, person.zone, wording),
    )
    await say(
        unit,
        person,
        Saying(text=text, rows=(help_row(wording),)),
        lane=Lane.BULK,
        key=_key(since, person),
        due_at=await when_welcome(unit, person, unit.now),
        expires_at=unit.now + STILL_NEWS,
        only_while_enrolled=enrolment.state == EnrolmentState.ACTIVE,  # else it would not reach who has paused
    )
    return person


def _key(since: datetime, person: Person) -> str:
    return f"outage:{since:%Y-%m-%dT%H:%M}:{person.id}"
