"""What patients ask for by a command: help, a pause, an end."""

from telegram import Update

from alliance.crisis import Degree
from alliance.own_menu import which_role
from alliance.people import STAFF, Role
from alliance.presses import Place
from alliance.saying import Saying
from handlers.context import Context
from handlers.stranger import turn_away
from workflows import own_pages, take_part
from workflows.raise_alert import ASKED_FOR_HELP, raise_alert
from workflows.show_commands import show_commands
from workflows.speak import say
from workflows.take_reply import help_patient
from workflows.typed_answer import ask_nothing_more
from workflows.unit import Person, Unit


async def help_(update: Update, context: Context) -> None:
    """What this is, who reads it, what can be done here."""
    if context.unit.person is None:
        await turn_away(context.unit, update.message)
    else:
        await ask_nothing_more(context.unit, context.unit.person)
        await say_help(context.unit)


async def say_help(unit: Unit) -> None:
    """Help for the person of this unit, by role and by whether they take part."""
    if unit.person is None:
        return
    await show_commands(unit, unit.person, unit.actor.roles)
    if Role.PATIENT in unit.actor.roles and STAFF & unit.actor.roles:
        await say(unit, unit.person, which_role(unit.wording()))
    elif Role.PATIENT in unit.actor.roles:
        await help_patient(unit, unit.person)
    else:
        await say_staff_help(unit, unit.person)


async def say_staff_help(unit: Unit, person: Person) -> None:
    """What staff can do in this chat."""
    wording = unit.wording()
    own = {Role.COORDINATOR: "staff.commands_coordinator", Role.CLINICIAN: "staff.commands_clinician"}
    texts = [wording(key) for role, key in own.items() if role in unit.actor.roles]
    await say(unit, person, Saying(text="\n\n".join(texts or [wording("staff.commands_others")])))


async def help_now(update: Update, context: Context) -> None:
    """Where help is, now; whoever asks gets it, and a person is told."""
    if update.message is None:
        return
    sender = update.message.from_user
    await ask_for_help(context.unit, chat_id=update.message.chat.id, language=sender.language_code if sender else None)


async def ask_for_help(unit: Unit, *, chat_id: int, language: str | None) -> None:
    """Somebody asks for help by a button or a command."""
    spoken = unit.person.language if unit.person else language
    await raise_alert(
        unit,
        chat_id=chat_id,
        language=spoken or unit.clinic.language,
        cause=ASKED_FOR_HELP,
        degree=Degree.NOW,
        why="",
        rule=ASKED_FOR_HELP,
        message_row=None,
        written_at=unit.now,
    )


async def pause(update: Update, context: Context) -> None:
    """/pause, /pause 14, /pause 20 March; where there is a break already, /pause shows how it stands."""
    unit = context.unit
    if not await is_patient(update, unit) or unit.person is None:
        return
    words = " ".join(context.args or [])
    if not words and await take_part.is_paused(unit, unit.person):
        await own_pages.show(unit, unit.person, Place.PAUSE)
    elif not await take_part.pause(unit, unit.person, words):
        await say(unit, unit.person, Saying(text=unit.wording()("pause.how")))


async def resume(update: Update, context: Context) -> None:
    """/resume."""
    if await is_patient(update, context.unit) and context.unit.person is not None:
        await take_part.resume(context.unit, context.unit.person)


async def leave(update: Update, context: Context) -> None:
    """/leave."""
    if await is_patient(update, context.unit) and context.unit.person is not None:
        await take_part.ask_to_leave(context.unit, context.unit.person)


async def is_patient(update: Update, unit: Unit) -> bool:
    """Whether a patient gave this command; a stranger and staff are told that it is not theirs."""
    if unit.person is None:
        await turn_away(unit, update.message)
        return False
    if Role.PATIENT not in unit.actor.roles:
        await say(unit, unit.person, Saying(text=unit.wording()("staff.not_for_you")))
        return False
    await ask_nothing_more(unit, unit.person)
    return True
