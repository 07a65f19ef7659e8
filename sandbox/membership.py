"""How Telegram tells a bot that it was let in, shown out, blocked or let back."""

from sandbox.chats import Chat
from sandbox.wire import JsonObject
from sandbox.world import World


def bot_membership(world: World, chat: Chat, actor: JsonObject, *, before: str, after: str) -> JsonObject:
    """Return the ChatMemberUpdated of the bot itself, from one status to another."""
    return {
        "chat": chat.wire,
        "from": actor,
        "date": int(world.now().timestamp()),
        "old_chat_member": _member(world, before),
        "new_chat_member": _member(world, after),
    }


def _member(world: World, status: str) -> JsonObject:
    member: JsonObject = {"user": world.bot, "status": status}
    if status == "kicked":
        member["until_date"] = 0  # for ever
    return member
