"""What a clinician opens in the chat: her visits, her patients to choose from, a brief, and the words behind it."""

from datetime import datetime

from alliance import visit_pages as pages
from alliance.access import About, Action, allowed
from alliance.agreement import from_words
from alliance.brief_words import as_message
from alliance.enrolment import ENDED, EnrolmentState
from alliance.saying import Saying, headed
from alliance.staff_places import StaffPlace
from alliance.visit_pages import VisitLine
from alliance.visit_presses import Listing, VisitStep
from alliance.visits import VisitState
from storage import agreements, audit, desks, goals, people
from storage.tables import Person, Visit
from workflows import plan_visits
from workflows.page import turn
from workflows.plan_visits import CannotPlan
from workflows.pre_visit_brief import make_brief, readable
from workflows.speak import WORDS_STAY, say
from workflows.unit import Unit
from workflows.words import day_and_time
from workflows.write_agreement import text_for


async def show_list(
    unit: Unit, clinician: Person, listing: Listing, *, start: int = 0, message_id: int | None = None
) -> None:
    """Her visits, or her patients to choose one of."""
    await desks.clear(unit.session, clinician.id)
    if listing is Listing.VISITS:
        lines = [_line(unit, clinician, each.visit, each.patient) for each in await plan_visits.coming(unit, clinician)]
        page = pages.visits_page(unit.wording(), lines, start=start)
    else:
        page = pages.patients_page(unit.wording(), listing, await _patients(unit, clinician), start=start)
    await turn(unit, clinician, page, message_id=message_id)


async def act_on_visit(
    unit: Unit, clinician: Person, visit_id: int, step: VisitStep, *, message_id: int | None
) -> None:
    """Do one step about a visit and show where it stands. Raises CannotPlan for one that cannot be done."""
    visit, patient = await plan_visits.allowed_visit(unit, visit_id)
    await desks.clear(unit.session, clinician.id)
    match step:
        case VisitStep.DONE:
            visit = await plan_visits.mark_done(unit, visit_id)
        case VisitStep.CANCEL:
            visit = await plan_visits.cancel(unit, visit_id)
        case VisitStep.MOVE:
            await _ask_moved(unit, clinician, visit, patient, message_id=message_id)
            return
        case VisitStep.SHOW:
            pass
    page = pages.visit_page(unit.wording(), _line(unit, clinician, visit, patient))
    await turn(unit, clinician, page, message_id=message_id)


async def ask_when(unit: Unit, clinician: Person, patient: Person, *, message_id: int | None) -> None:
    """Ask for the day and hour of a new visit; the next thing typed answers."""
    await desks.wait_for(unit.session, clinician.id, StaffPlace.VISIT, patient_id=patient.id, now=unit.now)
    await turn(unit, clinician, pages.when_page(unit.wording(), patient.code_name), message_id=message_id)


async def plan_at(unit: Unit, clinician: Person, patient: Person, words: str) -> None:
    """Plan a visit for what was written. Raises CannotPlan with what is wrong with it."""
    starts_at = plan_visits.read_moment(unit, words, zone=clinician.zone)
    visit = await plan_visits.plan(unit, patient, starts_at=starts_at)
    await _say_planned(unit, clinician, visit, patient, key="visit.planned")


async def move_to(unit: Unit, clinician: Person, visit_id: int, words: str) -> None:
    """Move a visit to what was written. Raises CannotPlan with what is wrong with it."""
    starts_at = plan_visits.read_moment(unit, words, zone=clinician.zone)
    visit = await plan_visits.move(unit, visit_id, starts_at=starts_at)
    await _say_planned(unit, clinician, visit, await people.get(unit.session, visit.patient_id), key="visit.moved")


async def refuse(unit: Unit, clinician: Person, refused: CannotPlan) -> None:
    """Say why something about a visit cannot be done."""
    await say(unit, clinician, pages.refused(unit.wording(), refused.key, **refused.values))


async def show_brief(unit: Unit, clinician: Person, patient: Person) -> None:
    """One patient in half a minute, as a message of its own; nothing of a patient who is not hers."""
    enrolment = await readable(unit, unit.actor, patient)
    if enrolment is None:
        raise CannotPlan("no_part", "No brief of this patient.", who=patient.code_name)
    brief = await make_brief(unit, patient, clinician, enrolment, starts_at=None)
    await say(unit, clinician, as_message(brief, wording=unit.wording()))


async def show_words(unit: Unit, clinician: Person, patient: Person) -> str:
    """A patient's own goals and what was agreed, taken away again after ten minutes; the key of the toast."""
    enrolment = await people.enrolment(unit.session, patient.id)
    about = About(patient_id=patient.id, clinician_id=enrolment.clinician_id if enrolment else None)
    if not allowed(unit.actor, Action.READ_WORDS, about):
        return "toast.not_yours"
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=clinician.id,
        action="read_words",
        object_kind="patient",
        object_id=patient.id,
        detail={"brief": True},
    )
    shown = [*await _goals(unit, patient), *await _agreement(unit, patient)]
    for saying in shown or [Saying(text=unit.wording()("brief.words.none"))]:
        await say(unit, clinician, saying, take_away_after=WORDS_STAY)
    return "toast.shown" if shown else "toast.nothing_written"


async def _goals(unit: Unit, patient: Person) -> list[Saying]:
    kept = await goals.of(unit.session, patient.id)
    title = unit.wording()("own.goals.for_staff", who=patient.code_name)
    return [headed(title, "\n".join(f"• {goal}" for goal in kept.values()), protected=True)] if kept else []


async def _agreement(unit: Unit, patient: Person) -> list[Saying]:
    row = await agreements.newest(unit.session, patient.id)
    if row is None:
        return []
    parts = from_words(agreements.words_of(unit.session, row))
    text = await text_for(unit, patient, parts, clinician_id=row.clinician_id)
    title = unit.wording()("brief.words.agreement", who=patient.code_name, version=row.version)
    return [headed(title, f"\n{text}", protected=True)]


async def _patients(unit: Unit, clinician: Person) -> list[tuple[int, str]]:
    return [
        (patient.id, patient.code_name)
        for patient, enrolment in await people.caseload(unit.session, clinician.id)
        if enrolment.state not in {EnrolmentState.INVITED, *ENDED}
    ]


async def _ask_moved(unit: Unit, clinician: Person, visit: Visit, patient: Person, *, message_id: int | None) -> None:
    if visit.state != VisitState.PLANNED:
        raise CannotPlan("settled", "It is marked already.")
    await desks.wait_for(
        unit.session, clinician.id, StaffPlace.MOVE, patient_id=patient.id, visit_id=visit.id, now=unit.now
    )
    when = day_and_time(visit.starts_at, clinician.zone, unit.wording())
    page = pages.when_page(unit.wording(), patient.code_name, moved_from=when)
    await turn(unit, clinician, page, message_id=message_id)


async def _say_planned(unit: Unit, clinician: Person, visit: Visit, patient: Person, *, key: str) -> None:
    wording = unit.wording()
    line = _line(unit, clinician, visit, patient)
    page = pages.visit_page(wording, line)
    text = wording(key, who=patient.code_name, when=line.when)
    await say(unit, clinician, Saying(text=text, rows=page.rows, protected=True))


def _line(unit: Unit, clinician: Person, visit: Visit, patient: Person) -> VisitLine:
    return VisitLine(
        visit_id=visit.id,
        patient_id=patient.id,
        code_name=patient.code_name,
        when=_when(unit, clinician, visit.starts_at),
        state=VisitState(visit.state),
        has_begun=visit.starts_at <= unit.now,
    )


def _when(unit: Unit, clinician: Person, moment: datetime) -> str:
    return day_and_time(moment, clinician.zone, unit.wording())
