"""/cadence: a coordinator looks at how often a patient is asked, and changes it."""

from collections.abc import Sequence
from datetime import datetime

from telegram import Update

from alliance.arranging import cadence_choices, cadence_preview
from alliance.cadence import PRESETS
from alliance.people import Role
from alliance.presses import SetCadence
from alliance.saying import Saying
from handlers.context import Context
from handlers.stranger import turn_away
from workflows import set_cadence
from workflows.set_cadence import CannotSet
from workflows.speak import change, say
from workflows.unit import Person, Unit
from workflows.words import day_and_time


async def cadence(update: Update, context: Context) -> None:
    """/cadence CODE shows how a patient is asked now, the next dates, and what else can be chosen."""
    unit = context.unit
    if unit.person is None:
        await turn_away(unit, update.message)
        return
    if Role.COORDINATOR not in unit.actor.roles:
        await say(unit, unit.person, Saying(text=unit.wording()("staff.not_for_you")))
        return
    words = context.args or []
    if not words:
        await say(unit, unit.person, Saying(text=unit.wording()("cadence.how")))
        return
    try:
        await _show(unit, " ".join(words))  # a code name may have a space in it
    except CannotSet as refused:
        await say(unit, unit.person, Saying(text=unit.wording()(refused.key, **refused.values)))


async def _show(unit: Unit, code_name: str) -> None:
    if unit.person is None:
        return
    patient = await set_cadence.find_patient(unit, code_name)
    wording = unit.wording()
    now = await set_cadence.current(unit, patient)
    seen = cadence_choices(
        wording,
        patient_id=patient.id,
        code_name=patient.code_name,
        words=now.words if now else None,
        next_dates=_dates(unit, patient, now.next_at) if now else (),
    )
    await say(unit, unit.person, seen)


def _dates(unit: Unit, patient: Person, next_at: Sequence[datetime]) -> tuple[str, ...]:
    wording = unit.wording()
    return tuple(day_and_time(at, patient.zone, wording) for at in next_at)


async def press(unit: Unit, pressed: SetCadence, *, message_id: int) -> str:
    """A preset was chosen: show what it means, or save it; the key of the toast."""
    if unit.person is None or pressed.preset not in PRESETS:
        return "toast.unknown"
    if Role.COORDINATOR not in unit.actor.roles:
        return "toast.not_yours"  # and nothing about whether there is such a patient
    try:
        patient = await set_cadence.patient_of(unit, pressed.patient_id)
        seen = await set_cadence.preview(unit, patient, rules=PRESETS[pressed.preset], at=None)
        if pressed.save:
            await set_cadence.save(unit, seen)
    except CannotSet as refused:
        await say(unit, unit.person, Saying(text=unit.wording()(refused.key, **refused.values)))
        return "toast.not_changed"
    saying = cadence_preview(
        unit.wording(),
        patient_id=patient.id,
        code_name=patient.code_name,
        preset=pressed.preset,
        words=seen.words,
        next_dates=_dates(unit, patient, seen.next_at),
        saved=pressed.save,
    )
    await change(unit, unit.person, message_id, saying)
    return "toast.saved" if pressed.save else "toast.preview"
