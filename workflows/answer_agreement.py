"""A patient answers what was written down after a visit: it sounds fair, or something should change."""

import structlog

from alliance import agreement_pages as pages
from alliance.access import About, Action, allowed
from alliance.agreement import AgreementState, Reply, after_reply, from_words
from alliance.delivery import Lane
from alliance.enrolment import ENDED, EnrolmentState
from alliance.flag_reason import with_heard
from alliance.flags import FlagState, Resolution
from alliance.kind import RuptureKind
from alliance.listening import listened
from alliance.local_time import local_day
from alliance.marker import RULES, Signal
from alliance.presses import Place
from alliance.saying import Saying
from alliance.visit_presses import AnswerAgreement
from storage import agreements, audit, flags, people, preferences
from storage.tables import Agreement, Flag, Message, Person
from storage.trouble import is_the_databases_own
from workflows.page import turn
from workflows.schedule import plan_again
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clinician_name, day_in_words
from workflows.write_agreement import proposal_of

BATCH = 50  # proposals in one transaction
CLEAR = 0.7  # strength of the flag: the patient has said it, no rule has guessed

log = structlog.get_logger()


async def answer(unit: Unit, patient: Person, press: AnswerAgreement, *, message_id: int) -> str | None:
    """Take a patient's answer to one version; the key of a toast, if one is due.

    Both answers count at any time while it is the newest version, also the other one later. A version that is not
    the newest any more says so and takes none.
    """
    row = await agreements.get(unit.session, press.agreement_id)
    enrolment = await people.enrolment(unit.session, patient.id)
    if row is None or row.patient_id != patient.id or enrolment is None:
        return "toast.unknown"
    if not allowed(unit.actor, Action.ANSWER_AGREEMENT, About(patient_id=patient.id)) or enrolment.state in ENDED:
        return "toast.no_longer_open"
    newest = await agreements.newest(unit.session, patient.id)
    if newest is None or newest.id != row.id:
        page = await _page(unit, patient, row, state=AgreementState.REPLACED)
        await turn(unit, patient, page, message_id=message_id)
        return "toast.no_longer_open"
    if press.reply is not None:
        await _take(unit, patient, row, press.reply)
    if press.reply is Reply.CHANGE:
        await preferences.wait_for(unit.session, patient.id, Place.AGREEMENT, now=unit.now)
        clinician = await clinician_name(unit, row.clinician_id)
        page = pages.ask_what(unit.wording(), agreement_id=row.id, clinician=clinician)
    else:
        page = await _page(unit, patient, row, state=AgreementState(row.state))
    await turn(unit, patient, page, message_id=message_id)
    return None


async def show_newest(unit: Unit, patient: Person) -> None:
    """/agreed: the newest version with its answers, as a message of its own."""
    enrolment = await people.enrolment(unit.session, patient.id)
    row = await agreements.newest(unit.session, patient.id)
    if enrolment is None or row is None or enrolment.state in {EnrolmentState.INVITED, *ENDED}:
        await say(unit, patient, Saying(text=unit.wording()("agreement.none")))
    elif row.state in {AgreementState.PROPOSED, AgreementState.UNANSWERED}:
        await say(unit, patient, await proposal_of(unit, patient, row))
    else:
        await say(unit, patient, await _page(unit, patient, row, state=AgreementState(row.state)))


async def take_sentence(unit: Unit, patient: Person, message: Message | None) -> None:
    """What the patient would change: it was screened and kept like any message, and goes with their answer."""
    await preferences.wait_for(unit.session, patient.id, None, now=unit.now)
    row = await agreements.newest(unit.session, patient.id)
    if message is None or row is None:
        return
    message.checkin_id = None  # it belongs to the agreement, whatever else is open
    row.message_row = message.id
    flag = await _live_flag(unit, patient)
    read = listened(message.heard, message=message.id)
    if flag is not None and read is not None:
        flag.reason = with_heard(flag.reason, read.heard)
    await unit.session.flush()
    text = unit.wording()("agreement.kept", clinician=await clinician_name(unit, row.clinician_id))
    await say(unit, patient, Saying(text=text))


async def follow_up(unit: Unit) -> int:
    """Remind of proposals once, and stop waiting for answers; how many of both. One that fails delays no other."""
    done = 0
    for row in await agreements.due(unit.session, now=unit.now, limit=BATCH):
        agreement_id = row.id
        try:
            async with unit.session.begin_nested():
                await _follow_up_one(unit, row)
                done += 1
        except Exception as error:
            if is_the_databases_own(error):
                raise
            log.critical("agreement_failed", agreement=agreement_id, cause=type(error).__name__)
    return done


async def _follow_up_one(unit: Unit, row: Agreement) -> None:
    if row.expires_at <= unit.now:
        row.state, row.remind_at = AgreementState.UNANSWERED, None
    else:
        await _remind(unit, row)
    await unit.session.flush()


async def _remind(unit: Unit, row: Agreement) -> None:
    row.remind_at = None
    patient = await people.get(unit.session, row.patient_id)
    await say(
        unit,
        patient,
        await proposal_of(unit, patient, row, reminder=True),
        lane=Lane.CHECKIN,
        key=f"agreement:{row.id}:reminder",
        expires_at=row.expires_at,
        only_while_enrolled=True,
    )


async def _take(unit: Unit, patient: Person, row: Agreement, reply: Reply) -> None:
    before = AgreementState(row.state)
    after = after_reply(before, reply)
    if after is None or after is before:
        return
    row.state, row.answered_at, row.remind_at = after, unit.now, None
    if after is AgreementState.AGREED:
        row.message_row = None
        await agreements.replace_earlier(unit.session, row)
        await _settle_flag(unit, patient)
        await plan_again(unit, patient.id)
    else:
        await _raise_flag(unit, patient, row)
        await plan_again(unit, patient.id)
    await unit.session.flush()
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=patient.id,
        action=f"agreement_{after}",
        object_kind="patient",
        object_id=patient.id,
        detail={"version": row.version},
    )


async def _raise_flag(unit: Unit, patient: Person, row: Agreement) -> None:
    """Whoever would like to change something is told of in the next digest: once, until a new version is sent."""
    earlier = await _live_flag(unit, patient)
    if earlier is not None and earlier.state == FlagState.RAISED:
        return
    if earlier is not None:
        earlier.state, earlier.resolution, earlier.settled_at = FlagState.RESOLVED, Resolution.UNREPAIRED, unit.now
    enrolment = await people.enrolment(unit.session, patient.id)
    await flags.raise_flag(
        unit.session,
        Flag(
            patient_id=patient.id,
            clinician_id=enrolment.clinician_id if enrolment else row.clinician_id,
            checkin_id=None,
            kind=RuptureKind.CONFRONTATION,  # said openly; the digest says just what was said
            domain=None,
            signal=Signal.CONTESTED,
            strength=CLEAR,
            since=unit.now,
            reason={"version": row.version, "limit": 0.0, "seen": None, "heard": [], "is_quiet": False},
            rule=RULES[Signal.CONTESTED],
            state=FlagState.RAISED,
            raised_at=unit.now,
        ),
    )


async def _settle_flag(unit: Unit, patient: Person) -> None:
    flag = await _live_flag(unit, patient)
    if flag is None:
        return
    days = (local_day(unit.now, patient.zone) - local_day(flag.raised_at, patient.zone)).days
    flag.state, flag.resolution, flag.settled_at = FlagState.RESOLVED, Resolution.REPAIRED, unit.now
    flag.reason = {**flag.reason, "days": days, "was_short": False}


async def _live_flag(unit: Unit, patient: Person) -> Flag | None:
    live = await flags.live_of(unit.session, patient.id)
    return next((flag for flag in live if flag.signal == Signal.CONTESTED), None)


async def _page(unit: Unit, patient: Person, row: Agreement, *, state: AgreementState) -> Saying:
    wording = unit.wording()
    if state in {AgreementState.PROPOSED, AgreementState.UNANSWERED}:
        return await proposal_of(unit, patient, row)
    return pages.answered(
        wording,
        from_words(agreements.words_of(unit.session, row)),
        agreement_id=row.id,
        state=state,
        on=day_in_words(local_day(row.answered_at or row.sent_at, patient.zone), wording),
        clinician=await clinician_name(unit, row.clinician_id),
        clinic_contact=unit.clinic.help_at_once.clinic_contact_in(patient.language),
    )
