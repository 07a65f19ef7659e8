"""Who takes part, and how: the list that coordinators and clinicians look at, each of them at what is theirs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from alliance.access import About, Action, allowed
from alliance.cadence import Cadence
from alliance.cadence_words import in_words
from alliance.enrolment import EnrolmentState
from alliance.people import Actor
from alliance.programme_json import read_written
from alliance.programme_words import programme_in_words
from storage import patient_list, people, programmes, roster
from storage.patient_list import Sought
from storage.tables import Enrolment, Person
from workflows.in_reach import can_be_reached
from workflows.keep_programmes import reader_language
from workflows.unit import Unit


class NobodyThere(LookupError):
    """There is nobody of that code name in a role that sees patients."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One patient as a list shows them: nothing of what they say, and no name."""

    patient_id: int
    code_name: str
    clinic_id: str | None  # the clinic's own, where a roster has named it
    clinician: str
    state: EnrolmentState
    language: str
    zone: str
    cadence: str | None  # in words; None before there is an hour
    next_at: datetime | None
    paused_until: date | None
    is_reachable: bool  # the invitation was opened, and messages arrive


async def list_patients(
    unit: Unit, *, clinician: Person | None = None, states: Sequence[EnrolmentState] = tuple(EnrolmentState)
) -> list[Listed]:
    """The patients whom this actor may see, by code name: of one clinician, or of everybody, in these states."""
    sought = Sought(clinicians=None, clinician_id=clinician.id if clinician else None, states=states)
    rows = [
        one for one in await patient_list.page(unit.session, sought) if _may_see(unit.actor, one.patient, one.enrolment)
    ]
    clinic_ids = await roster.clinic_ids(unit.session, [one.patient.id for one in rows])
    on = await _programmes(unit, (one.enrolment for one in rows))
    words: dict[Cadence, str] = {}
    return [
        Listed(
            patient_id=one.patient.id,
            code_name=one.patient.code_name,
            clinic_id=clinic_ids.get(one.patient.id),
            clinician=one.clinician.code_name,
            state=EnrolmentState(one.enrolment.state),
            language=one.patient.language,
            zone=one.patient.zone,
            cadence=_in_words(unit, one.enrolment, on, words),
            next_at=one.enrolment.next_due_at,
            paused_until=one.enrolment.paused_until,
            is_reachable=can_be_reached(one.patient),
        )
        for one in rows
    ]


async def as_seen_by(unit: Unit, code_name: str) -> Actor:
    """Somebody of the staff with the roles of this moment; raises NobodyThere."""
    person = await people.by_code_name(unit.session, code_name)
    actor = await people.actor(unit.session, person, now=unit.now) if person is not None else None
    if actor is None or not allowed(actor, Action.LIST_PATIENT, About(clinician_id=actor.person_id)):
        raise NobodyThere(f"There is no clinician or coordinator called {code_name} who has joined.")
    return actor


def _may_see(actor: Actor, patient: Person, enrolment: Enrolment) -> bool:
    return allowed(actor, Action.LIST_PATIENT, About(patient_id=patient.id, clinician_id=enrolment.clinician_id))


async def _programmes(unit: Unit, enrolments: Iterable[Enrolment]) -> dict[int, str]:
    """The programmes these patients are on, in words, by version: a handful for thousands."""
    language = reader_language(unit)
    ids = {one.programme_version_id for one in enrolments} - {None}
    versions = [await programmes.version(unit.session, version_id) for version_id in ids if version_id is not None]
    return {version.id: programme_in_words(read_written(version.definition), language) for version in versions}


def _in_words(unit: Unit, enrolment: Enrolment, on: Mapping[int, str], known: dict[Cadence, str]) -> str | None:
    """Most patients share a few cadences, and each is put into words once."""
    if not enrolment.rules:
        return on.get(enrolment.programme_version_id or 0)
    if not enrolment.at:
        return None
    times = tuple(time.fromisoformat(at) for at in enrolment.at)
    cadence = Cadence(rules=tuple(enrolment.rules), at=times, starts_on=enrolment.starts_on)
    if cadence not in known:
        known[cadence] = in_words(cadence, reader_language(unit))
    return known[cadence]
