"""Somebody is invited, opens the link, says yes or no, and says where and when to be asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from alliance.access import Action, allowed
from alliance.cadence import PRESETS, NotACadence, parse_times
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
from storage import audit, consents, invitations, people
from storage.tables import Enrolment, Invitation, Person
from workflows.schedule import plan_next
from workflows.send_digests import plan_digest
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clinician_name, clock_time, next_checkin_in_words

FIRST_CADENCE = "twice_a_week"  # the preset a new patient starts with until a coordinator says otherwise
WORKING_DAYS = "MO,TU,WE,TH,FR"


class CannotInvite(ValueError):
    """An invitation that makes no sense; the message says what is missing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """A one-time link, and whom it is for."""

    person: Person
    role: Role
    code: str
    link: str
    expires_at: datetime


async def invite(
    unit: Unit,
    role: Role,
    *,
    code_name: str,
    name: str | None = None,
    clinician: str | None = None,
    language: str | None = None,
    zone: str | None = None,
    phone: str = "",
    emergency_contact: str = "",
) -> Invited:
    """Write a person down and make the one-time link that starts their taking part.

    Inviting a code name again makes a new link for the same person; the old link stops working. Raises
    CannotInvite with one sentence when something is missing or does not fit.
    """
    if not allowed(unit.actor, Action.INVITE):
        raise CannotInvite("Only a coordinator may invite.")
    code_name = " ".join(code_name.split())
    if not code_name:
        raise CannotInvite("A code name is needed.")
    if zone is not None and not known_zone(zone):
        raise CannotInvite(f"There is no time zone called {zone}; write it as Europe/Madrid.")
    if language is not None and language not in unit.clinic.wordings.languages:
        spoken = ", ".join(unit.clinic.wordings.languages)
        raise CannotInvite(f"There is no wording in {language}; there is {spoken}.")
    person = await _write_down(
        unit, role, code_name=code_name, name=name, clinician=clinician, language=language, zone=zone
    )
    if role is Role.PATIENT and (phone or emergency_contact):
        await people.set_contact(unit.session, person.id, phone=phone, emergency_contact=emergency_contact)
    expires_at = unit.now + timedelta(days=unit.clinic.invitation_days)
    code = await invitations.make(unit.session, person_id=person.id, role=role, expires_at=expires_at, now=unit.now)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="invited",
        object_kind=role,
        object_id=person.id,
    )
    link = f"https://t.me/{unit.clinic.bot_username}?start={code}"
    return Invited(person=person, role=role, code=code, link=link, expires_at=expires_at)


async def _write_down(
    unit: Unit,
    role: Role,
    *,
    code_name: str,
    name: str | None,
    clinician: str | None,
    language: str | None,
    zone: str | None,
) -> Person:
    known = await people.by_code_name(unit.session, code_name)
    primary = None
    if role is Role.PATIENT and (known is None or clinician is not None):
        primary = await _primary(unit, clinician)
    if known is not None:
        enrolment = await people.enrolment(unit.session, known.id)
        if (role is Role.PATIENT) != (enrolment is not None):
            raise CannotInvite(f"{code_name} is already known in another role; choose another code name.")
        if enrolment is not None and enrolment.state == EnrolmentState.DECEASED:
            raise CannotInvite(f"{code_name} is marked as deceased.")
        if enrolment is not None and enrolment.state in _MAY_COME_BACK:
            enrolment.state, enrolment.step = EnrolmentState.INVITED, "consent"
        if enrolment is not None and primary is not None:
            enrolment.clinician_id = primary.id
        known.language, known.zone = language or known.language, zone or known.zone
        if name:
            people.set_name(unit.session, known, name)
        return known
    person = await people.add(
        unit.session,
        code_name=code_name,
        name=name,
        language=language or unit.clinic.language,
        zone=zone or unit.clinic.zone,
        now=unit.now,
    )
    if primary is not None:
        unit.session.add(_new_enrolment(unit, person, primary))
        await unit.session.flush()
    return person


_MAY_COME_BACK = (EnrolmentState.LEFT, EnrolmentState.DISCHARGED, EnrolmentState.TRANSFERRED)


async def _primary(unit: Unit, clinician: str | None) -> Person:
    if clinician is not None:
        person = await people.by_code_name(unit.session, clinician)
        if person is None or await people.enrolment(unit.session, person.id) is not None:
            raise CannotInvite(f"There is no clinician called {clinician}; invite the clinician first.")
        return person
    known = await invitations.invited_or_in_role(unit.session, Role.CLINICIAN, now=unit.now)
    if len(known) != 1:
        raise CannotInvite("Say which clinician the patient belongs to.")
    return known[0]


def _new_enrolment(unit: Unit, patient: Person, clinician: Person) -> Enrolment:
    return Enrolment(
        patient_id=patient.id,
        clinician_id=clinician.id,
        state=EnrolmentState.INVITED,
        step="consent",
        rules=list(PRESETS[FIRST_CADENCE]),
        at=[],
        starts_on=local_day(unit.now, patient.zone),
    )


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
        invited = here  # one member of staff, one chat, several roles
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
    else:
        await ask_consent(unit, patient)


async def _welcome_staff(unit: Unit, person: Person, invitation: Invitation) -> None:
    role = Role(invitation.role)
    await people.give_role(unit.session, person.id, role, now=unit.now)
    wording = unit.wording(person.language)
    lines = [wording("staff.welcome", role=wording(f"role.{role}"), clinic=unit.clinic.name)]
    if role is Role.CLINICIAN:
        person.digest_at = person.digest_at or f"{unit.clinic.digest_at:%H:%M}"
        person.working_days = person.working_days or WORKING_DAYS
        plan_digest(person, after=unit.now)
        lines.append(wording("staff.digest", time=person.digest_at))
    lines.append(wording(f"staff.commands_{'coordinator' if role is Role.COORDINATOR else 'others'}"))
    await say(unit, person, Saying(text="\n\n".join(lines)))


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
    enrolment.starts_on = local_day(unit.now, patient.zone)
    await plan_next(unit, patient, enrolment, after=unit.now)
    wording = unit.wording(patient.language)
    first = next_checkin_in_words(patient, enrolment, wording)
    text = wording("enrolled.first", when=first) if first else wording("enrolled.no_first")
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
