"""/hold: staff hold a patient's check-ins, or let them go on."""

from datetime import date

from alliance.holding import HoldReason
from alliance.local_time import local_day
from alliance.names_on_display import shown
from alliance.not_arranged import NotArranged
from alliance.pause_words import read_pause_end
from alliance.saying import Saying
from alliance.staff_pages import hold_days, hold_page, hold_until_page
from alliance.staff_presses import LiftHold, PlanHold
from alliance.wording import FIRST_LANGUAGE
from storage import holds, people
from storage.tables import Hold, Person
from workflows.hold_checkins import check_may_hold, hold, lift, open_of
from workflows.page import turn
from workflows.unit import Unit
from workflows.words import day_in_words


async def show(unit: Unit, reader: Person, words: str) -> None:
    """The page of one patient; ``CODE, hospital, 20 March`` holds at once. Raises NotArranged."""
    code_name, *rest = [part.strip() for part in words.split(",") if part.strip()]
    patient = await people.by_code_name(unit.session, code_name)
    if patient is None:
        raise NotArranged("hold.not_yours", "This is not a patient whose check-ins you may hold.")
    await check_may_hold(unit, patient)
    if rest:
        reason, ends_on = _read(unit, reader, rest)
        await hold(unit, patient, reason=reason, starts_on=local_day(unit.now, patient.zone), ends_on=ends_on)
    await turn(unit, reader, await _page(unit, patient), message_id=None)


async def show_of(unit: Unit, reader: Person, patient_id: int) -> None:
    """The page of a patient who was chosen from a list. Raises NotArranged."""
    if await people.enrolment(unit.session, patient_id) is None:
        raise NotArranged("hold.not_yours", "This is not a patient whose check-ins you may hold.")
    patient = await people.get(unit.session, patient_id)
    await check_may_hold(unit, patient)
    await turn(unit, reader, await _page(unit, patient), message_id=None)


async def plan(unit: Unit, reader: Person, pressed: PlanHold, *, message_id: int) -> str | None:
    """Until when, or the hold itself; the key of the toast. Raises NotArranged."""
    patient = await people.get(unit.session, pressed.patient_id)
    await check_may_hold(unit, patient)
    today = local_day(unit.now, patient.zone)
    if not pressed.is_complete:
        days = {day: day_in_words(day, unit.wording()) for day in hold_days(today)}
        page = hold_until_page(unit.wording(), pressed, code_name=patient.code_name, days=days)
        await turn(unit, reader, page, message_id=message_id)
        return None
    await hold(unit, patient, reason=pressed.reason, starts_on=today, ends_on=pressed.ends_on)
    await turn(unit, reader, await _page(unit, patient), message_id=message_id)
    return "toast.saved"


async def let_go_on(unit: Unit, reader: Person, pressed: LiftHold, *, message_id: int) -> str:
    """Let check-ins go on; the key of the toast. Raises NotArranged."""
    row = await holds.get(unit.session, pressed.hold_id)
    if row is None or row.ended_at is not None:
        return "toast.no_longer_open"
    had_begun = row.began_at is not None
    patient = await lift(unit, row)
    text = unit.wording()("hold.lifted" if had_begun else "hold.called_off", who=shown(patient.code_name))
    await turn(unit, reader, Saying(text=text), message_id=message_id)
    return "toast.saved"


def _read(unit: Unit, reader: Person, words: list[str]) -> tuple[HoldReason, date | None]:
    wording, today = unit.wording(), local_day(unit.now, reader.zone)
    named = {wording(f"hold.button.{reason}").casefold(): reason for reason in HoldReason}
    named |= {reason.value: reason for reason in HoldReason}
    reason = named.get(words[0].casefold(), HoldReason.OTHER)
    until = words[-1] if len(words) > 1 or words[0].casefold() not in named else None
    if until is None:
        return reason, None
    ends_on = read_pause_end(until, today=today, day_comes_first=reader.language != FIRST_LANGUAGE)
    if ends_on is None:
        raise NotArranged("hold.ends_before", "The day on which check-ins go on comes after the first day held.")
    return reason, ends_on


async def _page(unit: Unit, patient: Person) -> Saying:
    row = await open_of(unit, patient)
    return hold_page(
        unit.wording(),
        patient_id=patient.id,
        code_name=patient.code_name,
        standing=_standing(unit, row) if row else None,
        hold_id=row.id if row else None,
    )


def _standing(unit: Unit, row: Hold) -> str:
    wording = unit.wording()
    why = wording(f"hold.reason.{row.reason}")
    if row.began_at is None:
        return wording("hold.planned", start=day_in_words(row.starts_on, wording), why=why)
    if row.ends_on is None:
        return wording("hold.standing_open", why=why)
    return wording("hold.standing_until", day=day_in_words(row.ends_on, wording), why=why)
