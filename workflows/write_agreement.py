"""After a visit the clinician writes down what was agreed: pasted or step by step, previewed, then sent."""

from alliance import agreement_pages as pages
from alliance.access import About, Action, allowed
from alliance.agreement import (
    LONGEST_PART,
    LONGEST_TEXT,
    REMIND_AFTER,
    WAITS_FOR,
    Part,
    Parts,
    as_words,
    fitting,
    from_words,
)
from alliance.delivery import Lane
from alliance.enrolment import ENDED, EnrolmentState
from alliance.flags import FlagAction, FlagState
from alliance.local_time import local_day
from alliance.marker import Signal
from alliance.saying import Saying
from alliance.staff_places import WAITS_FOR as STAFF_WAITS_FOR
from alliance.staff_places import StaffPlace
from alliance.visit_presses import DraftStep
from storage import agreements, audit, desks, flags, people
from storage.tables import Agreement, Enrolment, Person
from workflows.page import turn
from workflows.quiet_hours import when_welcome
from workflows.speak import say
from workflows.unit import Unit
from workflows.words import clinician_name, day_in_words


async def may_write(unit: Unit, patient: Person) -> bool:
    """Whether this actor may write down what was agreed with that patient."""
    enrolment = await people.enrolment(unit.session, patient.id)
    about = About(patient_id=patient.id, clinician_id=enrolment.clinician_id if enrolment else None)
    return enrolment is not None and allowed(unit.actor, Action.WRITE_AGREEMENT, about)


async def begin(unit: Unit, clinician: Person, patient: Person, *, message_id: int | None) -> None:
    """Ask for the text, or show the one that was begun; how the latest version stands is said above."""
    parts = await _draft(unit, patient)
    if not parts.is_empty:
        await _preview(unit, clinician, patient, parts, message_id=message_id)
        return
    await _wait(unit, clinician, patient, StaffPlace.TEXT)
    page = pages.begin_page(
        unit.wording(), patient_id=patient.id, code_name=patient.code_name, standing=await _standing(unit, patient)
    )
    await turn(unit, clinician, page, message_id=message_id)


async def take(unit: Unit, clinician: Person, patient: Person, place: StaffPlace, words: str) -> None:
    """Take what was typed as the whole text or as one part; what is too long is said, and can be typed again."""
    longest = LONGEST_TEXT if place.part is None else LONGEST_PART
    fits = fitting(words, longest=longest)
    if fits is None:
        text = unit.wording()("agreement.write.too_long", longest=longest)
        await say(unit, clinician, Saying(text=text))
        await _wait(unit, clinician, patient, place)
        return
    parts = Parts(text=fits) if place.part is None else (await _draft(unit, patient)).having(place.part, fits)
    await _keep(unit, clinician, patient, parts)
    await _go_on(unit, clinician, patient, parts, after=place.part, message_id=None)


async def act(
    unit: Unit, clinician: Person, patient: Person, step: DraftStep, *, printed: int, message_id: int
) -> str | None:
    """Do one step of writing; the key of a toast, if one is due."""
    match step:
        case DraftStep.STEPS:
            await _drop(unit, clinician, patient)
            await _ask_part(unit, clinician, patient, Part.GOALS, message_id=message_id)
        case DraftStep.WITHOUT:
            return await _leave_out(unit, clinician, patient, message_id=message_id)
        case DraftStep.ANEW:
            await _drop(unit, clinician, patient)
            await begin(unit, clinician, patient, message_id=message_id)
        case DraftStep.DROP:
            await _drop(unit, clinician, patient)
            await turn(unit, clinician, Saying(text=unit.wording()("agreement.write.dropped")), message_id=message_id)
        case DraftStep.SEND:
            return await _send_draft(unit, clinician, patient, printed=printed, message_id=message_id)
    return None


async def _leave_out(unit: Unit, clinician: Person, patient: Person, *, message_id: int) -> str | None:
    """The part that is being asked for stays empty; a button of another time leaves nothing out."""
    waits = await desks.awaited(unit.session, clinician.id, since=unit.now - STAFF_WAITS_FOR)
    part = StaffPlace(waits.awaiting).part if waits is not None and waits.patient_id == patient.id else None
    if part is None:
        return "toast.no_longer_open"
    await _go_on(unit, clinician, patient, await _draft(unit, patient), after=part, message_id=message_id)
    return None


async def _go_on(
    unit: Unit, clinician: Person, patient: Person, parts: Parts, *, after: Part | None, message_id: int | None
) -> None:
    following = _following(after)
    if following is not None:
        await _ask_part(unit, clinician, patient, following, message_id=message_id)
    elif parts.is_empty:
        await begin(unit, clinician, patient, message_id=message_id)
    else:
        await _preview(unit, clinician, patient, parts, message_id=message_id)


def _following(part: Part | None) -> Part | None:
    order = tuple(Part)
    return None if part is None or part is order[-1] else order[order.index(part) + 1]


async def _ask_part(unit: Unit, clinician: Person, patient: Person, part: Part, *, message_id: int | None) -> None:
    await _wait(unit, clinician, patient, StaffPlace(part.value))
    page = pages.part_page(unit.wording(), part, patient_id=patient.id, code_name=patient.code_name)
    await turn(unit, clinician, page, message_id=message_id)


async def _preview(unit: Unit, clinician: Person, patient: Person, parts: Parts, *, message_id: int | None) -> None:
    await desks.clear(unit.session, clinician.id)
    text = await text_for(unit, patient, parts, clinician_id=clinician.id)
    page = pages.preview(unit.wording(), text, parts, patient_id=patient.id, code_name=patient.code_name)
    await turn(unit, clinician, page, message_id=message_id)


async def text_for(unit: Unit, patient: Person, parts: Parts, *, clinician_id: int) -> str:
    """What a patient reads of an agreement, in their language."""
    return pages.agreement_text(
        unit.wording(patient.language),
        parts,
        clinician=await clinician_name(unit, clinician_id),
        clinic_contact=unit.clinic.help_at_once.clinic_contact_in(patient.language),
    )


async def _send_draft(unit: Unit, clinician: Person, patient: Person, *, printed: int, message_id: int) -> str | None:
    parts, wording = await _draft(unit, patient), unit.wording()
    enrolment = await people.enrolment(unit.session, patient.id)
    if parts.is_empty or enrolment is None:
        return "toast.no_longer_open"  # it was sent, or dropped
    if pages.print_of(parts) != printed:
        await say(unit, clinician, Saying(text=wording("agreement.write.changed")))
        await _preview(unit, clinician, patient, parts, message_id=None)
        return None
    held = _why_not(patient, enrolment)
    if held is not None:
        await turn(unit, clinician, Saying(text=wording(held, who=patient.code_name)), message_id=message_id)
        return None
    sent = await _send(unit, clinician, patient, parts)
    text = wording("agreement.write.sent", who=patient.code_name, version=sent.version)
    await turn(unit, clinician, Saying(text=text), message_id=message_id)
    return None


def _why_not(patient: Person, enrolment: Enrolment) -> str | None:
    """The key of the sentence that says why nothing may be sent to a patient now."""
    if enrolment.state in {EnrolmentState.INVITED, *ENDED}:
        return "visit.refused.no_part"
    if enrolment.state != EnrolmentState.ACTIVE:
        return "agreement.write.not_now"
    return "agreement.write.unreachable" if patient.blocked_at or patient.chat_id is None else None


async def _send(unit: Unit, clinician: Person, patient: Person, parts: Parts) -> Agreement:
    due_at = await when_welcome(unit, patient, unit.now)
    await agreements.replace_unagreed(unit.session, patient.id)
    row = await agreements.add(
        unit.session,
        as_words(parts),
        patient_id=patient.id,
        clinician_id=clinician.id,
        now=unit.now,
        remind_at=await when_welcome(unit, patient, due_at + REMIND_AFTER),
        expires_at=due_at + WAITS_FOR,
    )
    await agreements.drop_draft(unit.session, patient.id)
    await say(
        unit,
        patient,
        await proposal_of(unit, patient, row),
        lane=Lane.CHECKIN,
        key=f"agreement:{row.id}",
        due_at=due_at,
        expires_at=row.expires_at,
        only_while_enrolled=True,
    )
    await _look_at_the_flag(unit, clinician, patient)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=clinician.id,
        action="agreement_sent",
        object_kind="patient",
        object_id=patient.id,
        detail={"version": row.version},
    )
    return row


async def proposal_of(unit: Unit, patient: Person, row: Agreement, *, reminder: bool = False) -> Saying:
    """A version as it is sent, or reminded of."""
    return pages.proposal(
        unit.wording(patient.language),
        from_words(agreements.words_of(unit.session, row)),
        agreement_id=row.id,
        clinician=await clinician_name(unit, row.clinician_id),
        clinic_contact=unit.clinic.help_at_once.clinic_contact_in(patient.language),
        reminder=reminder,
    )


async def _look_at_the_flag(unit: Unit, clinician: Person, patient: Person) -> None:
    """A new version is what a clinician does about a wish to change the last one."""
    for flag in await flags.live_of(unit.session, patient.id):
        if flag.signal == Signal.CONTESTED and flag.state == FlagState.RAISED:
            flag.state, flag.settled_at = FlagState.ACKNOWLEDGED, unit.now
            await flags.record_action(
                unit.session, flag.id, person_id=clinician.id, action=FlagAction.REVIEWED, now=unit.now
            )


async def _standing(unit: Unit, patient: Person) -> str:
    row = await agreements.newest(unit.session, patient.id)
    if row is None or unit.person is None:
        return ""
    wording = unit.wording()
    on = day_in_words(local_day(row.answered_at or row.sent_at, unit.person.zone), wording)
    return wording(f"agreement.write.standing.{row.state}", version=row.version, on=on)


async def _draft(unit: Unit, patient: Person) -> Parts:
    """What this clinician has begun; what a colleague had begun before is not hers to send."""
    row = await agreements.draft(unit.session, patient.id)
    if row is None or unit.person is None or row.clinician_id != unit.person.id:
        return Parts()
    return from_words(agreements.draft_words(unit.session, row))


async def _keep(unit: Unit, clinician: Person, patient: Person, parts: Parts) -> None:
    await desks.clear(unit.session, clinician.id)
    await agreements.keep_draft(
        unit.session, as_words(parts), patient_id=patient.id, clinician_id=clinician.id, now=unit.now
    )


async def _drop(unit: Unit, clinician: Person, patient: Person) -> None:
    await desks.clear(unit.session, clinician.id)
    await agreements.drop_draft(unit.session, patient.id)


async def _wait(unit: Unit, clinician: Person, patient: Person, place: StaffPlace) -> None:
    await desks.wait_for(unit.session, clinician.id, place, patient_id=patient.id, now=unit.now)
