"""/patients, /patient, /invite and /today: a coordinator on the move."""

from collections.abc import Callable, Coroutine
from enum import StrEnum

from telegram import Update

from alliance.coordinator_presses import About, CoordinatorPress, ListPatients, OpenOne
from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.saying import Saying
from handlers import coordinator
from handlers.context import Context
from handlers.stranger import turn_away
from workflows import coordinator_pages, staff_hold_page
from workflows.invite import CannotInvite
from workflows.set_cadence import CannotSet
from workflows.speak import say
from workflows.unit import Person, Unit

Handler = Callable[[Update, Context], Coroutine[object, object, None]]


class Asked(StrEnum):
    """The commands of this file."""

    PATIENTS = "patients"
    PATIENT = "patient"
    INVITE = "invite"
    TODAY = "today"


def opens(asked: Asked) -> Handler:
    """The handler of one of these commands."""

    async def handle(update: Update, context: Context) -> None:
        unit = context.unit
        if unit.person is None:
            await turn_away(unit, update.message)
        elif Role.COORDINATOR not in unit.actor.roles:
            await say(unit, unit.person, Saying(text=unit.wording()("staff.not_for_you")))
        else:
            await _open(unit, unit.person, asked, " ".join(context.args or []))

    return handle


async def press(unit: Unit, reader: Person, pressed: CoordinatorPress, *, message_id: int) -> str | None:
    """A button of one of these pages; the key of the toast. Who it is not for learns nothing by it."""
    if Role.COORDINATOR not in unit.actor.roles:
        return "toast.not_yours"
    try:
        match pressed:
            case ListPatients():
                await coordinator_pages.show_list(unit, reader, pressed, message_id=message_id)
            case OpenOne():
                await _open_one(unit, reader, pressed)
    except (NotArranged, CannotInvite, CannotSet) as refused:
        await say(unit, reader, Saying(text=unit.wording()(refused.key, **refused.values)))
        return "toast.not_changed"
    return None


async def _open_one(unit: Unit, reader: Person, pressed: OpenOne) -> None:
    match pressed.about:
        case About.SHOW:
            await coordinator_pages.show_one(unit, reader, pressed.patient_id, message_id=None)
        case About.CADENCE:
            await coordinator.show(unit, await coordinator_pages.code_name_of(unit, pressed.patient_id))
        case About.HOLD:
            await staff_hold_page.show_of(unit, reader, pressed.patient_id)
        case About.INVITE:
            await coordinator_pages.send_link_of(unit, reader, pressed.patient_id)


async def _open(unit: Unit, reader: Person, asked: Asked, words: str) -> None:
    try:
        match asked:
            case Asked.PATIENTS:
                await coordinator_pages.show_list(unit, reader, ListPatients(beginning=words), message_id=None)
            case Asked.PATIENT | Asked.INVITE if not words:
                await say(unit, reader, Saying(text=unit.wording()(f"{asked}.how")))
            case Asked.PATIENT:
                await coordinator_pages.show_named(unit, reader, words)
            case Asked.INVITE:
                await coordinator_pages.send_link(unit, reader, words)
            case Asked.TODAY:
                await coordinator_pages.show_today(unit, reader)
    except (NotArranged, CannotInvite) as refused:
        await say(unit, reader, Saying(text=unit.wording()(refused.key, **refused.values)))
