"""The brief before a visit: put together when it is asked for, and sent by itself on the morning of the visit."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from alliance.access import About, Action, allowed
from alliance.brief import SHOWN_CHECKINS, SHOWN_RATINGS, Brief, LastAgreement, Trend
from alliance.brief_words import as_message
from alliance.clinician_rating import HOLDS_FOR, ORDER
from alliance.delivery import Lane
from alliance.digest import FlagLine
from alliance.enrolment import ENDED, EnrolmentState
from alliance.flags import FlagState
from alliance.items import Domain
from alliance.local_time import local_day
from alliance.people import Actor
from alliance.visits import VisitState
from storage import agreements, answers, clinician_ratings, flags, outbox, people, visits
from storage.tables import Enrolment, Person, Visit
from storage.trouble import is_the_databases_own
from workflows.flag_line import flag_line
from workflows.keep_course import usual_ranges
from workflows.observe_for import visible_to
from workflows.plan_visits import brief_key
from workflows.sights import sights_of
from workflows.speak import say
from workflows.tell_explained import explained_lately
from workflows.tell_followed import who_waits
from workflows.unit import Unit

BATCH = 50  # visits in one transaction
TRY_AGAIN_AFTER = timedelta(minutes=5)  # after a failure that is ours
LOOKS_BACK = timedelta(days=28)  # for what was explained, where no visit has taken place since

log = structlog.get_logger()


async def send_due(unit: Unit) -> int:
    """Send every brief that has fallen due, once for each visit and its day; how many.

    A brief that comes too late for its visit, or is about somebody who is not this clinician's any more, is not sent.
    One that fails is put off and reported, and delays nobody else's.
    """
    sent = 0
    for visit in await visits.brief_due(unit.session, now=unit.now, limit=BATCH):
        visit_id = visit.id
        try:
            async with unit.session.begin_nested():
                sent += await _send_one(unit, visit)
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("brief_failed", visit=visit_id, cause=type(error).__name__)
            await visits.put_off(unit.session, visit_id, until=unit.now + TRY_AGAIN_AFTER)
    return sent


async def _send_one(unit: Unit, visit: Visit) -> int:
    visit.brief_at = None
    clinician, patient = await people.some(unit.session, [visit.clinician_id, visit.patient_id])
    actor = await people.actor(unit.session, clinician, now=unit.now)
    enrolment = await readable(unit, actor, patient)
    if enrolment is None or visit.starts_at <= unit.now or clinician.chat_id is None:
        await unit.session.flush()
        return 0
    brief_of_today = brief_key(visit, clinician)
    if await outbox.last_key(unit.session, chat_id=clinician.chat_id, beginning=brief_of_today) is not None:
        return 0  # it was moved within the day
    brief = await make_brief(unit, patient, clinician, enrolment, starts_at=visit.starts_at)
    await say(
        unit,
        clinician,
        as_message(brief, wording=unit.wording(clinician.language)),
        lane=Lane.DIGEST,
        key=f"{brief_of_today}{unit.origin}",
        expires_at=visit.starts_at,
    )
    return 1


async def readable(unit: Unit, actor: Actor, patient: Person) -> Enrolment | None:
    """The enrolment of a patient about whom this actor may read a brief; None for any other."""
    enrolment = await people.enrolment(unit.session, patient.id)
    if enrolment is None or enrolment.state in {EnrolmentState.INVITED, *ENDED}:
        return None
    about = About(patient_id=patient.id, clinician_id=enrolment.clinician_id)
    return enrolment if allowed(actor, Action.READ_BRIEF, about) else None


async def make_brief(
    unit: Unit, patient: Person, clinician: Person, enrolment: Enrolment, *, starts_at: datetime | None
) -> Brief:
    """What one clinician should know of one of her patients now."""
    since = await _since(unit, patient)
    today = local_day(unit.now, clinician.zone)
    sight = (await sights_of(unit, patient.id))[0]  # a brief is the own clinician's
    rows = await answers.delivered(unit.session, patient.id, limit=SHOWN_CHECKINS)
    if not sight.is_whole:
        rows = await visible_to(unit, sight, rows)
    told = [by_domain for checkin, by_domain in rows if by_domain or checkin.ended_at is not None]
    flags_now = await _flags(unit, patient, clinician, since)
    waits = (await who_waits(unit, clinician, [patient.id], {patient.id: sight})).get(patient.id)
    return Brief(
        patient_id=patient.id,
        code_name=patient.code_name,
        clinician=clinician.code_name,
        zone=clinician.zone,
        on=today,
        starts_at=starts_at or await _next_visit(unit, patient, clinician),
        asked=len(told),
        answered=sum(1 for by_domain in told if by_domain),
        trends=await _trends(unit, patient, clinician, told),
        flags=flags_now,
        explained=await explained_lately(unit, patient, sight, since=since),
        waiting_since=local_day(waits[0], clinician.zone) if waits else None,
        wants_call=waits is not None and waits[1],
        agreement=await _agreement(unit, patient, clinician),
        is_asked_now=enrolment.state == EnrolmentState.ACTIVE,
    )


async def _since(unit: Unit, patient: Person) -> datetime:
    """The last visit that took place, where it is not long ago."""
    last = await visits.last_done(unit.session, patient.id)
    earliest = unit.now - LOOKS_BACK
    return max(last.starts_at, earliest) if last else earliest


async def _next_visit(unit: Unit, patient: Person, clinician: Person) -> datetime | None:
    rows = await visits.of_patient(unit.session, patient.id)
    return next(
        (
            row.starts_at
            for row in rows
            if row.state == VisitState.PLANNED and row.clinician_id == clinician.id and row.starts_at > unit.now
        ),
        None,
    )


async def _trends(
    unit: Unit, patient: Person, clinician: Person, told: Sequence[Mapping[str, Sequence[float]]]
) -> tuple[Trend, ...]:
    instrument = unit.clinic.instrument
    span = instrument.highest - instrument.lowest
    usual = await usual_ranges(unit, patient.id)
    own = await clinician_ratings.latest_given(
        unit.session, patient.id, clinician_id=clinician.id, until=unit.now, within=HOLDS_FOR
    )

    def on_scale(fraction: float) -> float:
        return round(instrument.lowest + fraction * span, 1)

    def trend(domain: Domain) -> Trend:
        known = usual.get(domain)
        given = [each[domain] for each in told if domain in each]
        return Trend(
            domain=domain,
            latest=tuple(on_scale(sum(each) / len(each)) for each in given[-SHOWN_RATINGS:]),
            usual_low=on_scale(known.low) if known else None,
            usual_high=on_scale(known.high) if known else None,
            highest=instrument.highest,
            own={Domain.GOAL: own.goal, Domain.TASK: own.task, Domain.BOND: own.bond}[domain] if own else None,
            own_on=local_day(own.ended_at, clinician.zone) if own and own.ended_at else None,
        )

    asked = {item.domain for item in instrument.items}
    return tuple(trend(domain) for domain in ORDER if domain in asked)


async def _flags(unit: Unit, patient: Person, clinician: Person, since: datetime) -> tuple[FlagLine, ...]:
    live = [
        flag
        for flag in await flags.live_of(unit.session, patient.id, reader_id=None)
        if flag.clinician_id == clinician.id
    ]
    live.sort(key=lambda flag: (flag.state != FlagState.RAISED, -flag.strength, flag.id))
    lines = [
        await flag_line(unit, flag, patient, since=since, language=clinician.language, reader=clinician)
        for flag in live
    ]
    return tuple(lines)


async def _agreement(unit: Unit, patient: Person, clinician: Person) -> LastAgreement | None:
    row = await agreements.newest(unit.session, patient.id)
    if row is None:
        return None
    return LastAgreement(
        state=row.state,
        version=row.version,
        sent_on=local_day(row.sent_at, clinician.zone),
        answered_on=local_day(row.answered_at, clinician.zone) if row.answered_at else None,
    )
