"""/patients, /patient, /invite and /today: what a coordinator looks at and does on the move."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from alliance.access import Action, allowed
from alliance.coordinator_pages import NAMED, ON_A_PAGE, OnThePage, patient_page, patients_page, today_page
from alliance.coordinator_presses import ListPatients
from alliance.enrolment import ENDED, EnrolmentState
from alliance.local_time import local_day
from alliance.names_on_display import shown
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.saying import Saying
from alliance.welcoming import zone_in_words
from alliance.wording import Wording
from storage import patient_list, people, roster
from storage.patient_list import Sought
from storage.tables import Enrolment, Person
from workflows import set_cadence
from workflows.hold_checkins import open_of
from workflows.invite import invite
from workflows.page import turn
from workflows.speak import say
from workflows.today import in_brief
from workflows.unit import Unit
from workflows.words import day_and_time, day_in_words


async def show_list(unit: Unit, reader: Person, listed: ListPatients, *, message_id: int | None) -> None:
    """A part of the list of patients. Raises NotArranged."""
    _check(unit)
    sought = Sought(clinicians=None, beginning=listed.beginning)
    found = await patient_list.page(unit.session, sought, start=listed.start, limit=ON_A_PAGE)
    total = await patient_list.count(unit.session, sought)
    shown_now = _buttons([one.patient for one in found])
    await turn(unit, reader, patients_page(unit.wording(), shown_now, listed, total=total), message_id=message_id)


async def show_named(unit: Unit, reader: Person, words: str) -> None:
    """The page of the patient of that code name or clinic id. Raises NotArranged."""
    _check(unit)
    patient = await people.by_code_name(unit.session, words) or await roster.by_clinic_id(unit.session, words)
    await show_one(unit, reader, patient.id if patient else 0, message_id=None, words=words)


async def show_one(unit: Unit, reader: Person, patient_id: int, *, message_id: int | None, words: str = "?") -> None:
    """How one patient is asked, and what can be done about it. Raises NotArranged."""
    _check(unit)
    enrolment = await people.enrolment(unit.session, patient_id)
    if enrolment is None:
        raise NotArranged("patient.nobody", f"There is no patient called {words}.", who=shown(words))
    patient = await people.get(unit.session, patient_id)
    page = patient_page(
        unit.wording(),
        OnThePage(patient_id=patient.id, code_name=patient.code_name),
        await _lines(unit, patient, enrolment),
        takes_part=enrolment.state not in ENDED,
    )
    await turn(unit, reader, page, message_id=message_id)


async def send_link(unit: Unit, reader: Person, words: str) -> None:
    """A new one-time link for ``CODE`` or ``CODE, CLINICIAN``, to be handed on. Raises NotArranged or CannotInvite."""
    _check(unit)
    code_name, _, clinician = (part.strip() for part in words.partition(","))
    invited = await invite(unit, Role.PATIENT, code_name=code_name, clinician=clinician or None)
    wording, zone = unit.wording(), reader.zone
    until = day_in_words(invited.expires_at.astimezone(ZoneInfo(zone)).date(), wording)
    text = wording("invite.link", who=shown(invited.person.code_name), until=until)
    await say(unit, reader, Saying(text=f"{text}\n\n{invited.link}"))


async def send_link_of(unit: Unit, reader: Person, patient_id: int) -> None:
    """The same for a patient of the list. Raises NotArranged or CannotInvite."""
    _check(unit)
    if await people.enrolment(unit.session, patient_id) is None:
        raise NotArranged("patient.nobody", "There is no such patient.", who="?")
    await send_link(unit, reader, (await people.get(unit.session, patient_id)).code_name.replace(",", " "))


async def show_today(unit: Unit, reader: Person) -> None:
    """How today stands. Raises NotArranged."""
    now = await in_brief(unit, named=NAMED)
    found = {
        "asked": now.asked,
        "waiting": now.without_a_link,
        "undelivered": now.undelivered,
        "without_team": now.without_team,
    }
    kinds = {kind: (some.number, _buttons(some.first)) for kind, some in found.items()}
    day = day_in_words(local_day(unit.now, unit.clinic.zone), unit.wording())
    await say(unit, reader, today_page(unit.wording(), day, kinds))


async def code_name_of(unit: Unit, patient_id: int) -> str:
    """The code name of a patient of the list. Raises NotArranged."""
    _check(unit)
    if await people.enrolment(unit.session, patient_id) is None:
        raise NotArranged("patient.nobody", "There is no such patient.", who="?")
    return (await people.get(unit.session, patient_id)).code_name


def _check(unit: Unit) -> None:
    if not allowed(unit.actor, Action.INVITE):
        raise NotArranged("not_yours", "Only a coordinator may see every patient.")


def _buttons(patients: Sequence[Person]) -> list[OnThePage]:
    return [OnThePage(patient_id=one.id, code_name=one.code_name) for one in patients]


async def _lines(unit: Unit, patient: Person, enrolment: Enrolment) -> list[str]:
    wording = unit.wording()
    clinician = await people.get(unit.session, enrolment.clinician_id)
    clinic_id = (await roster.clinic_ids(unit.session, [patient.id])).get(patient.id)
    state = EnrolmentState(enrolment.state)
    lines = [wording(f"patient.state.{state}"), wording("patient.with", who=shown(clinician.code_name))]
    if clinic_id is not None:
        lines.append(wording("patient.clinic_id", id=shown(clinic_id)))
    if state not in ENDED:
        lines += ["", *await _asked(unit, patient, enrolment, wording)]
        if patient.chat_id is None:
            lines.append(wording("patient.not_opened"))
        elif patient.blocked_at is not None:
            lines.append(wording("patient.unreachable"))
    return lines


async def _asked(unit: Unit, patient: Person, enrolment: Enrolment, wording: Wording) -> list[str]:
    now = await set_cadence.current(unit, patient)
    if now is None:
        return [wording("patient.no_hour")]
    lines = [wording("patient.cadence", cadence=now.words, zone=zone_in_words(patient.zone))]
    if enrolment.next_due_at is not None:
        lines.append(wording("patient.next", when=day_and_time(enrolment.next_due_at, patient.zone, wording)))
    held = await open_of(unit, patient)
    until = enrolment.paused_until if enrolment.state == EnrolmentState.PAUSED else held.ends_on if held else None
    if until is not None:
        lines.append(wording("patient.until", day=day_in_words(until, wording)))
    return lines
