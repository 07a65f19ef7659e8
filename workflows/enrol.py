"""Somebody opens an invitation, says yes or no, and says where and when to be asked."""

from zoneinfo import available_timezones

from alliance.cadence import NotACadence, parse_times
from alliance.enrolment import ENDED, EnrolmentState
from alliance.local_time import find_zones, known_zone, local_day
from alliance.people import Role
from alliance.saying import Saying
from alliance.welcoming import (
    CONSENT_VERSION,
    consent_request,
    time_request,
    zone_choices,
    zone_request,
)
from storage import audit, care_teams, consents, invitations, people
from storage.tables import Enrolment, Invitation, Person
from workflows.plan_digest import WORKING_DAYS, plan_digest
from workflows.schedule import plan_next
from workflows.set_hours import WITH_A_DIGEST
from workflows.show_commands import hide_commands, show_commands
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clinician_name, clock_time, next_checkin_in_words


async def accept_invitation(unit: Unit, code: str, *, chat_id: int) -> bool:
    """Open a one-time link; False for a code nobody can use, and nobody learns why."""
    invitation = await invitations.claim(unit.session, code, now=unit.now)
    if invitation is None:
        return False
    invited = await people.get(unit.session, invitation.person_id)
    here = await people.by_chat(unit.session, chat_id)
    if here is not None and here.id != invited.id:
        if invitation.role == Role.PATIENT or await people.enrolment(unit.session, here.id) is not None:
            invitation.used_at = None  # this account belongs to somebody else; the link stays good
            return False
        await people.hand_over(unit.session, from_id=invited.id, to_id=here.id)
        await care_teams.hand_over(unit.session, from_id=invited.id, to_id=here.id)
        invited = here  # one member of staff, one chat, several roles
    if invited.chat_id is not None and invited.chat_id != chat_id:
        await hide_commands(unit, invited.chat_id, key=f"{unit.origin}:old_chat")
    invited.chat_id, invited.blocked_at = chat_id, None
    unit.person = invited
    await unit.session.flush()
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=invited.id,
        action="accepted_invitation",
        object_kind=invitation.role,
        object_id=invited.id,
    )
    if invitation.role == Role.PATIENT:
        await _welcome_patient(unit, invited)
    else:
        await _welcome_staff(unit, invited, invitation)
    return True


async def _welcome_patient(unit: Unit, patient: Person) -> None:
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is not None and enrolment.state not in {EnrolmentState.INVITED, *ENDED}:
        # a new telephone: the old chat is cut off, and taking part goes on here
        await say(unit, patient, Saying(text=unit.wording(patient.language)("enrolled.moved")))
        await show_commands(unit, patient, (Role.PATIENT,), anew=True)  # in the new chat nothing is shown yet
    else:
        await ask_consent(unit, patient)


async def _welcome_staff(unit: Unit, person: Person, invitation: Invitation) -> None:
    role = Role(invitation.role)
    await people.give_role(unit.session, person.id, role, now=unit.now)
    wording = unit.wording(person.language)
    lines = [wording("staff.welcome", role=wording(f"role.{role}"), clinic=unit.clinic.name)]
    if role in WITH_A_DIGEST:
        person.digest_at = person.digest_at or f"{unit.clinic.digest_at:%H:%M}"
        person.working_days = person.working_days or WORKING_DAYS
        plan_digest(person, after=unit.now)
        lines.append(wording("staff.digest", time=person.digest_at))
    lines.append(wording(f"staff.commands_{'coordinator' if role is Role.COORDINATOR else 'others'}"))
    await say(unit, person, Saying(text="\n\n".join(lines)))
    held = await people.actor(unit.session, person, now=unit.now)
    await show_commands(unit, person, held.roles)


async def ask_consent(unit: Unit, patient: Person) -> None:
    """Say what taking part means and ask for a yes or a no."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None:
        return
    wording = unit.wording(patient.language)
    number = unit.clinic.help_at_once.emergency_number
    emergency = wording("consent.emergency", number=number) if number else wording("consent.emergency_in_words")
    clinician = await clinician_name(unit, enrolment.clinician_id)
    await say(
        unit,
        patient,
        consent_request(wording, clinic=unit.clinic.name, clinician=clinician, emergency=emergency),
    )


async def decide_consent(unit: Unit, patient: Person, *, version: int, given: bool) -> bool:
    """Keep a yes or a no to the consent text; False when the question is no longer open."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or enrolment.state != EnrolmentState.INVITED or enrolment.step != "consent":
        return False
    if version != CONSENT_VERSION:
        await ask_consent(unit, patient)
        return False
    await consents.record(
        unit.session,
        patient.id,
        version=version,
        language=patient.language,
        decision="given" if given else "refused",
        now=unit.now,
    )
    wording = unit.wording(patient.language)
    if not given:
        enrolment.state, enrolment.ended_at = EnrolmentState.LEFT, unit.now
        await say(unit, patient, Saying(text=wording("consent.refused")))
        return True
    enrolment.step = "zone"
    await say(unit, patient, _zone_question(unit, patient))
    return True


def _zone_question(unit: Unit, patient: Person) -> Saying:
    wording = unit.wording(patient.language)
    return zone_request(wording, zone=patient.zone, time_there=clock_time(unit.now, patient.zone))


async def _at_step(unit: Unit, patient: Person, *steps: str) -> Enrolment | None:
    """The enrolment, if it is at one of these steps; an old button of somebody who takes part or left is none."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or enrolment.state != EnrolmentState.INVITED or enrolment.step not in steps:
        return None
    return enrolment


async def confirm_zone(unit: Unit, patient: Person, *, right: bool) -> bool:
    """The offered zone is right, or the patient wants to name another place."""
    enrolment = await _at_step(unit, patient, "zone", "zone_search")
    if enrolment is None:
        return False
    wording = unit.wording(patient.language)
    enrolment.step = "time" if right else "zone_search"
    await say(unit, patient, time_request(wording) if right else Saying(text=wording("zone.where")))
    return True


async def search_zone(unit: Unit, patient: Person, words: str) -> None:
    """Offer the zones that fit what the patient typed."""
    zones = find_zones(words, available_timezones())
    await say(unit, patient, zone_choices(unit.wording(patient.language), zones))


async def choose_zone(unit: Unit, patient: Person, zone: str) -> bool:
    """Take one of the offered zones."""
    enrolment = await _at_step(unit, patient, "zone", "zone_search")
    if enrolment is None or not known_zone(zone):
        return False
    patient.zone, enrolment.step = zone, "time"
    await say(unit, patient, time_request(unit.wording(patient.language)))
    return True


async def choose_time(unit: Unit, patient: Person, at: str) -> bool:
    """Take the hour at which a check-in is welcome; with it the enrolment is complete."""
    enrolment = await _at_step(unit, patient, "time")
    chosen = _time_of(at)
    if enrolment is None or chosen is None:
        return False
    enrolment.step, enrolment.at = "done", [chosen]
    enrolment.state, enrolment.enrolled_at = EnrolmentState.ACTIVE, unit.now
    enrolment.starts_on = enrolment.programme_from = local_day(unit.now, patient.zone)
    await plan_next(unit, patient, enrolment, after=unit.now)
    wording = unit.wording(patient.language)
    first = next_checkin_in_words(patient, enrolment, wording)
    text = wording("enrolled.first", when=first) if first else wording("enrolled.no_first")
    await show_commands(unit, patient, unit.actor.roles)
    await say(unit, patient, Saying(text=f"{text}\n\n{wording('enrolled.how')}"))
    return True


async def ask_where_it_stopped(unit: Unit, patient: Person) -> bool:
    """Repeat the open question to somebody who comes back half way; False when nothing of enrolling is open."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or enrolment.state != EnrolmentState.INVITED:
        return False
    await ask_again(unit, patient, enrolment, None)
    return True


async def ask_again(unit: Unit, patient: Person, enrolment: Enrolment, words: str | None) -> None:
    """Somebody writes while enrolling: answer with the question that is open."""
    if enrolment.step == "zone_search" and words:
        await search_zone(unit, patient, words)
    elif enrolment.step in {"zone", "zone_search"}:
        await say(unit, patient, _zone_question(unit, patient))
    elif enrolment.step == "time" and words and await choose_time(unit, patient, words):
        return
    elif enrolment.step == "time":
        await say(unit, patient, time_request(unit.wording(patient.language)))
    else:
        await ask_consent(unit, patient)


def _time_of(words: str) -> str | None:
    try:
        times = parse_times(words)
    except NotACadence:
        return None
    return f"{times[0]:%H:%M}" if len(times) == 1 else None
