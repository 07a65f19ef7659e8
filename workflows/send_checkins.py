"""Check-ins go out when they are due, are reminded of once, and close when their time is over."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog

from alliance.asking import chosen_lines, question
from alliance.cadence import Due
from alliance.checkin import EXPIRES_AFTER, LEAST_TO_ANSWER, CheckinState
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState, pause_is_over
from alliance.local_time import instant, local_day
from alliance.programme_dates import due_of, dues_between, next_due
from alliance.saying import Saying
from storage import checkins, pages, people
from storage.tables import Checkin, Enrolment, Person
from storage.trouble import is_the_databases_own
from workflows.circumstances import Plan, plan_of
from workflows.close_checkin import close
from workflows.held_days import why_is_held
from workflows.open_gently import opening_for
from workflows.own_goals import to_name
from workflows.quiet_hours import out_of_own, when_welcome
from workflows.schedule import plan_next
from workflows.show_checkin import standing_of
from workflows.speak import say
from workflows.unit import Unit
from workflows.whom_it_means import decide_what_to_ask, named_in
from workflows.words import next_checkin_in_words

BATCH = 25  # patients in one transaction: some ten milliseconds, so that replies do not wait longer
LATE = timedelta(minutes=10)  # from here on a check-in is late and keeps out of quiet hours
TRY_AGAIN_AFTER = timedelta(minutes=5)  # after a failure that is ours

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What one tick did; ``looked_at`` are those that were due, whatever came of them."""

    looked_at: int = 0
    sent: int = 0
    missed: int = 0
    held: int = 0
    undeliverable: int = 0
    reminded: int = 0
    closed: int = 0
    resumed: int = 0


async def send_due(unit: Unit) -> Counts:
    """Send every check-in that has fallen due, once for each patient, local day and slot.

    One patient whose check-in fails is put off and reported, and delays nobody else.
    """
    states: list[CheckinState] = []
    due = await checkins.due(unit.session, now=unit.now, limit=BATCH)
    for enrolment in due:
        patient_id = enrolment.patient_id
        try:
            async with unit.session.begin_nested():
                states += await catch_up(unit, enrolment)
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("checkin_failed", patient=patient_id, cause=type(error).__name__)
            await checkins.put_off(unit.session, patient_id, until=unit.now + TRY_AGAIN_AFTER)
    return Counts(
        looked_at=len(due),
        sent=states.count(CheckinState.QUEUED),
        missed=states.count(CheckinState.MISSED),
        held=states.count(CheckinState.HELD),
        undeliverable=states.count(CheckinState.UNDELIVERABLE),
    )


async def catch_up(unit: Unit, enrolment: Enrolment) -> list[CheckinState]:
    """Ask what has fallen due for one patient, and plan the next; how the new check-ins begin.

    After a downtime the latest one is sent if there is still time to answer; those before it are written
    down as missed, by us and not by the patient.
    """
    if enrolment.next_due_at is None or enrolment.next_due_at > unit.now:
        return []
    patient = await people.get(unit.session, enrolment.patient_id)
    plan = await plan_of(unit, patient, enrolment)
    *skipped, latest = _fallen_due(unit, patient, enrolment, plan)
    states = [state for due in skipped if (state := await _pass_over(unit, patient, enrolment, plan, due)) is not None]
    await plan_next(unit, patient, enrolment, after=max(latest.due_at, unit.now))
    state = await _send(unit, patient, enrolment, plan, latest)
    return states if state is None else [*states, state]


async def _pass_over(
    unit: Unit, patient: Person, enrolment: Enrolment, plan: Plan | None, due: Due
) -> CheckinState | None:
    """Write down one that fell due in a downtime: missed by us, unless its day was held anyway."""
    state = CheckinState.HELD if await why_is_held(unit, enrolment, due.local_date) else CheckinState.MISSED
    return state if await _write_down(unit, patient, enrolment, plan, due, state) is not None else None


def _fallen_due(unit: Unit, patient: Person, enrolment: Enrolment, plan: Plan | None) -> list[Due]:
    if enrolment.next_due_at is None or enrolment.next_due_on is None or enrolment.next_slot is None:
        raise ValueError("an enrolment is due without a due date")  # checkins.due never gives one
    on, slot = enrolment.next_due_on, enrolment.next_slot
    # one that was put off after a failure is still as late as it is
    due_at = min(enrolment.next_due_at, _planned_at(on, slot, patient.zone, plan) or enrolment.next_due_at)
    first = Due(local_date=on, slot=slot, due_at=due_at)
    if plan is None:
        return [first]
    return [first, *dues_between(plan.programme, plan.around, after=first.due_at, until=unit.now)]


def _planned_at(on: date, slot: str, zone: str, plan: Plan | None) -> datetime | None:
    """The moment that a slot means by its plan, or else by its name; None for one that is not called by its time."""
    try:
        named = instant(on, time.fromisoformat(slot), zone)
    except ValueError:
        return None
    planned = due_of(plan.programme, plan.around, on=on, slot=slot) if plan else None
    return planned.due_at if planned else named


async def _send(unit: Unit, patient: Person, enrolment: Enrolment, plan: Plan | None, due: Due) -> CheckinState | None:
    """Ask, or write down why not; the state the check-in begins in, None when this slot had one already."""
    is_late = unit.now - due.due_at > LATE
    send_at = await (when_welcome if is_late else out_of_own)(unit, patient, unit.now)
    state = CheckinState.QUEUED
    if (is_late or send_at > unit.now) and send_at + LEAST_TO_ANSWER > _expires_at(plan, due):
        state = CheckinState.MISSED
    elif patient.blocked_at is not None or patient.chat_id is None:
        state = CheckinState.UNDELIVERABLE
    if await why_is_held(unit, enrolment, due.local_date):
        state = CheckinState.HELD
    checkin = await _write_down(unit, patient, enrolment, plan, due, state)
    if checkin is None:
        return None
    if state is CheckinState.QUEUED:
        for earlier in await checkins.still_open(unit.session, patient.id):
            if earlier.id != checkin.id:
                await close(unit, earlier)  # never two open check-ins
        opening = await opening_for(unit, checkin)
        await _ask(unit, patient, checkin, key=f"checkin:{checkin.id}", due_at=send_at, opening=opening)
    return state


def _expires_at(plan: Plan | None, due: Due) -> datetime:
    following = next_due(plan.programme, plan.around, after=due.due_at) if plan else None
    latest = due.due_at + EXPIRES_AFTER
    return min(latest, following.due_at) if following else latest


async def _write_down(
    unit: Unit, patient: Person, enrolment: Enrolment, plan: Plan | None, due: Due, state: CheckinState
) -> Checkin | None:
    language = patient.language if patient.language in unit.clinic.instrument.languages else "en"
    asked = await decide_what_to_ask(unit, enrolment)
    return await checkins.claim(
        unit.session,
        Checkin(
            patient_id=patient.id,
            clinician_id=enrolment.clinician_id,
            local_date=due.local_date,
            slot=due.slot,
            instrument=unit.clinic.instrument.name,
            form=asked.form,
            bond_about_id=asked.bond_about_id,
            language=language,
            state=state,
            remark_open=False,
            due_at=due.due_at,
            expires_at=_expires_at(plan, due),
            ended_at=None if state is CheckinState.QUEUED else unit.now,
        ),
    )


async def _ask(
    unit: Unit, patient: Person, checkin: Checkin, *, key: str, due_at: datetime, opening: str | None = None
) -> None:
    """Put the question that is open into a new message, with a sentence before it where there is a reason for one."""
    standing = await standing_of(unit, checkin)
    item = standing.waiting_for or standing.instrument.items[-1]
    wording, named = unit.wording(checkin.language), await named_in(unit, checkin)
    saying = question(
        wording,
        standing.instrument,
        item,
        checkin_id=checkin.id,
        clinician=named.clinician,
        bond_with=named.bond_with,
        opening=wording(opening) if opening else None,
        given=chosen_lines(wording, standing, clinician=named.clinician, bond_with=named.bond_with),
        goals=await to_name(unit, patient.id, item),
    )
    await pages.expect(unit.session, checkin.id, page=item.id, post_key=key)
    await say(
        unit,
        patient,
        saying,
        lane=Lane.CHECKIN,
        key=key,
        due_at=due_at,
        expires_at=checkin.expires_at,
        only_while_enrolled=True,
        checkin_id=checkin.id,
    )


async def remind(unit: Unit) -> Counts:
    """Come back with check-ins that wait for an answer, each going on where its person stopped.

    Once by itself, and whenever a person has asked for it at a later time.
    """
    reminded = 0
    due = await checkins.to_remind(unit.session, now=unit.now, limit=BATCH)
    for checkin in due:
        patient = await people.get(unit.session, checkin.patient_id)
        quiet_ends = await when_welcome(unit, patient, unit.now)
        is_asked_for = checkin.later_at is not None
        is_holiday = unit.clinic.is_holiday(local_day(unit.now, patient.zone)) and not is_asked_for
        if is_holiday or quiet_ends + LEAST_TO_ANSWER > checkin.expires_at:
            checkin.remind_at = checkin.later_at = None
        elif quiet_ends > unit.now:
            checkin.remind_at = quiet_ends
        else:
            await _come_back(unit, patient, checkin)
            reminded += 1
    await unit.session.flush()
    return Counts(looked_at=len(due), reminded=reminded)


async def _come_back(unit: Unit, patient: Person, checkin: Checkin) -> None:
    key, opening = f"checkin:{checkin.id}:reminder", "checkin.reminder"
    if checkin.later_at is not None:
        key, opening = f"checkin:{checkin.id}:later.{int(checkin.later_at.timestamp())}", "checkin.later.again"
    checkin.remind_at = checkin.later_at = None
    await _ask(unit, patient, checkin, key=key, due_at=unit.now, opening=opening)


async def close_due(unit: Unit) -> Counts:
    """Close check-ins whose time is over, kindly, and look at what the silence may mean."""
    due = await checkins.to_close(unit.session, now=unit.now, limit=BATCH)
    for checkin in due:
        await close(unit, checkin)
    await unit.session.flush()
    return Counts(looked_at=len(due), closed=len(due))


async def resume_paused(unit: Unit) -> Counts:
    """End pauses whose day has come, and say so."""
    resumed = 0
    for patient, enrolment in await people.paused_with_an_end(unit.session):
        today = local_day(unit.now, patient.zone)
        if not pause_is_over(paused_until=enrolment.paused_until, today=today):
            continue
        if await when_welcome(unit, patient, unit.now) > unit.now:
            continue
        enrolment.state, enrolment.paused_until = EnrolmentState.ACTIVE, None
        await plan_next(unit, patient, enrolment, after=unit.now)
        wording = unit.wording(patient.language)
        coming = next_checkin_in_words(patient, enrolment, wording)
        text = wording("pause.over", when=coming) if coming else wording("pause.over_no_next")
        await say(unit, patient, Saying(text=text))
        resumed += 1
    return Counts(resumed=resumed)
