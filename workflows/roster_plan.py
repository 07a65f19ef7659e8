"""What importing a row of a roster would do, before anything is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from alliance.cadence import NotACadence
from alliance.enrolment import ENDED, EnrolmentState
from alliance.people import Role
from alliance.roster import RosterRow
from storage import invitations, people, roster
from storage.tables import Enrolment, Person, RosterEntry
from workflows.keep_programmes import Kept
from workflows.roster_cadence import Meant, by_name, read
from workflows.unit import Unit


class What(StrEnum):
    """What becomes of one row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One row and what it would do; ``why`` is the sentence of a refused one."""

    row: RosterRow
    what: What
    patient: Person | None = None
    enrolment: Enrolment | None = None
    entry: RosterEntry | None = None
    clinician: Person | None = None  # of a new patient, or where it is another one
    cadence: Meant | None = None
    changes: tuple[str, ...] = ()  # columns
    why: str = ""


class _Refused(Exception):
    """A row that cannot be used; the argument says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """Everything that is known about the people of some rows, read at once."""

    entries: Mapping[str, RosterEntry]  # by the folded id
    patients: Mapping[int, tuple[Person, Enrolment | None]]
    called: Mapping[str, tuple[Person, Enrolment | None]]  # by the folded code name
    other_entries: Mapping[int, RosterEntry]  # of those who are called so
    clinicians: Mapping[str, Person]
    joined: frozenset[int]  # clinicians who have opened their invitation
    programmes: Mapping[str, Kept]


async def plan_rows(unit: Unit, rows: Sequence[RosterRow]) -> list[Planned]:
    """What each of these rows would do now, in their order; nothing is changed."""
    known = await _known(unit, rows)
    planned: list[Planned] = []
    for row in rows:
        try:
            planned.append(_plan(unit, row, known))
        except _Refused as error:
            planned.append(_refused(row, f"{error}"))
        except NotACadence as error:
            planned.append(_refused(row, f"cadence: {error}"))
    return planned


def _refused(row: RosterRow, why: str) -> Planned:
    return Planned(row=row, what=What.REFUSED, why=f"{why.removesuffix('.')}.")


async def _known(unit: Unit, rows: Sequence[RosterRow]) -> _Known:
    session = unit.session
    entries = await roster.entries(session, [row.clinic_id for row in rows])
    called = await roster.people_called(session, [row["code_name"] for row in rows if row["code_name"]])
    clinicians = await invitations.invited_or_in_role(session, Role.CLINICIAN, now=unit.now)
    joined = await people.in_role(session, Role.CLINICIAN, now=unit.now)
    return _Known(
        entries=entries,
        patients=await roster.patients(session, [entry.patient_id for entry in entries.values()]),
        called=called,
        other_entries=await roster.entries_of(session, [person.id for person, _ in called.values()]),
        clinicians={person.code_name_folded: person for person in clinicians},
        joined=frozenset(person.id for person in joined),
        programmes=await by_name(unit) if any(row["cadence"] for row in rows) else {},
    )


def _plan(unit: Unit, row: RosterRow, known: _Known) -> Planned:
    languages = unit.clinic.wordings.languages
    if row["language"] and row["language"] not in languages:
        raise _Refused(f"language: there is no wording in {row['language']}; there is {', '.join(languages)}")
    planned = _planned(unit, row, known)
    return replace(planned, cadence=read(row["cadence"], known.programmes)) if row["cadence"] else planned


def _planned(unit: Unit, row: RosterRow, known: _Known) -> Planned:
    entry = known.entries.get(roster.folded(row.clinic_id))
    if entry is not None:
        return _known_by_id(unit, row, entry, known)
    if not row["code_name"]:
        raise _Refused("code_name: it is empty, and nobody is known by this clinic id")
    found = known.called.get(_folded(row["code_name"]))
    if found is None:
        return Planned(row=row, what=What.NEW, clinician=_clinician(row, known))
    return _known_by_code_name(row, found, known)


def _known_by_id(unit: Unit, row: RosterRow, entry: RosterEntry, known: _Known) -> Planned:
    patient, enrolment = known.patients[entry.patient_id]
    if row["code_name"] and _folded(row["code_name"]) != patient.code_name_folded:
        raise _Refused(f"code_name: this patient is called {patient.code_name} here, which an import does not change")
    before = roster.cells_of(unit.session, entry)
    changes = tuple(column for column, cell in row.cells.items() if before.get(column) != cell)
    return _changed(row, patient, enrolment, entry, [name for name in changes if name != "code_name"], known)


def _known_by_code_name(row: RosterRow, found: tuple[Person, Enrolment | None], known: _Known) -> Planned:
    """Somebody who was invited one by one is given the clinic's id, with everything else the row says."""
    patient, enrolment = found
    if enrolment is None:
        raise _Refused(f"code_name: {patient.code_name} is known in another role")
    if patient.id in known.other_entries:
        raise _Refused(f"code_name: {patient.code_name} has another clinic id")
    changes = [column for column in row.cells if column != "code_name"]
    return _changed(row, patient, enrolment, None, ["clinic_id", *changes], known)


def _changed(
    row: RosterRow,
    patient: Person,
    enrolment: Enrolment | None,
    entry: RosterEntry | None,
    changes: Sequence[str],
    known: _Known,
) -> Planned:
    if not changes:
        return Planned(row=row, what=What.SAME, patient=patient)
    if enrolment is None or enrolment.state in ENDED:
        raise _Refused(f"{patient.code_name} does not take part any more; `checkin invite` begins anew")
    clinician = _clinician(row, known) if "clinician" in changes else None
    if clinician is not None and clinician.id == enrolment.clinician_id:
        clinician = None
    if clinician is not None and enrolment.state != EnrolmentState.INVITED and clinician.id not in known.joined:
        raise _Refused(f"clinician: {clinician.code_name} has not opened the invitation yet")
    return Planned(
        row=row,
        what=What.CHANGED,
        patient=patient,
        enrolment=enrolment,
        entry=entry,
        clinician=clinician,
        changes=tuple(changes),
    )


def _clinician(row: RosterRow, known: _Known) -> Person:
    named = row["clinician"]
    if named:
        found = known.clinicians.get(_folded(named))
        if found is None:
            raise _Refused(f"clinician: nobody called {named} is a clinician here; invite the clinician first")
        return found
    if len(known.clinicians) != 1:
        raise _Refused("clinician: it is empty, and there is more than one to choose from")
    return next(iter(known.clinicians.values()))


def _folded(code_name: str) -> str:
    return " ".join(code_name.split()).casefold()


def counted(what: Iterable[What]) -> dict[str, int]:
    """How many rows there are of each kind, none left out."""
    kinds = list(what)
    return {kind.value: kinds.count(kind) for kind in What}
