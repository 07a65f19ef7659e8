"""A patient is given to another clinician, and a clinician leaves the clinic."""

from dataclasses import dataclass

from alliance.access import About, Action, allowed
from alliance.delivery import Lane
from alliance.enrolment import ENDED, EnrolmentState
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.saying import Saying
from storage import audit, courses, digests, people, rota, sessions, team
from storage.tables import Enrolment, Person, Reassignment
from workflows import watch_teams
from workflows.quiet_hours import when_welcome
from workflows.speak import say
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Reassigned:
    """Who cared for a patient before, and how many open flags went along."""

    before: Person
    flags: int


async def reassign(unit: Unit, patient: Person, clinician: Person) -> Reassigned:
    """Make somebody else the clinician of a patient from now on; both and the patient are told.

    Open flags go along, with what nobody had been told yet: it stands in the new clinician's next digest. The one
    before reads nothing of this patient from the next update on. Raises NotArranged, and changes nothing.
    """
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or not allowed(unit.actor, Action.REASSIGN, About(patient_id=patient.id)):
        raise NotArranged("reassign.not_yours", "Only a coordinator may give a patient to another clinician.")
    if Role.CLINICIAN not in (await people.actor(unit.session, clinician, now=unit.now)).roles:
        raise NotArranged(
            "away.no_clinician", f"{clinician.code_name} is not a clinician who has joined.", who=clinician.code_name
        )
    if clinician.id in {patient.id, enrolment.clinician_id}:
        raise NotArranged("reassign.same", f"{patient.code_name} is with {clinician.code_name} already.")
    moved = await move(unit, patient, enrolment, clinician)
    await _tell(unit, patient, enrolment, moved, after=clinician)
    return moved


async def move(unit: Unit, patient: Person, enrolment: Enrolment, clinician: Person) -> Reassigned:
    """Make somebody else the clinician of a patient, whatever the state; whoever asks for it tells people."""
    await unit.session.flush()
    before = await people.get(unit.session, enrolment.clinician_id)
    last = await digests.latest_that_arrived(unit.session, before.id)
    untold_since = last.built_at if last else patient.created_at
    number = await team.give(
        unit.session,
        Reassignment(
            patient_id=patient.id, from_id=before.id, to_id=clinician.id, untold_since=untold_since, at=unit.now
        ),
        told_until=untold_since,
    )
    await unit.session.refresh(enrolment)
    await courses.forget(unit.session, patient.id)  # the next one's evidence is told anew, from what is theirs to see
    await _note(unit, patient, {"before": before.id, "after": clinician.id, "flags": number})
    return Reassigned(before=before, flags=number)


async def end_staff(unit: Unit, person: Person) -> list[str]:
    """Somebody leaves the clinic: roles and sessions end now, no digest comes any more, and buttons do nothing.

    Gives back the code names of the patients who are without a team by it; coordinators hear of them at once.
    Raises NotArranged for somebody without a role.
    """
    if not allowed(unit.actor, Action.REASSIGN):
        raise NotArranged("reassign.not_yours", "Only a coordinator may end somebody's role.")
    if not await team.end_roles(unit.session, person.id, now=unit.now):
        raise NotArranged("no_role", f"{person.code_name} has no role in the clinic.", who=person.code_name)
    person.next_digest_at, person.next_digest_on = None, None
    await sessions.end_all(unit.session, person.id, now=unit.now)
    order = [one for one in await people.on_call(unit.session) if one != person.id]
    await people.set_on_call(unit.session, order)
    await rota.remove_all_of(unit.session, person.id)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="staff_ended",
        object_kind="staff",
        object_id=person.id,
    )
    await watch_teams.warn(unit, at_once=True)
    caseload = await people.caseload(unit.session, person.id)
    return [patient.code_name for patient, enrolment in caseload if enrolment.state in team.TAKING_PART]


async def _tell(unit: Unit, patient: Person, enrolment: Enrolment, moved: Reassigned, *, after: Person) -> None:
    before = moved.before
    for person, key in ((before, "reassign.before"), (after, "reassign.after")):
        other = after if person is before else before
        text = unit.wording(person.language)(key, who=patient.code_name, other=other.code_name, count=moved.flags)
        if Role.CLINICIAN in (await people.actor(unit.session, person, now=unit.now)).roles:
            await say(unit, person, Saying(text=text), lane=Lane.DIGEST)
    if enrolment.state in {*ENDED, EnrolmentState.INVITED, EnrolmentState.ON_HOLD}:
        return  # one who is invited reads the name with the consent text
    name = people.display_name(unit.session, after)
    text = unit.wording(patient.language)("reassign.patient", clinician=name)
    await say(unit, patient, Saying(text=text), due_at=await when_welcome(unit, patient, unit.now))


async def _note(unit: Unit, patient: Person, detail: dict[str, object]) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="reassigned",
        object_kind="patient",
        object_id=patient.id,
        detail=detail,
    )
