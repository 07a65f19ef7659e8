"""Staff hold a patient's check-ins: for a stay in hospital, a bereavement, or another reason that stays with them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from alliance.access import Action, allowed
from alliance.digest import OnHold
from alliance.enrolment import EnrolmentState, may_become
from alliance.holding import HoldReason, check_days
from alliance.local_time import instant, local_day
from alliance.not_arranged import NotArranged
from alliance.saying import Saying
from alliance.wording import Wording
from storage import audit, holds, people
from storage.tables import Enrolment, Hold, Person
from workflows.change_enrolment import stop_asking
from workflows.quiet_hours import when_welcome
from workflows.schedule import plan_anew
from workflows.speak import say
from workflows.unit import Unit
from workflows.who_stands_in import about
from workflows.words import day_in_words, next_checkin_in_words

BATCH = 200  # holds in one transaction
STILL_NEWS = timedelta(days=2)  # that check-ins are held, or go on
MIDNIGHT = time(0)


async def hold(unit: Unit, patient: Person, *, reason: HoldReason, starts_on: date, ends_on: date | None) -> Hold:
    """Hold a patient's check-ins from a day until another, or until somebody says so.

    One that begins today holds at once. The patient hears one sentence without the reason, outside quiet hours.
    A hold that lasts already takes the new reason and end, and another end is told. Raises NotArranged.
    """
    enrolment = await _enrolment(unit, patient)
    today = local_day(unit.now, patient.zone)
    check_days(starts_on, ends_on, today=today)
    current = await open_of(unit, patient)
    if current is not None and current.began_at is not None and enrolment.state != EnrolmentState.ON_HOLD:
        current.ended_at, current.next_at, current = unit.now, None, None  # it was ended by something else
    if current is not None and current.began_at is not None:
        is_other_end, row = ends_on != current.ends_on, current
        row.reason, row.ends_on = reason, ends_on
        row.next_at = _end_of(row, patient)
        if is_other_end:
            await _tell_of(unit, patient, row)
    elif current is not None:
        raise NotArranged("hold.twice", "A hold is planned for this patient already; lift that one first.")
    else:
        row = await holds.add(
            unit.session,
            Hold(
                patient_id=patient.id,
                reason=reason,
                starts_on=starts_on,
                ends_on=ends_on,
                set_by=unit.actor.person_id,
                set_at=unit.now,
                was_paused=False,
                next_at=instant(starts_on, MIDNIGHT, patient.zone),
            ),
        )
        if starts_on <= today:
            await _begin(unit, patient, enrolment, row)
    await unit.session.flush()
    await _note(unit, patient, row, "hold_set")
    return row


async def lift(unit: Unit, row: Hold) -> Person:
    """Let check-ins go on now, or call off a hold that has not begun. Raises NotArranged."""
    patient = await people.get(unit.session, row.patient_id)
    enrolment = await _enrolment(unit, patient)
    if row.ended_at is None:
        await _end(unit, patient, enrolment, row)
        await _note(unit, patient, row, "hold_lifted")
    return patient


async def begin_and_end(unit: Unit) -> int:
    """Begin the holds whose day has come, and end those whose last day is over; how many."""
    due = await holds.due(unit.session, now=unit.now, limit=BATCH)
    for row in due:
        patient = await people.get(unit.session, row.patient_id)
        enrolment = await people.enrolment(unit.session, patient.id)
        if enrolment is None:
            row.ended_at, row.next_at = unit.now, None
        elif row.began_at is None:
            await _begin(unit, patient, enrolment, row)
        else:
            await _end(unit, patient, enrolment, row)
    await unit.session.flush()
    return len(due)


async def check_may_hold(unit: Unit, patient: Person) -> None:
    """Raise NotArranged unless whoever acts may hold this patient's check-ins, and they are asked at all."""
    await _enrolment(unit, patient)


async def open_of(unit: Unit, patient: Person) -> Hold | None:
    """The hold of a patient that lasts or is to come."""
    return next(iter(await holds.not_over(unit.session, patient.id)), None)


async def on_hold(unit: Unit, caseload: Sequence[tuple[Person, Enrolment]]) -> tuple[OnHold, ...]:
    """Those of a caseload whose check-ins are held now, with the day on which they go on."""
    held = [patient for patient, enrolment in caseload if enrolment.state == EnrolmentState.ON_HOLD]
    rows = await holds.not_over_of(unit.session, [patient.id for patient in held]) if held else {}
    return tuple(_on_hold(patient, rows.get(patient.id)) for patient in held)


def _on_hold(patient: Person, row: Hold | None) -> OnHold:
    return OnHold(
        patient_id=patient.id,
        code_name=patient.code_name,
        until=row.ends_on if row else None,
        reason=row.reason if row else None,
    )


async def _begin(unit: Unit, patient: Person, enrolment: Enrolment, row: Hold) -> None:
    before = EnrolmentState(enrolment.state)
    if before is EnrolmentState.ON_HOLD:  # staff have stopped everything without a word already
        row.began_at, row.next_at = unit.now, _end_of(row, patient)
        return
    if not may_become(before, EnrolmentState.ON_HOLD):
        row.ended_at, row.next_at = unit.now, None
        return
    row.was_paused = before is EnrolmentState.PAUSED
    row.began_at, row.next_at = unit.now, _end_of(row, patient)
    enrolment.state = EnrolmentState.ON_HOLD
    await stop_asking(unit, patient, enrolment)
    wording = unit.wording(patient.language)
    text = (
        wording("hold.begins_until", day=day_in_words(row.ends_on, wording)) if row.ends_on else wording("hold.begins")
    )
    await _tell(unit, patient, text, key=f"hold:{row.id}:begins")


async def _end(unit: Unit, patient: Person, enrolment: Enrolment, row: Hold) -> None:
    row.ended_at, row.next_at = unit.now, None
    if row.began_at is None or enrolment.state != EnrolmentState.ON_HOLD:
        return
    enrolment.state = EnrolmentState.PAUSED if row.was_paused else EnrolmentState.ACTIVE
    await plan_anew(unit, patient, enrolment)
    wording = unit.wording(patient.language)
    await _tell(unit, patient, _going_on(patient, enrolment, wording), key=f"hold:{row.id}:ends")


async def _tell_of(unit: Unit, patient: Person, row: Hold) -> None:
    wording = unit.wording(patient.language)
    until = day_in_words(row.ends_on, wording) if row.ends_on else None
    text = wording("hold.begins_until", day=until) if until else wording("hold.begins")
    await _tell(unit, patient, text, key=f"hold:{row.id}:until:{row.ends_on}")


def _going_on(patient: Person, enrolment: Enrolment, wording: Wording) -> str:
    if enrolment.state == EnrolmentState.PAUSED:
        return wording("hold.over_break")
    coming = next_checkin_in_words(patient, enrolment, wording)
    return wording("pause.over", when=coming) if coming else wording("pause.over_no_next")


async def _tell(unit: Unit, patient: Person, text: str, *, key: str) -> None:
    due_at = await when_welcome(unit, patient, unit.now)
    await say(unit, patient, Saying(text=text), key=key, due_at=due_at, expires_at=due_at + STILL_NEWS)


def _end_of(row: Hold, patient: Person) -> datetime | None:
    return instant(row.ends_on, MIDNIGHT, patient.zone) if row.ends_on else None


async def _enrolment(unit: Unit, patient: Person) -> Enrolment:
    enrolment = await people.enrolment(unit.session, patient.id)
    clinician_id = enrolment.clinician_id if enrolment else None
    theirs = await about(unit, patient_id=patient.id, clinician_id=clinician_id)
    if enrolment is None or not allowed(unit.actor, Action.HOLD_CHECKINS, theirs):
        raise NotArranged("hold.not_yours", f"{patient.code_name} is not a patient whose check-ins you may hold.")
    if enrolment.state not in {EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.ON_HOLD}:
        raise NotArranged("hold.not_taking_part", f"{patient.code_name} takes no part at the moment.")
    return enrolment


async def _note(unit: Unit, patient: Person, row: Hold, action: str) -> None:
    """What the audit keeps for good is that and until when, never why."""
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id,
        action=action,
        object_kind="patient",
        object_id=patient.id,
        detail={"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat() if row.ends_on else None},
    )
