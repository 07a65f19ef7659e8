"""A minimal group chat that can let the bot in, put it out, and be written in."""

from sandbox import speech
from sandbox.chats import Chat, Standing
from sandbox.ledger import Shown
from sandbox.membership import bot_membership
from sandbox.people import Person
from sandbox.speech import Act
from sandbox.wire import JsonObject
from sandbox.world import World


class Group:
    """One group. The bot reads everything in it once it is in."""

    def __init__(self, world: World, title: str, chat_id: int, *, supergroup: bool = False) -> None:
        self._world = world
        self.chat_id = chat_id
        wire: JsonObject = {"id": chat_id, "type": "supergroup" if supergroup else "group", "title": title}
        self.chat = world.chats.add(Chat(wire=wire, chat_id=chat_id, private=False, standing=Standing.OUTSIDE))

    @property
    def screen(self) -> tuple[Shown, ...]:
        return self._world.ledger.screen(self.chat_id)

    def adds_bot(self, by: Person) -> Act:
        return self._stands(Standing.WELCOME, by, before="left", after="member")

    def removes_bot(self, by: Person) -> Act:
        return self._stands(Standing.KICKED, by, before="member", after="kicked")

    def writes(self, person: Person, text: str) -> Act:
        """Let somebody write in the group; the bot hears of it only while it is in."""
        if self.chat.standing is Standing.WELCOME:
            return speech.say(self._world, self.chat, person.user, text)
        raise RuntimeError("the bot is not in this group and would not hear it")

    def is_deleted(self) -> None:
        """Take the group away; the bot learns of it only when it next tries to speak."""
        self.chat.standing = Standing.DELETED
        self._world.ledger.noticed()

    def upgrades(self, supergroup_id: int) -> "Group":
        """Become a supergroup with another id; what is sent to the old id is refused with the new one."""
        self.chat.migrated_to = supergroup_id
        grown = Group(self._world, str(self.chat.wire["title"]), supergroup_id, supergroup=True)
        grown.chat.standing = self.chat.standing
        if self.chat.standing is Standing.WELCOME:
            speech.note(self._world, self.chat, {"migrate_to_chat_id": supergroup_id})
            speech.note(self._world, grown.chat, {"migrate_from_chat_id": self.chat_id})
        return grown

    def _stands(self, standing: Standing, by: Person, *, before: str, after: str) -> Act:
        self.chat.standing = standing
        change = bot_membership(self._world, self.chat, by.user, before=before, after=after)
        update_id = self._world.report("my_chat_member", change)
        return Act(update_id=update_id, message_id=0, update={"my_chat_member": change})
