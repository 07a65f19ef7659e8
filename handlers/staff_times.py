"""/hours, /away and /hold: staff set when their digest comes, when they are away, and whom nothing is asked."""

from telegram import Update

from alliance.not_arranged import NotArranged
from alliance.people import Role
from alliance.saying import Saying
from alliance.staff_presses import EndLeave, LiftHold, NameCover, PlanHold, PlanLeave, SetHours, StaffPress
from handlers.context import Context
from handlers.stranger import turn_away
from workflows import staff_hold_page, staff_hours_page, staff_leave_page
from workflows.speak import say
from workflows.unit import Person, Unit

_WITH_HOURS = frozenset({Role.CLINICIAN, Role.LEAD})
_WITH_LEAVE = frozenset({Role.CLINICIAN, Role.COORDINATOR, Role.LEAD})
_MAY_HOLD = frozenset({Role.CLINICIAN, Role.COORDINATOR})


async def hours(update: Update, context: Context) -> None:
    """/hours, /hours 17:30, /hours Lisbon."""
    person = await _one_of(update, context.unit, _WITH_HOURS)
    if person is not None:
        try:
            await staff_hours_page.show(context.unit, person, " ".join(context.args or []))
        except NotArranged as refused:
            await _refuse(context.unit, person, refused)


async def away(update: Update, context: Context) -> None:
    """/away for oneself, /away CODE for a colleague; days may be written behind it."""
    unit = context.unit
    person = await _one_of(update, unit, _WITH_LEAVE)
    if person is None:
        return
    words = " ".join(context.args or [])
    if not words and Role.CLINICIAN not in unit.actor.roles:
        await say(unit, person, Saying(text=unit.wording()("away.how")))
        return
    try:
        await staff_leave_page.show(unit, person, words)
    except NotArranged as refused:
        await _refuse(unit, person, refused)


async def hold(update: Update, context: Context) -> None:
    """/hold CODE, or /hold CODE, hospital, 20 March."""
    unit = context.unit
    person = await _one_of(update, unit, _MAY_HOLD)
    if person is None:
        return
    words = " ".join(context.args or [])
    if not words.strip(" ,"):
        await say(unit, person, Saying(text=unit.wording()("hold.how")))
        return
    try:
        await staff_hold_page.show(unit, person, words)
    except NotArranged as refused:
        await _refuse(unit, person, refused)


async def press(unit: Unit, person: Person, pressed: StaffPress, *, message_id: int) -> str | None:
    """A button of one of these pages; the key of the toast. Who it is not for learns nothing by it."""
    try:
        match pressed:
            case SetHours():
                return await staff_hours_page.press(unit, person, pressed, message_id=message_id)
            case PlanLeave():
                return await staff_leave_page.plan(unit, person, pressed, message_id=message_id)
            case NameCover():
                return await staff_leave_page.cover(unit, person, pressed, message_id=message_id)
            case EndLeave():
                return await staff_leave_page.end(unit, person, pressed, message_id=message_id)
            case PlanHold():
                return await staff_hold_page.plan(unit, person, pressed, message_id=message_id)
            case LiftHold():
                return await staff_hold_page.let_go_on(unit, person, pressed, message_id=message_id)
    except KeyError:
        return "toast.unknown"  # a person of that id there never was, or is no more
    except NotArranged as refused:
        if refused.key.endswith("not_yours"):
            return "toast.not_yours"
        await _refuse(unit, person, refused)
        return "toast.not_changed"


async def _one_of(update: Update, unit: Unit, roles: frozenset[Role]) -> Person | None:
    """Who gave this command, if it is theirs; a stranger and others are told that it is not."""
    if unit.person is None:
        await turn_away(unit, update.message)
        return None
    if not roles & unit.actor.roles:
        await say(unit, unit.person, Saying(text=unit.wording()("staff.not_for_you")))
        return None
    return unit.person


async def _refuse(unit: Unit, person: Person, refused: NotArranged) -> None:
    await say(unit, person, Saying(text=unit.wording()(refused.key, **refused.values)))
