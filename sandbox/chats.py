"""The chats there are, who is in them, and whether the bot may speak there."""

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.messages import Message
from sandbox.refusals import Refused, bad_request, forbidden, migrated
from sandbox.wire import JsonObject


class Standing(StrEnum):
    """How the bot stands in a chat."""

    STRANGER = "stranger"  # the person never pressed Start
    WELCOME = "welcome"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    OUTSIDE = "outside"  # of a group: never added, or left
    KICKED = "kicked"
    DELETED = "deleted"  # the group itself


_UNHEARD = {
    Standing.STRANGER: "bot can't initiate conversation with a user",
    Standing.BLOCKED: "bot was blocked by the user",
    Standing.DEACTIVATED: "user is deactivated",
    Standing.OUTSIDE: "bot is not a member of the {type} chat",
    Standing.KICKED: "bot was kicked from the {type} chat",
    Standing.DELETED: "the group chat was deleted",
}


@dataclass(slots=True, kw_only=True)
class Chat:
    """One chat with its messages; a private chat has the id of its person."""

    wire: JsonObject  # the Chat object of the Bot API
    chat_id: int
    private: bool
    standing: Standing
    migrated_to: int | None = None
    messages: dict[int, Message] = field(default_factory=dict[int, Message])

    def refusal(self) -> Refused | None:
        """Return why the bot may not speak here, if it may not."""
        if self.migrated_to is not None:
            return migrated(self.migrated_to)
        if self.standing is Standing.WELCOME:
            return None
        return forbidden(_UNHEARD[self.standing].format(type=self.wire["type"]))


class Chats:
    """Every chat by its id."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def add(self, chat: Chat) -> Chat:
        self._chats[chat.chat_id] = chat
        return chat

    def known(self, chat_id: int | None) -> Chat:
        """Return a chat that exists, or refuse."""
        chat = self._chats.get(chat_id) if chat_id is not None else None
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def open(self, chat_id: int | None) -> Chat:
        """Return a chat the bot may speak in, or refuse."""
        chat = self.known(chat_id)
        refusal = chat.refusal()
        if refusal is not None:
            raise refusal
        return chat
