"""Somebody is invited: written down, and given a one-time link that starts their taking part."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.access import Action, allowed
from alliance.cadence import PRESETS
from alliance.enrolment import EnrolmentState
from alliance.local_time import known_zone, local_day
from alliance.people import Role
from storage import audit, invitations, people, reach
from storage.tables import Enrolment, Person
from workflows.reassign import move
from workflows.unit import Unit

FIRST_CADENCE = "twice_a_week"  # the preset a new patient starts with until a coordinator says otherwise
_MAY_COME_BACK = (EnrolmentState.LEFT, EnrolmentState.DISCHARGED, EnrolmentState.TRANSFERRED)


class CannotInvite(ValueError):
    """An invitation that makes no sense; the message says why, and ``key`` names the same sentence in the wording."""

    def __init__(self, key: str, message: str, **values: str) -> None:
        super().__init__(message)
        self.key, self.values = f"invite.refused.{key}", values


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
        raise CannotInvite("not_yours", "Only a coordinator may invite.")
    code_name = " ".join(code_name.split())
    if not code_name:
        raise CannotInvite("no_code_name", "A code name is needed.")
    if zone is not None and not known_zone(zone):
        raise CannotInvite("zone", f"There is no time zone called {zone}; write it as Europe/Madrid.", zone=zone)
    if language is not None and language not in unit.clinic.wordings.languages:
        spoken = ", ".join(unit.clinic.wordings.languages)
        raise CannotInvite("language", f"There is no wording in {language}; there is {spoken}.", language=language)
    person = await _write_down(
        unit, role, code_name=code_name, name=name, clinician=clinician, language=language, zone=zone
    )
    if role is Role.PATIENT and (phone or emergency_contact):
        await reach.set_contact(unit.session, person.id, phone=phone, emergency_contact=emergency_contact)
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
            raise CannotInvite(
                "other_role", f"{code_name} is already known in another role; choose another code name.", who=code_name
            )
        if enrolment is not None and enrolment.state == EnrolmentState.DECEASED:
            raise CannotInvite("deceased", f"{code_name} is marked as deceased.", who=code_name)
        if enrolment is not None and enrolment.state in _MAY_COME_BACK:
            enrolment.state, enrolment.step = EnrolmentState.INVITED, "consent"
        if enrolment is not None and primary is not None and primary.id != enrolment.clinician_id:
            await move(unit, known, enrolment, primary)
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
        unit.session.add(new_enrolment(unit, person, primary))
        await unit.session.flush()
    return person


async def _primary(unit: Unit, clinician: str | None) -> Person:
    if clinician is not None:
        person = await people.by_code_name(unit.session, clinician)
        if person is None or await people.enrolment(unit.session, person.id) is not None:
            raise CannotInvite(
                "no_clinician", f"There is no clinician called {clinician}; invite the clinician first.", who=clinician
            )
        return person
    known = await invitations.invited_or_in_role(unit.session, Role.CLINICIAN, now=unit.now)
    if len(known) != 1:
        raise CannotInvite("which_clinician", "Say which clinician the patient belongs to.")
    return known[0]


def new_enrolment(unit: Unit, patient: Person, clinician: Person) -> Enrolment:
    """The enrolment of somebody who is invited: consent, zone and hour are still to come."""
    return Enrolment(
        patient_id=patient.id,
        clinician_id=clinician.id,
        state=EnrolmentState.INVITED,
        step="consent",
        rules=list(PRESETS[FIRST_CADENCE]),
        at=[],
        starts_on=local_day(unit.now, patient.zone),
    )
