"""What a clinician asks for in the chat: her visits, a brief, an agreement, and her own view of a patient."""

from collections.abc import Callable, Coroutine

from telegram import Update

from alliance.people import Role
from alliance.saying import Saying
from alliance.staff_places import StaffPlace
from alliance.visit_presses import (
    ActOnDraft,
    ActOnVisit,
    AnswerAgreement,
    Listing,
    OpenList,
    OpenPatient,
    PatientStep,
    RateAsClinician,
    VisitPress,
)
from handlers.context import Context
from handlers.stranger import turn_away
from workflows import clinician_pages, plan_visits, rate_alliance, staff_typed, write_agreement
from workflows.plan_visits import CannotPlan
from workflows.speak import say
from workflows.unit import Person, Unit

Handler = Callable[[Update, Context], Coroutine[object, object, None]]

COMMANDS = {"visit": PatientStep.PLAN, "brief": PatientStep.BRIEF, "agree": PatientStep.AGREE}
LISTS = {PatientStep.PLAN: Listing.VISITS, PatientStep.BRIEF: Listing.BRIEF, PatientStep.AGREE: Listing.AGREE}


def opens(step: PatientStep) -> Handler:
    """The handler of a command: alone it shows a list to choose from, with a code name it goes on from there."""

    async def handle(update: Update, context: Context) -> None:
        unit = context.unit
        if unit.person is None:
            await turn_away(unit, update.message)
        elif Role.CLINICIAN not in unit.actor.roles:
            await say(unit, unit.person, Saying(text=unit.wording()("staff.not_for_you")))
        else:
            await _open(unit, unit.person, step, _behind_the_command(update))

    return handle


async def press(unit: Unit, pressed: VisitPress, *, message_id: int) -> str | None:
    """A clinician's button was pressed; the key of the toast, if the message does not say it itself."""
    clinician = unit.person
    if clinician is None or Role.CLINICIAN not in unit.actor.roles:
        return "toast.not_yours"
    try:
        return await _press(unit, clinician, pressed, message_id=message_id)
    except CannotPlan as refused:
        if refused.key in {"nobody", "no_visit"}:
            return "toast.not_yours"  # and nothing about whether there is such a patient
        await clinician_pages.refuse(unit, clinician, refused)
        return None


async def _press(unit: Unit, clinician: Person, pressed: VisitPress, *, message_id: int) -> str | None:
    match pressed:
        case OpenList():
            await clinician_pages.show_list(
                unit, clinician, pressed.listing, start=pressed.start, message_id=message_id
            )
        case ActOnVisit():
            await clinician_pages.act_on_visit(unit, clinician, pressed.visit_id, pressed.step, message_id=message_id)
        case OpenPatient():
            patient = await plan_visits.own_patient_of(unit, pressed.patient_id)
            return await _open_patient(unit, clinician, patient, pressed.step, message_id=message_id)
        case ActOnDraft():
            patient = await plan_visits.own_patient_of(unit, pressed.patient_id)
            if not await write_agreement.may_write(unit, patient):
                return "toast.not_yours"
            return await write_agreement.act(
                unit, clinician, patient, pressed.step, printed=pressed.print, message_id=message_id
            )
        case RateAsClinician():
            return await rate_alliance.take(unit, clinician, pressed, message_id=message_id)
        case AnswerAgreement():
            return "toast.not_yours"
    return None


async def _open(unit: Unit, clinician: Person, step: PatientStep, words: str) -> None:
    try:
        if not words:
            await clinician_pages.show_list(unit, clinician, LISTS[step])
            return
        patient, rest = await staff_typed.named_first(unit, words)
        if step is PatientStep.PLAN and rest:
            await clinician_pages.plan_at(unit, clinician, patient, rest)
        elif step is PatientStep.AGREE and rest and await write_agreement.may_write(unit, patient):
            await write_agreement.take(unit, clinician, patient, StaffPlace.TEXT, rest)
        else:
            await _open_patient(unit, clinician, patient, step, message_id=None)
    except CannotPlan as refused:
        await clinician_pages.refuse(unit, clinician, refused)


async def _open_patient(
    unit: Unit, clinician: Person, patient: Person, step: PatientStep, *, message_id: int | None
) -> str | None:
    match step:
        case PatientStep.PLAN:
            await clinician_pages.ask_when(unit, clinician, patient, message_id=message_id)
        case PatientStep.BRIEF:
            await clinician_pages.show_brief(unit, clinician, patient)
        case PatientStep.WORDS:
            return await clinician_pages.show_words(unit, clinician, patient)
        case PatientStep.AGREE:
            if not await write_agreement.may_write(unit, patient):
                return "toast.not_yours"
            await write_agreement.begin(unit, clinician, patient, message_id=None)
    return None


def _behind_the_command(update: Update) -> str:
    """What stands behind a command, its lines as they are."""
    parts = (update.message.text or "").split(maxsplit=1) if update.message else []
    return parts[1].strip() if len(parts) > 1 else ""
