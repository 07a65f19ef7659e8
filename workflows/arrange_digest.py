"""One clinician's digest, put together from what is kept: who needs attention, why, and who answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from alliance.audience import Subject
from alliance.checkin import CheckinState
from alliance.digest import AlertLine, Digest, Numbers, Wrote, arrange
from alliance.digest_json import as_json, from_json
from alliance.enrolment import ENDED, EnrolmentState
from alliance.local_time import local_day
from alliance.sight import Sight
from storage import alerts, checkins, digests, messages, people
from storage.tables import Digest as Stored
from storage.tables import Enrolment, Person
from workflows.approve_rules import is_everything_approved
from workflows.arrange_flags import arrange_flags
from workflows.sights import sights_for, whose
from workflows.tell_explained import explained_to
from workflows.tell_followed import improving_lines, not_repaired_lines, recovered_lines, waiting_lines
from workflows.unit import Unit

OVERLAP = timedelta(minutes=10)  # longer than any transaction, and than a clock is ever stepped back quietly
FIRST_LOOK_BACK = timedelta(days=1)  # what the very first digest covers at least, else all since the invitation

Caseload = Sequence[tuple[Person, Enrolment]]


async def kept_or_now(unit: Unit, clinician: Person, on: date | None) -> Mapping[str, object]:
    """The same as plain values: of a digest that was sent, exactly what was kept of it."""
    sent = await digests.on(unit.session, clinician.id, on or local_day(unit.now, clinician.zone))
    return sent.content if sent is not None else as_json(await stored_or_now(unit, clinician, on))


async def stored_or_now(unit: Unit, clinician: Person, on: date | None) -> Digest:
    """The digest as it was sent on that date, or as it would be sent now; raises LookupError for a past without one."""
    day = on or local_day(unit.now, clinician.zone)
    sent = await digests.on(unit.session, clinician.id, day)
    if sent is not None:
        return from_json(sent.content)
    if on is not None and on < local_day(unit.now, clinician.zone):
        raise LookupError(f"No digest was sent to {clinician.code_name} on {on}.")
    return await arranged(unit, clinician, day)


async def arranged(unit: Unit, clinician: Person, on: date) -> Digest:
    """Everything one clinician is told on one date."""
    everyone = await people.caseload(unit.session, clinician.id)
    caseload = [(patient, enrolment) for patient, enrolment in everyone if enrolment.state not in ENDED]
    last = await digests.latest_that_arrived(unit.session, clinician.id)
    since = last.built_at if last else min(clinician.created_at, unit.now - FIRST_LOOK_BACK)
    patients = {patient.id: patient for patient, _ in caseload}
    sights = await sights_for(unit, clinician, own=[patient.id for patient, _ in everyone])
    of_others = await _of_others(unit, sights)
    readable = {**patients, **{patient.id: patient for patient, _ in of_others}}
    explained = await explained_to(
        unit,
        clinician,
        {patient.id: patient for patient, _ in (*everyone, *of_others)},
        sights,
        after=since - OVERLAP,
        told=from_json(last.content).explained if last else (),
    )
    signs = await arrange_flags(unit, clinician, readable, sights, since=since, on=on)
    callers = {line.patient_id for line in explained if line.wants_contact}
    return Digest(
        clinician=clinician.code_name,
        on=on,
        zone=clinician.zone,
        covers_from=since,
        caseload=sum(1 for _, enrolment in caseload if enrolment.state == EnrolmentState.ACTIVE),
        alerts=await _alert_lines(unit, {patient.id: patient for patient, _ in everyone}, since),
        flags=arrange(signs.cards),
        wrote=await _wrote(unit, (*everyone, *of_others), sights, since, told=_told_in(last)),
        undeliverable=tuple(patient.code_name for patient in patients.values() if patient.blocked_at),
        left=_left(everyone, since),
        numbers=_numbers(await checkins.how_many(unit.session, clinician.id, after=since, until=unit.now)),
        recovered=await recovered_lines(unit, clinician, readable, sights, since=since),
        rules_approved=await is_everything_approved(unit),
        explained=explained,
        waiting=waiting_lines(
            signs.waits,
            patients,
            told_already=callers | {card.patient_id for card in signs.cards},
            on=on,
            zone=clinician.zone,
        ),
        improving=await improving_lines(unit, clinician, readable, signs.cards, since=since),
        not_repaired=await not_repaired_lines(unit, clinician, readable, since=since),
        with_colleagues=signs.with_colleagues,
    )


async def _of_others(unit: Unit, sights: Mapping[int, Sight]) -> list[tuple[Person, Enrolment]]:
    """Patients of others who have chosen this reader and take part, by code name."""
    found: list[tuple[Person, Enrolment]] = []
    for patient_id, sight in sights.items():
        enrolment = None if sight.is_own else await people.enrolment(unit.session, patient_id)
        if enrolment is not None and enrolment.state not in ENDED:
            found.append((await people.get(unit.session, patient_id), enrolment))
    return sorted(found, key=lambda one: one[0].code_name)


def _left(caseload: Caseload, since: datetime) -> tuple[str, ...]:
    return tuple(
        patient.code_name
        for patient, enrolment in caseload
        if enrolment.state == EnrolmentState.LEFT and enrolment.ended_at and enrolment.ended_at > since
    )


async def _alert_lines(unit: Unit, patients: dict[int, Person], since: datetime) -> tuple[AlertLine, ...]:
    lines: list[AlertLine] = []
    for alert in await alerts.for_patients(unit.session, list(patients), since=since):
        owner = await people.get(unit.session, alert.acknowledged_by) if alert.acknowledged_by else None
        lines.append(
            AlertLine(
                alert_id=alert.id,
                code_name=patients[alert.patient_id or 0].code_name,
                cause=alert.cause,
                raised_at=alert.raised_at,
                state=alert.state,
                acknowledged_by=owner.code_name if owner else None,
            )
        )
    return tuple(lines)


def _told_in(last: Stored | None) -> frozenset[int]:
    """The messages that the digest before this one named."""
    if last is None:
        return frozenset()
    return frozenset(row for line in from_json(last.content).wrote for row in line.message_rows)


async def _wrote(
    unit: Unit, caseload: Caseload, sights: Mapping[int, Sight], since: datetime, *, told: frozenset[int]
) -> tuple[Wrote, ...]:
    lines: list[Wrote] = []
    ids = [patient.id for patient, _ in caseload]
    # the two digests overlap: a message committed while the last one was being arranged is not lost
    found = await messages.between_of(unit.session, ids, after=since - OVERLAP, until=unit.now)
    for patient, _ in caseload:
        sight = sights[patient.id]
        given = [row for row in found.get(patient.id, ()) if sight.sees(Subject.REMARKS, at=row.received_at)]
        rows = [row for row in given if row.id not in told]
        if rows:
            lines.append(
                Wrote(
                    patient_id=patient.id,
                    code_name=patient.code_name,
                    messages=len({row.message_id for row in rows}),
                    unscreened=sum(1 for row in rows if row.screening == "unscreened"),
                    message_rows=tuple(row.id for row in rows),
                    clinician=await whose(unit, sight),
                )
            )
    return tuple(lines)


def _numbers(rows: Sequence[tuple[CheckinState, bool, int]]) -> Numbers:
    """Each check-in is counted in the digest after it came to its end, and until then as still open."""

    def count(*states: CheckinState, answered: bool | None = None) -> int:
        return sum(number for state, given, number in rows if state in states and answered in (None, given))

    return Numbers(
        asked=count(*(state for state in CheckinState if state is not CheckinState.CANCELLED)),
        answered=count(CheckinState.ANSWERED),
        partly=count(CheckinState.EXPIRED, answered=True),
        still_open=count(CheckinState.OPEN, CheckinState.QUEUED),
        unanswered=count(CheckinState.EXPIRED, answered=False),
        undeliverable=count(CheckinState.UNDELIVERABLE),
        uncertain=count(CheckinState.UNCERTAIN),
        missed=count(CheckinState.MISSED),
    )
