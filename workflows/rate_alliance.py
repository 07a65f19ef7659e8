"""A clinician's own view of a patient: asked after a visit or once a week, never more than a few a day."""

from datetime import time

from alliance.access import About, Action, allowed
from alliance.clinician_rating import FORM, ORDER, RatingState, is_answerable, waits_for, whose_turn
from alliance.delivery import Lane
from alliance.enrolment import EnrolmentState
from alliance.items import Domain
from alliance.local_time import instant, local_day
from alliance.rating_pages import view_ended, view_question
from alliance.saying import Saying
from alliance.visit_presses import RateAsClinician
from storage import answers, clinician_ratings, people
from storage.tables import ClinicianRating, Person, Visit
from workflows.notice_ruptures import notice
from workflows.page import turn
from workflows.speak import say
from workflows.unit import Unit


async def ask_after(unit: Unit, visit: Visit) -> None:
    """Ask the clinician of a visit that has just taken place, if the clinic wants it and the day has room."""
    clinician, patient = await people.some(unit.session, [visit.clinician_id, visit.patient_id])
    is_recent = is_answerable(visit.starts_at, now=unit.now)
    if not unit.clinic.clinician_rates.includes_visits or not is_recent or await _room(unit, clinician) < 1:
        return
    if await _is_asked_now(unit, patient):
        await _ask(unit, clinician, [patient])


async def ask_weekly(unit: Unit, clinician: Person) -> None:
    """Once a working day, beside the digest: ask about those who have not been asked about for a week."""
    if not unit.clinic.clinician_rates.includes_weeks:
        return
    caseload = {
        patient.id: patient
        for patient, enrolment in await people.caseload(unit.session, clinician.id)
        if enrolment.state == EnrolmentState.ACTIVE
    }
    asked_at = await clinician_ratings.latest_asked(unit.session, clinician.id)
    room = await _room(unit, clinician)
    chosen = whose_turn(list(caseload), asked_at=asked_at, room=room, now=unit.now)
    if chosen:
        await _ask(unit, clinician, [caseload[patient_id] for patient_id in chosen])


async def take(unit: Unit, clinician: Person, press: RateAsClinician, *, message_id: int) -> str | None:
    """Take a number, or that the patient is passed over; the key of a toast, if one is due."""
    row = await clinician_ratings.get(unit.session, press.rating_id)
    if row is None:
        return "toast.unknown"
    patient = await people.get(unit.session, row.patient_id)
    if row.clinician_id != clinician.id or not await _may_rate(unit, patient):
        return "toast.not_yours"
    if row.state != RatingState.ASKED:
        await turn(unit, clinician, await _where_it_stands(unit, row), message_id=message_id)
        return "toast.no_longer_open"
    if not is_answerable(row.asked_at, now=unit.now):
        late = view_ended(unit.wording(), "late", patient_id=patient.id, code_name=patient.code_name)
        await turn(unit, clinician, late, message_id=message_id)
        return "toast.no_longer_open"
    if press.domain is None:
        row.state, row.ended_at = RatingState.SKIPPED, unit.now
    elif row.lowest <= press.rating <= row.highest:
        _write(row, press.domain, press.rating)
        if waits_for(given_in(row)) is None:
            row.state, row.ended_at = RatingState.RATED, unit.now
    await unit.session.flush()
    await turn(unit, clinician, await _where_it_stands(unit, row), message_id=message_id)
    if row.state == RatingState.RATED:
        await _compare(unit, patient)
    return None


def given_in(row: ClinicianRating) -> dict[Domain, int | None]:
    """The numbers of one asking by domain, in the order in which they are asked."""
    return {Domain.GOAL: row.goal, Domain.TASK: row.task, Domain.BOND: row.bond}


async def _ask(unit: Unit, clinician: Person, patients: list[Person]) -> None:
    """One message for all of them: it goes on from patient to patient."""
    instrument = unit.clinic.instrument
    rows = [
        await clinician_ratings.add(
            unit.session,
            ClinicianRating(
                patient_id=patient.id,
                clinician_id=clinician.id,
                form=FORM,
                instrument=instrument.name,
                lowest=instrument.lowest,
                highest=instrument.highest,
                state=RatingState.ASKED,
                asked_at=unit.now,
            ),
        )
        for patient in patients
    ]
    saying = await _question(unit, rows[0], language=clinician.language)
    await say(unit, clinician, saying, lane=Lane.DIGEST, key=f"view:{rows[0].id}")


async def _where_it_stands(unit: Unit, row: ClinicianRating) -> Saying:
    """The next question about this patient, or about the next one of those asked together, or the end."""
    if row.state == RatingState.ASKED:
        return await _question(unit, row)
    following = await clinician_ratings.next_of(unit.session, row)
    if following is not None and is_answerable(following.asked_at, now=unit.now):
        return await _question(unit, following)
    patient = await people.get(unit.session, row.patient_id)
    rated = row.state == RatingState.RATED
    numbers = {str(domain): number for domain, number in given_in(row).items() if number is not None}
    return view_ended(
        unit.wording(),
        "kept" if rated else "skipped",
        patient_id=patient.id,
        code_name=patient.code_name,
        given=numbers if rated else None,
    )


async def _question(unit: Unit, row: ClinicianRating, *, language: str | None = None) -> Saying:
    patient = await people.get(unit.session, row.patient_id)
    domain = waits_for(given_in(row)) or ORDER[-1]
    return view_question(
        unit.wording(language),
        domain,
        rating_id=row.id,
        code_name=patient.code_name,
        scale=(row.lowest, row.highest),
        is_first=domain is ORDER[0],
    )


def _write(row: ClinicianRating, domain: Domain, rating: int) -> None:
    match domain:
        case Domain.GOAL:
            row.goal = rating
        case Domain.TASK:
            row.task = rating
        case Domain.BOND:
            row.bond = rating


async def _compare(unit: Unit, patient: Person) -> None:
    """A view that comes after the patient's own answer is laid beside it now."""
    latest = await answers.delivered(unit.session, patient.id, limit=1)
    for checkin, by_domain in latest:
        if by_domain:
            await notice(unit, patient, checkin)


async def _room(unit: Unit, clinician: Person) -> int:
    """How many more this clinician may be asked for on this day of hers."""
    midnight = instant(local_day(unit.now, clinician.zone), time(0), clinician.zone)
    asked = await clinician_ratings.asked_since(unit.session, clinician.id, since=midnight)
    return unit.clinic.clinician_ratings_a_day - asked


async def _is_asked_now(unit: Unit, patient: Person) -> bool:
    enrolment = await people.enrolment(unit.session, patient.id)
    return enrolment is not None and enrolment.state in {EnrolmentState.ACTIVE, EnrolmentState.PAUSED}


async def _may_rate(unit: Unit, patient: Person) -> bool:
    enrolment = await people.enrolment(unit.session, patient.id)
    about = About(patient_id=patient.id, clinician_id=enrolment.clinician_id if enrolment else None)
    return allowed(unit.actor, Action.RATE_AS_CLINICIAN, about)
