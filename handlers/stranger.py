"""Somebody without an invitation knocks: one polite sentence, the same for everybody, and nothing is learnt."""

from telegram import Message

from alliance.saying import Saying
from workflows.speak import say
from workflows.unit import Unit


async def turn_away(unit: Unit, message: Message | None) -> None:
    """Say in the language of their telephone what this chat is for."""
    if message is None:
        return
    spoken = message.from_user.language_code if message.from_user else None
    await say(unit, message.chat.id, Saying(text=unit.wording(spoken or unit.clinic.language)("stranger")))
