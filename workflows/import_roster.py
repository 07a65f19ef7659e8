"""A clinic's roster is imported: patients are written down and invited, and what has changed is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alliance.access import Action, allowed
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.roster import RefusedRow, RosterRow
from storage import audit, invitations, people, reach, roster
from storage.database import new_id
from storage.tables import Enrolment, Person
from workflows import set_cadence
from workflows.follow_roster import follow
from workflows.invite import CannotInvite, new_enrolment
from workflows.roster_cadence import begin_with
from workflows.roster_plan import Planned, What, plan_rows
from workflows.unit import Unit

ROWS_AT_ONCE = 250  # in one transaction: a few hundred milliseconds, for which a running bot has to wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What became of one row, or would become of it, in one sentence; a new patient's link where one was made."""

    line: int
    clinic_id: str
    code_name: str
    what: What
    says: str
    changes: tuple[str, ...] = ()
    link: str | None = None
    expires_at: datetime | None = None


def refused_already(refused: RefusedRow) -> Imported:
    """A row that could not be used by itself, whatever the clinic knows."""
    return Imported(
        line=refused.line,
        clinic_id=refused.clinic_id,
        code_name=refused.code_name,
        what=What.REFUSED,
        says=refused.why,
    )


async def foresee_rows(unit: Unit, rows: Sequence[RosterRow]) -> list[Imported]:
    """What importing these rows would do; nothing is changed. Raises CannotInvite for somebody who may not."""
    _check(unit)
    return [_said(one, link=None, expires_at=None) for one in await plan_rows(unit, rows)]


async def import_rows(unit: Unit, rows: Sequence[RosterRow], *, with_links: bool) -> list[Imported]:
    """Import these rows, at most ROWS_AT_ONCE; a refused one changes nothing, and the others do not wait for it.

    ``with_links`` makes the one-time link of each new patient; without it `checkin invite` makes one later. Consent
    is the patient's own, and nobody is asked anything before it. Raises CannotInvite for somebody who may not.
    """
    _check(unit)
    planned = await plan_rows(unit, rows)
    codes = await _write_down(unit, [one for one in planned if one.what is What.NEW], with_links=with_links)
    expires_at = unit.now + timedelta(days=unit.clinic.invitation_days)
    imported: list[Imported] = []
    for one in planned:
        after = await _change(unit, one) if one.what is What.CHANGED else one
        code = codes.get(one.row.line)
        link = f"https://t.me/{unit.clinic.bot_username}?start={code}" if code else None
        imported.append(_said(after, link=link, expires_at=expires_at if code else None))
    return imported


def _check(unit: Unit) -> None:
    if not allowed(unit.actor, Action.INVITE):
        raise CannotInvite("not_yours", "Only a coordinator may import a roster.")


async def _write_down(unit: Unit, planned: Sequence[Planned], *, with_links: bool) -> dict[int, str]:
    """Write new patients down, all of a kind at once; the codes of their links, by line."""
    patients = {one.row.line: _person(unit, one.row) for one in planned}
    unit.session.add_all(patients.values())
    await unit.session.flush()  # enrolments point to them
    for one in planned:
        patient = patients[one.row.line]
        unit.session.add(_enrolment(unit, one, patient))
        reach.keep_contact(
            unit.session, patient.id, phone=one.row["phone"], emergency_contact=one.row["emergency_contact"]
        )
        roster.keep(unit.session, patient.id, clinic_id=one.row.clinic_id, cells=one.row.cells, now=unit.now)
    await unit.session.flush()
    ids = [patient.id for patient in patients.values()]
    await audit.record_each(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="imported",
        object_kind=Role.PATIENT,
        ids=ids,
    )
    if not with_links:
        return {}
    expires_at = unit.now + timedelta(days=unit.clinic.invitation_days)
    codes = await invitations.make_many(unit.session, ids, role=Role.PATIENT, expires_at=expires_at, now=unit.now)
    return {line: codes[patient.id] for line, patient in patients.items()}


def _person(unit: Unit, row: RosterRow) -> Person:
    person = Person(
        id=new_id(),
        code_name=row["code_name"],
        name=None,
        language=row["language"] or unit.clinic.language,
        zone=row["zone"] or unit.clinic.zone,
        created_at=unit.now,
    )
    if row["name"]:
        people.set_name(unit.session, person, row["name"])
    return person


def _enrolment(unit: Unit, planned: Planned, patient: Person) -> Enrolment:
    clinician = planned.clinician
    if clinician is None:
        raise ValueError("a new patient has a clinician")  # the plan names one, or refuses the row
    enrolment = new_enrolment(unit, patient, clinician)
    if planned.cadence is not None:
        begin_with(enrolment, planned.cadence)
    return enrolment


async def _change(unit: Unit, planned: Planned) -> Planned:
    """Do what a row changes, or nothing of it where a rule of the clinic is against it."""
    try:
        async with unit.session.begin_nested():
            await follow(unit, planned)
    except (NotArranged, set_cadence.CannotSet, set_cadence.NotACadence) as error:
        return Planned(row=planned.row, what=What.REFUSED, why=f"{error}")
    return planned


def _said(one: Planned, *, link: str | None, expires_at: datetime | None) -> Imported:
    code_name = one.patient.code_name if one.patient else one.row["code_name"]
    match one.what:
        case What.NEW:
            with_whom = one.clinician.code_name if one.clinician else ""
            says = f"A new patient of {with_whom}."
        case What.CHANGED:
            says = f"Another {', '.join(one.changes)}."
        case What.SAME:
            says = "Nothing changes."
        case What.REFUSED:
            says = one.why
    return Imported(
        line=one.row.line,
        clinic_id=one.row.clinic_id,
        code_name=code_name,
        what=one.what,
        says=says,
        changes=one.changes,
        link=link,
        expires_at=expires_at,
    )
