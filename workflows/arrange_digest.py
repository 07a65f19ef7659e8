"""One clinician's digest, put together from what is kept: who needs attention, why, and who answered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from alliance.checkin import CheckinState
from alliance.digest import AlertLine, Digest, FlagLine, Numbers, Recovered, Wrote, arrange
from alliance.digest_json import from_json
from alliance.enrolment import ENDED, EnrolmentState
from alliance.flags import FlagState
from alliance.local_time import local_day
from storage import alerts, checkins, digests, flags, messages, people
from storage.tables import Checkin, Enrolment, Person
from storage.tables import Digest as Stored
from workflows.approve_rules import is_everything_approved
from workflows.flag_line import flag_line
from workflows.tell_about_you import said_about
from workflows.tell_explained import explained_to
from workflows.unit import Unit

OVERLAP = timedelta(minutes=10)  # longer than any transaction, and than a clock is ever stepped back quietly
FIRST_LOOK_BACK = timedelta(days=1)  # what the very first digest covers at least, else all since the invitation

Caseload = Sequence[tuple[Person, Enrolment]]


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
    return Digest(
        clinician=clinician.code_name,
        on=on,
        zone=clinician.zone,
        covers_from=since,
        caseload=sum(1 for _, enrolment in caseload if enrolment.state == EnrolmentState.ACTIVE),
        alerts=await _alert_lines(unit, {patient.id: patient for patient, _ in everyone}, since),
        flags=arrange(await _flag_lines(unit, clinician, patients, since)),
        wrote=await _wrote(unit, everyone, since, told=_told_in(last)),
        undeliverable=tuple(patient.code_name for patient in patients.values() if patient.blocked_at),
        left=_left(everyone, since),
        numbers=_numbers(
            await checkins.with_replies(unit.session, clinician.id, after=since, until=unit.now), since=since
        ),
        recovered=await _recovered(unit, clinician, patients, since),
        rules_approved=await is_everything_approved(unit),
        explained=await explained_to(
            unit,
            clinician,
            {patient.id: patient for patient, _ in everyone},
            after=since - OVERLAP,
            told=from_json(last.content).explained if last else (),
        ),
        about_you=await said_about(
            unit, clinician, after=since - OVERLAP, told=from_json(last.content).about_you if last else ()
        ),
    )


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


async def _flag_lines(unit: Unit, clinician: Person, patients: dict[int, Person], since: datetime) -> list[FlagLine]:
    """Flags nobody has looked at yet; one that was is with the clinician, not in the digest."""
    return [
        await flag_line(unit, flag, patients[flag.patient_id], since=since, language=clinician.language)
        for flag in await flags.open_for(unit.session, clinician.id)
        if flag.state == FlagState.RAISED and flag.patient_id in patients
    ]


async def _recovered(
    unit: Unit, clinician: Person, patients: dict[int, Person], since: datetime
) -> tuple[Recovered, ...]:
    return tuple(
        Recovered(
            code_name=patients[flag.patient_id].code_name,
            domain=flag.domain,
            days=int(_number(flag.reason.get("days")) or 0),
            was_short=bool(flag.reason.get("was_short")),
        )
        for flag in await flags.repaired_of(unit.session, clinician.id, since=since)
        if flag.patient_id in patients
    )


def _told_in(last: Stored | None) -> frozenset[int]:
    """The messages that the digest before this one named."""
    if last is None:
        return frozenset()
    return frozenset(row for line in from_json(last.content).wrote for row in line.message_rows)


async def _wrote(unit: Unit, caseload: Caseload, since: datetime, *, told: frozenset[int]) -> tuple[Wrote, ...]:
    lines: list[Wrote] = []
    for patient, _ in caseload:
        # the two digests overlap: a message committed while the last one was being arranged is not lost
        found = await messages.between(unit.session, patient.id, after=since - OVERLAP, until=unit.now)
        rows = [row for row in found if row.id not in told]
        if rows:
            lines.append(
                Wrote(
                    patient_id=patient.id,
                    code_name=patient.code_name,
                    messages=len({row.thought or row.message_id for row in rows}),
                    unscreened=sum(1 for row in rows if row.screening == "unscreened"),
                    message_rows=tuple(row.id for row in rows),
                )
            )
    return tuple(lines)


def _numbers(rows: Sequence[tuple[Checkin, bool]], *, since: datetime) -> Numbers:
    """Each check-in is counted in the digest after it came to its end, and until then as still open.

    One that was not finished is partly answered as soon as somebody replied, as the detector has it.
    """
    counted = [(c, replied) for c, replied in rows if c.ended_at is None or c.ended_at > since]

    def count(state: CheckinState) -> int:
        return sum(1 for checkin, _ in counted if checkin.state == state)

    unfinished = [replied for checkin, replied in counted if checkin.state == CheckinState.EXPIRED]
    return Numbers(
        asked=sum(1 for checkin, _ in counted if checkin.state != CheckinState.CANCELLED),
        answered=count(CheckinState.ANSWERED),
        partly=sum(1 for replied in unfinished if replied),
        still_open=count(CheckinState.OPEN) + count(CheckinState.QUEUED),
        unanswered=sum(1 for replied in unfinished if not replied),
        undeliverable=count(CheckinState.UNDELIVERABLE),
        uncertain=count(CheckinState.UNCERTAIN),
        missed=count(CheckinState.MISSED),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
