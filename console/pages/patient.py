"""One patient: how they are asked and what lies ahead; every look is noted, and every form does one thing."""

from markupsafe import Markup

from alliance.cadence import PRESETS
from alliance.console import Page
from alliance.enrolment import ENDED, EnrolmentState, may_become
from alliance.holding import HoldReason
from alliance.local_time import local_day
from alliance.visits import VisitState
from console.doors import Answer, Asking, Does, Door, Looked, NotHere, Onward, Shown
from console.flag_view import flag_views
from console.forms import Malformed, day, number, one_of
from workflows import hold_checkins, plan_visits, set_cadence
from workflows.browse_patients import clinicians_to_choose
from workflows.change_enrolment import BY_STAFF, change_enrolment
from workflows.look_at_patient import look_at_patient
from workflows.reassign import reassign
from workflows.set_cadence import CannotSet, Current, Preview
from workflows.unit import Person
from workflows.whose_patients import arranges, patient_in_sight

ENDINGS = (EnrolmentState.DISCHARGED, EnrolmentState.TRANSFERRED, EnrolmentState.DECEASED)
_STATES_HELD = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED, EnrolmentState.ON_HOLD)


async def show(asking: Asking) -> Answer:
    """The page, as far as whoever looks may see it."""
    patient_id = number(asking.request.path_params["id"])
    try:
        seen = await look_at_patient(asking.unit, patient_id)
    except LookupError as error:
        raise NotHere from error
    state = EnrolmentState(seen.enrolment.state)
    told = seen.told
    return Shown(
        template="patient",
        values={
            "seen": seen,
            "state": state,
            "chart": Markup(told.chart) if told else "",  # noqa: S704  # drawn by our own code, which escapes its texts
            "flags": flag_views(asking, told.flags) if told else (),
            "arranges": arranges(asking.unit),
            "cadence": await _now(asking, seen.patient.id) if arranges(asking.unit) else None,
            "trial": await _trial(asking, seen.patient.id),
            "trial_refused": asking.say("cadence.refused.no_time"),
            "preset": asking.asked("preset"),
            "at": asking.asked("at"),
            "presets": list(PRESETS),
            "reasons": list(HoldReason),
            "can_hold": state in _STATES_HELD,
            "endings": [one for one in ENDINGS if one in BY_STAFF and may_become(state, one)],
            "has_ended": state in ENDED,
            "clinicians": [one for one in await clinicians_to_choose(asking.unit) if one.id != seen.clinician.id],
            "coming": [one for one in seen.visits if one.state == VisitState.PLANNED],
            "past": [one for one in seen.visits if one.state != VisitState.PLANNED][::-1],
            "today": local_day(asking.unit.now, seen.patient.zone),
            "now": asking.unit.now,
            "opens_words": asking.may_open(Page.WORDS) and told is not None,
        },
        looked=Looked(action="looked_at_patient", kind="patient", id=patient_id),
    )


async def set_state(asking: Asking) -> Answer:
    """Discharge, transfer, deceased, or going on: from this moment nothing more is sent where nothing may be."""
    patient, _ = await _patient(asking)
    to = one_of(asking.sent("to"), list(BY_STAFF))
    if not to or (to in ENDINGS and asking.sent("sure") != "yes"):
        raise Malformed(Malformed.__doc__)
    await change_enrolment(asking.unit, patient, EnrolmentState(to))
    return _back(asking, "state")


async def hold(asking: Asking) -> Answer:
    """Hold check-ins from today until a day, or until somebody says so."""
    patient, _ = await _patient(asking)
    reason = one_of(asking.sent("reason"), list(HoldReason))
    if not reason:
        raise Malformed(Malformed.__doc__)
    today = local_day(asking.unit.now, patient.zone)
    await hold_checkins.hold(
        asking.unit, patient, reason=HoldReason(reason), starts_on=today, ends_on=day(asking.sent("until"))
    )
    return _back(asking, "held")


async def lift(asking: Asking) -> Answer:
    """Let check-ins go on now."""
    patient, _ = await _patient(asking)
    row = await hold_checkins.open_of(asking.unit, patient)
    if row is None:
        raise NotHere
    await hold_checkins.lift(asking.unit, row)
    return _back(asking, "lifted")


async def save_cadence(asking: Asking) -> Answer:
    """Set the cadence whose dates were looked at."""
    patient, _ = await _patient(asking)
    seen = await _preview(asking, patient.id, preset=asking.sent("preset"), at=asking.sent("at"))
    if seen is None:
        raise Malformed(Malformed.__doc__)
    await set_cadence.save(asking.unit, seen)
    return _back(asking, "cadence")


async def plan(asking: Asking) -> Answer:
    """Plan a visit, on the patient's own wall."""
    patient, _ = await _patient(asking)
    moment = plan_visits.read_moment(asking.unit, asking.sent("at"), zone=patient.zone)
    await plan_visits.plan(asking.unit, patient, starts_at=moment)
    return _back(asking, "visit")


async def settle_visit(asking: Asking) -> Answer:
    """Say that a visit took place, or call it off."""
    patient, _ = await _patient(asking)
    visit, of = await plan_visits.allowed_visit(asking.unit, number(asking.sent("visit")))
    if of.id != patient.id:
        raise NotHere
    if one_of(asking.sent("as"), ("done", "cancelled")) == "done":
        await plan_visits.mark_done(asking.unit, visit.id)
    else:
        await plan_visits.cancel(asking.unit, visit.id)
    return _back(asking, "visit")


async def give(asking: Asking) -> Answer:
    """Give the patient to another clinician, who is told together with the one before and the patient."""
    patient, _ = await _patient(asking)
    wanted = number(asking.sent("clinician"))
    clinician = next((one for one in await clinicians_to_choose(asking.unit) if one.id == wanted), None)
    if clinician is None:
        raise NotHere
    await reassign(asking.unit, patient, clinician)
    return _back(asking, "given")


async def _patient(asking: Asking) -> tuple[Person, object]:
    try:
        return await patient_in_sight(asking.unit, number(asking.request.path_params["id"]))
    except LookupError as error:
        raise NotHere from error


async def _now(asking: Asking, patient_id: int) -> Current | None:
    patient = await set_cadence.patient_of(asking.unit, patient_id)
    try:
        return await set_cadence.current(asking.unit, patient)
    except CannotSet:  # one that has no date in the future
        return None


async def _trial(asking: Asking, patient_id: int) -> Preview | None:
    """What the cadence that somebody has chosen would mean; nothing is changed by looking."""
    if not arranges(asking.unit):
        return None
    try:
        return await _preview(asking, patient_id, preset=asking.asked("preset"), at=asking.asked("at"))
    except CannotSet:
        return None


async def _preview(asking: Asking, patient_id: int, *, preset: str, at: str) -> Preview | None:
    if not one_of(preset, list(PRESETS)):
        return None
    patient = await set_cadence.patient_of(asking.unit, patient_id)
    return await set_cadence.preview(asking.unit, patient, rules=PRESETS[preset], at=at or None)


def _back(asking: Asking, done: str) -> Onward:
    return Onward(to=f"/patients/{number(asking.request.path_params['id'])}", done=done)


def _form(path: str, does: Does) -> Door:
    return Door(page=Page.PATIENT, path=f"/patients/{{id}}/{path}", does=does, method="POST", again=show)


DOORS = (
    Door(page=Page.PATIENT, path="/patients/{id}", does=show),
    _form("state", set_state),
    _form("hold", hold),
    _form("lift", lift),
    _form("cadence", save_cadence),
    _form("visit", plan),
    _form("settle-visit", settle_visit),
    _form("give", give),
)
