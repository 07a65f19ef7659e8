"""A row of a roster has changed: just that is changed of its patient, by the same workflows as a command would."""

from alliance.enrolment import EnrolmentState
from storage import audit, people, preferences, reach, roster
from storage.tables import Enrolment, Person
from workflows.reassign import move, reassign
from workflows.roster_cadence import change_to
from workflows.roster_plan import Planned
from workflows.schedule import plan_anew
from workflows.show_commands import show_commands
from workflows.tell_read import tell_nothing_queued
from workflows.unit import Unit


async def follow(unit: Unit, planned: Planned) -> None:
    """Do what this row changes, and remember what it says. Raises NotArranged, CannotSet or NotACadence."""
    patient, enrolment, row = planned.patient, planned.enrolment, planned.row
    if patient is None or enrolment is None:
        raise ValueError("a changed row is somebody's")  # the plan says whose
    if "name" in planned.changes:
        people.set_name(unit.session, patient, row["name"])
    contact = {column: row[column] for column in ("phone", "emergency_contact") if column in planned.changes}
    if contact:
        await reach.set_contact(unit.session, patient.id, **contact)
    if "language" in planned.changes and patient.language != row["language"]:
        patient.language = row["language"]
        held = await people.actor(unit.session, patient, now=unit.now)
        await show_commands(unit, patient, held.roles, anew=True)
    if "zone" in planned.changes and patient.zone != row["zone"]:
        await _move_to(unit, patient, enrolment, row["zone"])
    if planned.clinician is not None:
        await _give_to(unit, patient, enrolment, planned.clinician)
    if "cadence" in planned.changes and planned.cadence is not None:
        await change_to(unit, patient, enrolment, planned.cadence)
    await _remember(unit, patient, planned)


async def _move_to(unit: Unit, patient: Person, enrolment: Enrolment, zone: str) -> None:
    """The same as where patients choose a zone themselves: the hour on the wall stays."""
    patient.zone = zone
    await preferences.note_new_zone(unit.session, patient.id, now=unit.now)
    await tell_nothing_queued(unit, patient.id)
    await plan_anew(unit, patient, enrolment)


async def _give_to(unit: Unit, patient: Person, enrolment: Enrolment, clinician: Person) -> None:
    if enrolment.state == EnrolmentState.INVITED:
        await move(unit, patient, enrolment, clinician)  # nobody has been told anything yet
    else:
        await reassign(unit, patient, clinician)


async def _remember(unit: Unit, patient: Person, planned: Planned) -> None:
    """Cells that are empty now were not meant to take anything away: what was said before stays said."""
    if planned.entry is None:
        roster.keep(unit.session, patient.id, clinic_id=planned.row.clinic_id, cells=planned.row.cells, now=unit.now)
    else:
        cells = roster.cells_of(unit.session, planned.entry) | dict(planned.row.cells)
        roster.change(unit.session, planned.entry, cells=cells, now=unit.now)
    await unit.session.flush()
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="roster_followed",
        object_kind="patient",
        object_id=patient.id,
        detail={"columns": list(planned.changes)},
    )
