"""Simulated people with a phone: they open, write, tap, change their mind, block, and see their screen."""

from collections.abc import Sequence
from dataclasses import replace

from sandbox import speech
from sandbox.chats import Chat, Standing
from sandbox.contents import CONTENTS
from sandbox.ledger import Button, Shown
from sandbox.membership import bot_membership
from sandbox.messages import Picture
from sandbox.speech import Act
from sandbox.wire import JsonObject, Upload
from sandbox.world import Tap, World

_FIRST_ID = 412_000_000
_ID_STEP = 7_919
_WIDE_EVERY = 3  # every third person joined lately and has an id that needs 64 bits
_WIDE_FROM = 6_000_000_000
_SMALLEST_GIF = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"


class Person:
    """One person and their private chat with the bot, which has the same id."""

    def __init__(self, world: World, user: JsonObject, user_id: int) -> None:
        self._world = world
        self.user_id = user_id
        self.user = user
        names = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        wire: JsonObject = {"id": user_id, "type": "private", **names}
        self._taps: list[Tap] = []
        stranger = Chat(wire=wire, chat_id=user_id, private=True, standing=Standing.STRANGER)
        self.chat = world.chats.add(stranger)

    @property
    def name(self) -> str:
        return str(self.user["first_name"])

    @property
    def screen(self) -> tuple[Shown, ...]:
        """The chat as it stands, oldest first."""
        return self._world.ledger.screen(self.user_id)

    @property
    def last(self) -> Shown:
        """The newest message from the bot; LookupError when there is none."""
        shown = self._world.ledger.newest(self.user_id, from_bot=True)
        if shown is None:
            raise LookupError(f"{self.name} has nothing from the bot on the screen")
        return shown

    @property
    def toasts(self) -> tuple[str, ...]:
        """The texts that popped up after taps, oldest first."""
        return tuple(tap.toast for tap in self._taps if tap.toast)

    @property
    def spinning(self) -> tuple[str, ...]:
        """The data of taps the bot never answered, oldest first."""
        return tuple(tap.data for tap in self._taps if not tap.answered)

    def opens(self, link_or_payload: str = "") -> Act:
        """Follow a t.me link, or press Start with that payload; this lets a blocked bot back in."""
        words = speech.start_words(link_or_payload, str(self._world.bot["username"]))
        if self.chat.standing is Standing.BLOCKED:
            self.unblocks()
        return self._says(words)

    def writes(self, text: str) -> Act:
        return self._says(text)

    def forwards(self, text: str) -> Act:
        """Forward somebody else's words."""
        self._arrives()
        return speech.say(self._world, self.chat, self.user, text, forwarded=True)

    def edits(self, message_id: int, text: str) -> Act:
        """Change the words or caption of one's own message; LookupError when there is none such."""
        message = self.chat.messages.get(message_id)
        if message is None or message.from_bot:
            raise LookupError(f"{self.name} wrote no message {message_id}")
        marked = replace(message, edited_at=self._world.now(), entities=speech.commands_in(text))
        edited = replace(marked, text=text) if message.text is not None else replace(marked, caption=text)
        return speech.reword(self._world, self.chat, edited)

    def taps(
        self,
        label: str | None = None,
        *,
        data: str | None = None,
        message_id: int | None = None,
        nth: int = 0,
    ) -> Act:
        """Press a button of the newest message that has it: of those that fit, the nth from 0 in order.

        LookupError with what is there when there is no such button.
        """
        seen = [
            shown for shown in self._world.ledger.newest_first(self.user_id) if message_id in (None, shown.message_id)
        ]
        for shown in seen:
            fitting = [button for button in _pressable(shown) if _fits(button, label, data)]
            if nth < len(fitting):
                return self.taps_old(shown.message_id, fitting[nth].data or "")
        there = next((shown.labels for shown in seen if shown.labels), ())
        raise LookupError(f"{self.name} sees no such button but {speech.described(there)}")

    def taps_old(self, message_id: int, data: str) -> Act:
        """Press a button that has already changed or gone, as happens when a tap crosses an edit."""
        world = self._world
        tap = Tap(
            query_id=str(world.chance.getrandbits(62)),
            chat_id=self.user_id,
            data=data,
            at=world.now(),
        )
        world.taps[tap.query_id] = tap
        self._taps.append(tap)
        query: JsonObject = {
            "id": tap.query_id,
            "from": self.user,
            "message": speech.tapped_message(self.chat, message_id),
            "chat_instance": str(self.user_id * 31),
            "data": data,
        }
        update_id = world.report("callback_query", query)
        update: JsonObject = {"callback_query": query}
        return Act(update_id=update_id, message_id=message_id, update=update, query_id=tap.query_id, data=data)

    def sends_sticker(self) -> Act:
        return self._sends(speech.sticker())

    def sends_voice(self, seconds: int = 7) -> Act:
        return self._sends(speech.voice(seconds))

    def sends_location(self, latitude: float = 0.0, longitude: float = 0.0) -> Act:
        return self._sends(speech.location(latitude, longitude))

    def sends(self, content: str) -> Act:
        """Send one of `sandbox.contents.CONTENTS` by its name; KeyError when there is none such."""
        return self._sends(speech.Attachment(other=content, extra=dict(CONTENTS[content])))

    def sends_photo(self, caption: str | None = None) -> Act:
        self._arrives()
        upload = Upload(filename="photo.gif", content_type="image/gif", content=_SMALLEST_GIF)
        photo: Picture = self._world.keep_file(upload, width=1, height=1)
        return speech.say(self._world, self.chat, self.user, caption=caption, photo=photo)

    def blocks(self) -> Act:
        return self._stands(Standing.BLOCKED, before="member", after="kicked")

    def unblocks(self) -> Act:
        return self._stands(Standing.WELCOME, before="kicked", after="member")

    def deactivates(self) -> None:
        """Delete the account; Telegram tells the bot only when it next tries to speak."""
        self.chat.standing = Standing.DEACTIVATED
        self._world.ledger.noticed()

    def _says(self, text: str) -> Act:
        self._arrives()
        return speech.say(self._world, self.chat, self.user, text)

    def _sends(self, attachment: speech.Attachment) -> Act:
        self._arrives()
        return speech.say(self._world, self.chat, self.user, attachment=attachment)

    def _arrives(self) -> None:
        if self.chat.standing in (Standing.BLOCKED, Standing.DEACTIVATED):
            raise RuntimeError(f"{self.name} cannot write: the bot is {self.chat.standing}")
        self.chat.standing = Standing.WELCOME

    def _stands(self, standing: Standing, *, before: str, after: str) -> Act:
        self.chat.standing = standing
        self._world.ledger.noticed()
        change = bot_membership(self._world, self.chat, self.user, before=before, after=after)
        update_id = self._world.report("my_chat_member", change)
        return Act(update_id=update_id, message_id=0, update={"my_chat_member": change})


class Crowd:
    """Everybody with a phone, in the order they came."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.people: dict[int, Person] = {}

    @property
    def everybody(self) -> Sequence[Person]:
        return tuple(self.people.values())

    def add(self, name: str, *, language_code: str, last_name: str | None, username: str | None) -> Person:
        number = len(self.people) + 1
        base = _WIDE_FROM if number % _WIDE_EVERY == 0 else _FIRST_ID
        user_id = base + number * _ID_STEP
        extras = {"last_name": last_name, "username": username, "language_code": language_code}
        given = {key: value for key, value in extras.items() if value}
        user: JsonObject = {"id": user_id, "is_bot": False, "first_name": name, **given}
        person = self.people[user_id] = Person(self._world, user, user_id)
        self._world.ledger.noticed()
        return person

    def find(self, user_id: int) -> Person | None:
        return self.people.get(user_id)


def _pressable(shown: Shown) -> list[Button]:
    return [button for row in shown.buttons for button in row if button.data is not None]


def _fits(button: Button, label: str | None, data: str | None) -> bool:
    return label in (None, button.label) and data in (None, button.data)
