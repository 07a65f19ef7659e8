"""Everything one bot's Telegram knows: its chats, its waiting updates, its unanswered taps."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.chats import Chat, Chats
from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.ledger import Ledger
from sandbox.messages import Message, Picture, as_shown, as_wire
from sandbox.subjects import kind_of
from sandbox.updates import NOT_QUEUED, UpdateQueue, kept
from sandbox.webhook import Webhook
from sandbox.wire import JsonObject, Request, Upload

IDS_RESTART_AFTER = timedelta(days=7)  # without an update; what waited then has long been stale
ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # left out by default


def _nobody() -> None:
    return


@dataclass(kw_only=True, slots=True)
class Tap:
    """A press on a button, and what the bot answered to it."""

    query_id: str
    chat_id: int
    data: str
    at: datetime
    answered: bool = False
    toast: str | None = None


@dataclass(kw_only=True, slots=True)
class Poll:
    """A getUpdates call that waits for something to happen."""

    woken: asyncio.Future[str | None]  # why it is shown out, None when there is something to hand out

    def wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)

    def refuse(self, words: str) -> None:
        if not self.woken.done():
            self.woken.set_result(words)


@dataclass(kw_only=True, slots=True)
class World:
    """The state behind the methods. Nothing here speaks HTTP."""

    clock: Clock
    chance: random.Random
    bot: JsonObject
    queue: UpdateQueue
    ledger: Ledger = field(default_factory=Ledger)
    chats: Chats = field(default_factory=Chats)
    taps: dict[str, Tap] = field(default_factory=dict[str, Tap])
    files: dict[str, Picture] = field(default_factory=dict[str, Picture])
    commands: dict[tuple[str, str], list[object]] = field(default_factory=dict[tuple[str, str], list[object]])
    webhook: Webhook | None = None
    webhook_set_at: datetime | None = None
    last_update_at: datetime | None = None
    allowed_updates: Sequence[str] = ()
    parked: Poll | None = None
    journal: Journal | None = None
    wake_courier: Callable[[], None] = _nobody
    pass_time: Callable[[timedelta], None] | None = None  # whoever moves the clock, if it can be moved
    last_message_id: int = 0

    def now(self) -> datetime:
        return self.clock.now()

    def next_message_id(self) -> int:
        """Return the next id; all chats of a bot share one numbering, as its private chats do in Telegram."""
        self.last_message_id += 1
        return self.last_message_id

    def put(self, chat: Chat, message: Message) -> JsonObject:
        """Keep a new or changed message, show it, and return it as the Bot API writes it."""
        chat.messages[message.message_id] = message
        self.ledger.show(chat.chat_id, as_shown(message))
        return as_wire(message, chat.wire)

    def remove(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        self.ledger.hide(chat.chat_id, message_id)

    def keep_file(self, upload: Upload, *, width: int = 0, height: int = 0) -> Picture:
        file_id = f"F{self.chance.getrandbits(64):016x}"
        picture = Picture(file_id=file_id, upload=upload, width=width, height=height)
        self.files[file_id] = picture
        return picture

    def remember_allowed(self, request: Request) -> None:
        """Keep which kinds of update the bot wants, if the call says so; an empty list is the usual choice."""
        if request.values.get("allowed_updates") is not None:
            given = request.json_array("allowed_updates") or []
            self.allowed_updates = tuple(each for each in given if isinstance(each, str))

    def report(self, kind: str, payload: JsonObject) -> int:
        """Queue an update if the bot asked for its kind, and return its id or NOT_QUEUED."""
        wanted = kind in self.allowed_updates if self.allowed_updates else kind not in ASKED_FOR_ONLY
        return self.enqueue({kind: payload}) if wanted else NOT_QUEUED

    def enqueue(self, update: JsonObject) -> int:
        """Let any update wait as long as its kind does, and return its id or NOT_QUEUED."""
        now = self.now()
        if now - (self.last_update_at or now) >= IDS_RESTART_AFTER:
            self.queue.restart_ids()
        self.last_update_at = now
        expires_at = now + kept(kind_of(update))
        update_id = self.queue.add(update, expires_at=expires_at)
        if self.journal is not None:
            self.journal.created(update_id, update, expires_at)
        self.wake()
        return update_id

    def wake(self) -> None:
        """Tell whoever waits for updates, by poll or to carry them, that there is something to do."""
        if self.parked is not None:
            self.parked.wake()
        self.wake_courier()
