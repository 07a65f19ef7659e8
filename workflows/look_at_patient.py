"""One patient as staff may see them: how they are asked, what lies ahead and, for whoever may, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.access import Action, allowed
from alliance.agreement import Parts, from_words
from alliance.checkin import CheckinState
from alliance.course_picture import course_picture
from alliance.digest import FlagLine, Point
from alliance.digest_picture import legend, picture
from alliance.local_time import local_day
from storage import acting, agreements, answers, consents, flags, goals, patient_list, people, visits
from storage.tables import Agreement, Checkin, ConsentGiven, Enrolment, Hold, Person, Visit
from workflows.arrange_flags import lines_about
from workflows.flag_facts import TREND_LENGTH
from workflows.hold_checkins import open_of
from workflows.keep_course import usual_ranges
from workflows.observe_for import visible_to
from workflows.sights import sights_of
from workflows.unit import Unit
from workflows.who_stands_in import about
from workflows.whose_patients import patient_in_sight

SHOWN_CHECKINS = 20
SHOWN_VISITS = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What is for the patient's own clinician, and for whoever stands in: answers, flags, goals, the agreement."""

    chart: str  # an svg element, ready to be shown
    legend: str
    flags: Sequence[FlagLine]
    goals: Sequence[str]
    agreed: Parts | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """Everything the page says; ``told`` is None for whoever arranges care without reading of it."""

    patient: Person
    enrolment: Enrolment
    clinician: Person
    hold: Hold | None
    visits: Sequence[Visit]
    consent: ConsentGiven | None
    agreement: Agreement | None
    checkins: Sequence[Checkin]
    told: Told | None


async def look_at_patient(unit: Unit, patient_id: int) -> Looked:
    """The page of one patient; raises LookupError for one whom this actor may not see. Whoever shows it notes it."""
    patient, enrolment = await patient_in_sight(unit, patient_id)
    newest = await agreements.newest(unit.session, patient_id)
    rows = await visits.of_patient(unit.session, patient_id)
    return Looked(
        patient=patient,
        enrolment=enrolment,
        clinician=await people.get(unit.session, enrolment.clinician_id),
        hold=await open_of(unit, patient),
        visits=rows[-SHOWN_VISITS:],
        consent=await consents.latest(unit.session, patient_id),
        agreement=newest,
        checkins=await patient_list.recent_checkins(unit.session, patient_id, limit=SHOWN_CHECKINS),
        told=await _told(unit, patient, enrolment),
    )


async def _told(unit: Unit, patient: Person, enrolment: Enrolment) -> Told | None:
    theirs = await about(unit, patient_id=patient.id, clinician_id=enrolment.clinician_id)
    if unit.person is None or not allowed(unit.actor, Action.REVIEW_FLAG, theirs):
        return None
    is_own = unit.person.id == enrolment.clinician_id
    agreed = await agreements.agreed(unit.session, patient.id) if is_own else None
    lines = await _flags(unit, patient, enrolment)
    return Told(
        chart=await _chart(unit, patient, lines),
        legend=legend(lines, wording=unit.wording()) if lines else "",
        flags=lines,
        goals=tuple((await goals.of(unit.session, patient.id)).values()) if is_own else (),
        agreed=from_words(agreements.words_of(unit.session, agreed)) if agreed else None,
    )


async def _flags(unit: Unit, patient: Person, enrolment: Enrolment) -> tuple[FlagLine, ...]:
    assert unit.person is not None  # noqa: S101  # asked for above; tells the type checker
    live = await flags.live_of(unit.session, patient.id)
    own = [flag for flag in live if flag.clinician_id == enrolment.clinician_id]
    own.sort(key=lambda flag: (flag.raised_at, flag.id), reverse=True)
    sight = (await sights_of(unit, patient.id))[0]
    put_off = await acting.put_off_of(unit.session, [flag.id for flag in own])
    return await lines_about(
        unit, own, {patient.id: patient}, {patient.id: sight}, put_off, reader=unit.person, since=unit.now
    )


async def _chart(unit: Unit, patient: Person, lines: Sequence[FlagLine]) -> str:
    assert unit.person is not None  # noqa: S101  # as above
    on, wording = local_day(unit.now, unit.person.zone), unit.wording()
    if lines:
        return picture(lines, on=on, wording=wording)
    sight = (await sights_of(unit, patient.id))[0]
    rows = await answers.delivered(unit.session, patient.id, limit=TREND_LENGTH)
    seen = rows if sight.is_whole else await visible_to(unit, sight, rows)
    points = [
        Point(on=checkin.local_date, fractions={each: sum(given) / len(given) for each, given in by_domain.items()})
        for checkin, by_domain in seen
        if by_domain or checkin.state != CheckinState.OPEN
    ]
    scale = unit.clinic.instrument
    return course_picture(
        points,
        usual=await usual_ranges(unit, patient.id),
        lowest=scale.lowest,
        highest=scale.highest,
        on=on,
        wording=wording,
    )
