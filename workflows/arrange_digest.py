"""One clinician's digest, put together from what is kept: who needs attention, why, and who answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from alliance.audience import Subject
from alliance.checkin import CheckinState
from alliance.digest import AlertLine, Digest, Explained, Numbers, Wrote, arrange
from alliance.digest_json import as_json, from_json
from alliance.enrolment import ENDED, EnrolmentState
from alliance.local_time import local_day
from alliance.sight import Sight
from storage import alerts, checkins, digests, messages, people
from storage.flags_to_tell import flags_to_tell
from storage.tables import Enrolment, Person
from workflows.after_leave import looked_after
from workflows.approve_rules import is_everything_approved
from workflows.arrange_flags import arrange_flags, lines_about
from workflows.given_lately import Part, given_lately, parts_of
from workflows.hold_checkins import on_hold
from workflows.sights import sights_for, whose
from workflows.tell_about_you import said_about
from workflows.tell_agreements import agreement_lines
from workflows.tell_explained import explained_to
from workflows.tell_followed import improving_lines, not_repaired_lines, recovered_lines, waiting_lines
from workflows.unit import Unit
from workflows.week_before import week_before

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


async def arranged(
    unit: Unit, clinician: Person, on: date, *, reader: Person | None = None, back_on: date | None = None
) -> Digest:
    """Everything one clinician is told on one date; ``reader`` is the colleague who reads it while she is away."""
    reads = reader or clinician
    is_hers = reads.id == clinician.id
    everyone = await people.caseload(unit.session, clinician.id)
    caseload = [(patient, enrolment) for patient, enrolment in everyone if enrolment.state not in ENDED]
    last = await digests.latest_that_arrived(unit.session, clinician.id, by_herself=is_hers)
    since = last.built_at if last else min(clinician.created_at, unit.now - FIRST_LOOK_BACK)
    given = await given_lately(unit, clinician, since=since)
    parts = parts_of({patient.id: patient for patient, _ in everyone}, since=since, given=given)
    patients = {patient.id: patient for patient, _ in caseload}
    own_flags = await flags_to_tell(unit.session, clinician.id, since=since)
    back = looked_after(own_flags.acted_on_by_others)
    told = from_json(last.content) if last else None
    sights = await sights_for(unit, clinician, own=[patient.id for patient, _ in everyone])
    # what patients of others have given to her is for her alone: nobody reads it in her place
    of_others = await _of_others(unit, sights) if is_hers else []
    others = {patient.id: patient for patient, _ in of_others}
    readable = {**patients, **others}
    explained = await _explained(unit, clinician, parts, others, sights, told.explained if told else ())
    signs = await arrange_flags(
        unit, clinician, own_flags, readable, sights, reader=reads, come_back=back.open, since=since, on=on
    )
    callers = {line.patient_id for line in explained if line.wants_contact}
    return Digest(
        clinician=clinician.code_name,
        on=on,
        zone=reads.zone,
        covers_from=since,
        caseload=sum(1 for _, enrolment in caseload if enrolment.state == EnrolmentState.ACTIVE),
        alerts=tuple([line for part in parts for line in await _alert_lines(unit, part.patients, part.since)]),
        flags=arrange(signs.cards),
        wrote=await _wrote(unit, (*everyone, *of_others), parts, sights, told=_told_in(told), since=since),
        undeliverable=tuple(patient.code_name for patient in patients.values() if patient.blocked_at),
        left=_left(everyone, since),
        numbers=await _numbers(unit, clinician, parts),
        recovered=await recovered_lines(unit, clinician, own_flags, readable, sights),
        rules_approved=await is_everything_approved(unit),
        explained=explained,
        waiting=waiting_lines(
            signs.waits,
            patients,
            told_already=callers | {card.patient_id for card in signs.cards},
            on=on,
            zone=reads.zone,
        ),
        improving=await improving_lines(unit, clinician, own_flags, readable, signs.cards, since=since),
        not_repaired=await not_repaired_lines(unit, clinician, own_flags, readable),
        about_you=await said_about(
            unit, clinician, readable, sights, after=since - OVERLAP, told=told.about_you if told else ()
        )
        if is_hers  # what was given to her alone, nobody reads in her place
        else (),
        with_colleagues=signs.with_colleagues,
        reader=None if is_hers else reads.code_name,
        back_on=back_on,
        settled=await lines_about(unit, back.settled, patients, sights, own_flags.put_off, reader=reads, since=since)
        if is_hers
        else (),
        given=tuple(patients[one].code_name for one in given if one in patients) if is_hers else (),
        on_hold=await on_hold(unit, caseload),
        agreements=await agreement_lines(unit, patients, since=since, zone=reads.zone),
        week=await week_before(unit, clinician, on, last_on=last.local_date if last else None) if is_hers else None,
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


async def _explained(
    unit: Unit,
    clinician: Person,
    parts: Sequence[Part],
    others: Mapping[int, Person],
    sights: Mapping[int, Sight],
    told: Sequence[Explained],
) -> tuple[Explained, ...]:
    """What was explained since then, for each part of the caseload; ``others`` belong to the first part."""
    lines: list[Explained] = []
    for part in parts:
        patients = {**part.patients, **others} if part is parts[0] else part.patients
        lines += await explained_to(unit, clinician, patients, sights, after=part.since - OVERLAP, told=told)
    return tuple(lines)


def _told_in(last: Digest | None) -> frozenset[int]:
    """The messages that the digest before this one named."""
    return frozenset(row for line in last.wrote for row in line.message_rows) if last else frozenset()


async def _wrote(
    unit: Unit,
    caseload: Caseload,
    parts: Sequence[Part],
    sights: Mapping[int, Sight],
    *,
    told: frozenset[int],
    since: datetime,
) -> tuple[Wrote, ...]:
    earliest = min(part.since for part in parts)
    begins = {patient_id: part.since for part in parts for patient_id in part.patients}
    lines: list[Wrote] = []
    ids = [patient.id for patient, _ in caseload]
    # the two digests overlap: a message committed while the last one was being arranged is not lost
    found = await messages.between_of(unit.session, ids, after=earliest - OVERLAP, until=unit.now)
    for patient, _ in caseload:
        sight, after = sights[patient.id], begins.get(patient.id, since) - OVERLAP
        given = [
            row
            for row in found.get(patient.id, ())
            if row.received_at > after and sight.sees(Subject.REMARKS, at=row.received_at)
        ]
        rows = [row for row in given if row.id not in told]
        if rows:
            lines.append(
                Wrote(
                    patient_id=patient.id,
                    code_name=patient.code_name,
                    messages=len({row.thought or row.message_id for row in rows}),
                    unscreened=sum(1 for row in rows if row.screening == "unscreened"),
                    message_rows=tuple(row.id for row in rows),
                    clinician=await whose(unit, sight),
                )
            )
    return tuple(lines)


async def _numbers(unit: Unit, clinician: Person, parts: Sequence[Part]) -> Numbers:
    """Each check-in is counted in the digest after it came to its end, and until then as still open.

    One that was not finished is partly answered as soon as somebody replied, as the detector has it.
    """
    all_along, *given = parts
    rows = list(await checkins.how_many(unit.session, clinician.id, after=all_along.since, until=unit.now))
    for part in given:  # what came to its end before her own last digest, and was told to nobody
        rows += await checkins.how_many(
            unit.session,
            clinician.id,
            after=part.since,
            until=unit.now,
            of=list(part.patients),
            ended_by=all_along.since,
        )

    def count(*states: CheckinState, answered: bool | None = None) -> int:
        return sum(number for state, given, number in rows if state in states and answered in (None, given))

    return Numbers(
        asked=count(*(state for state in CheckinState if state not in {CheckinState.CANCELLED, CheckinState.HELD})),
        answered=count(CheckinState.ANSWERED),
        partly=count(CheckinState.EXPIRED, answered=True),
        still_open=count(CheckinState.OPEN, CheckinState.QUEUED),
        unanswered=count(CheckinState.EXPIRED, answered=False),
        undeliverable=count(CheckinState.UNDELIVERABLE),
        uncertain=count(CheckinState.UNCERTAIN),
        missed=count(CheckinState.MISSED),
        held=count(CheckinState.HELD),
    )
