"""Answers leave as tables: what one reader may see, or what no patient has given to anybody in particular."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alliance.access import Action, allowed
from alliance.audience import Subject, Whom
from alliance.items import Domain
from alliance.not_arranged import NotArranged
from alliance.sight import Sight
from storage import audit, care_teams, export, messages, patient_list, people, roster
from storage.patient_list import Sought
from storage.tables import Answer, Checkin, Person
from workflows.sights import sights_for
from workflows.unit import Unit

PATIENTS_AT_ONCE = 50  # whose rows are in memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """Of whom an export tells, and as whom it looks; without a reader nothing about the bond is in it, and no words."""

    reader: Person | None
    patients: Sequence[Person]
    sights: Mapping[int, Sight]  # by patient; empty without a reader
    clinicians: Mapping[int, str]  # code names
    since: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One check-in with the answers that may leave; how many stay is counted."""

    patient: Person
    clinician: str
    checkin: Checkin
    answers: Sequence[tuple[Answer, str]]  # with the code name of whom it is about, or nothing
    withheld: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wrote:
    """One message of a patient, opened."""

    patient: Person
    checkin_id: int | None
    received_at: datetime
    words: str


async def scope(unit: Unit, *, reader: Person | None, since: date | None) -> Scope:
    """Whose answers an export holds; raises NotArranged for somebody who may not export."""
    if not allowed(unit.actor, Action.EXPORT_ANSWERS):
        raise NotArranged("not_yours", "Only whoever runs the program may export answers.")
    theirs = Sought(clinicians=None if reader is None else frozenset({reader.id}))
    own = [one.patient for one in await patient_list.page(unit.session, theirs)]
    sights: Mapping[int, Sight] = {}
    if reader is not None:
        sights = await sights_for(unit, reader, own=[person.id for person in own])
    own_ids = {person.id for person in own}
    others = await people.some(unit.session, [one for one in sights if one not in own_ids])
    staff = {clinician.id: clinician.code_name for clinician in await roster.everybody_of_staff(unit.session)}
    patients = sorted([*own, *others], key=lambda one: one.code_name_folded)
    return Scope(reader=reader, patients=patients, sights=sights, clinicians=staff, since=since)


async def asked(unit: Unit, within: Scope) -> AsyncGenerator[Asked]:
    """Every check-in that may leave, patient by patient, with the answers that may."""
    for start in range(0, len(within.patients), PATIENTS_AT_ONCE):
        some = {patient.id: patient for patient in within.patients[start : start + PATIENTS_AT_ONCE]}
        answers = await export.answers_of(unit.session, list(some), since=within.since)
        colleagues = {one: await care_teams.colleagues(unit.session, one) for one in within.sights if one in some}
        found = await export.checkins_of(unit.session, list(some), since=within.since)
        places = {patient_id: place for place, patient_id in enumerate(some)}
        for checkin in sorted(found, key=lambda one: places[one.patient_id]):  # within a patient they are in order
            given = answers.get(checkin.id, [])
            kept = [one for one in given if _may_leave(within, checkin, one, colleagues.get(checkin.patient_id))]
            if kept or _is_own(within, checkin.patient_id):
                yield Asked(
                    patient=some[checkin.patient_id],
                    clinician=within.clinicians.get(checkin.clinician_id, ""),
                    checkin=checkin,
                    answers=[(one, within.clinicians.get(one.about_id or 0, "")) for one in kept],
                    withheld=len(given) - len(kept),
                )


async def wrote(unit: Unit, within: Scope) -> AsyncGenerator[Wrote]:
    """What patients wrote, as far as they wrote it to this reader; nothing without one."""
    for patient in within.patients:
        sight = within.sights.get(patient.id)
        for message in await export.newest_words(unit.session, patient.id) if sight else ():
            words = messages.words_of(unit.session, message)
            if sight and words and sight.sees(Subject.REMARKS, at=message.received_at):
                yield Wrote(
                    patient=patient, checkin_id=message.checkin_id, received_at=message.received_at, words=words
                )


async def note(unit: Unit, within: Scope, *, answers: int, words: int) -> None:
    """Note that it was done, and about whom: each patient finds it among the acts in their own record."""
    reader_id = within.reader.id if within.reader else None
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="exported",
        object_kind="export",
        object_id=reader_id,
        detail={"patients": len(within.patients), "answers": answers, "words": words},
    )
    await audit.record_each(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action="exported",
        object_kind="patient",
        ids=[patient.id for patient in within.patients],
    )


def _is_own(within: Scope, patient_id: int) -> bool:
    sight = within.sights.get(patient_id)
    return sight is None or sight.is_own


def _may_leave(within: Scope, checkin: Checkin, answer: Answer, colleagues: frozenset[int] | None) -> bool:
    sight = within.sights.get(checkin.patient_id)
    if sight is None:
        return answer.domain != Domain.BOND  # a patient gives it to somebody, and an export is for nobody they know
    if answer.about_id is not None and answer.about_id in (colleagues or frozenset()):
        return _is_for(sight, about_id=answer.about_id, at=answer.answered_at)
    return sight.sees_domain(answer.domain, at=answer.answered_at)


def _is_for(sight: Sight, *, about_id: int, at: datetime) -> bool:
    """The bond with a colleague of the own clinician: the colleague's to read, or that of whom the patient chose."""
    whom = sight.routing.audience(Subject.BOND, at=at).whom
    if sight.reader_id == about_id and whom is not Whom.PERSON:
        return True
    return whom is not Whom.CLINICIAN and sight.sees(Subject.BOND, at=at)
