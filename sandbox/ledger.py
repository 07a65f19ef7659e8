"""The truth about what the bot asked for and what each person would have seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sandbox.faults import FaultKind
from sandbox.refusals import FORBIDDEN, TOO_MANY_REQUESTS
from sandbox.wire import JsonObject, Upload

NO_ANSWER = 0  # the status of a call whose connection closed before anything was done
CLIENT_ERRORS = range(400, 500)


@dataclass(frozen=True, kw_only=True, slots=True)
class Button:
    """One button under a message: its data comes back to the bot, or its address opens elsewhere."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A message as it stands on a person's screen."""

    message_id: int
    from_bot: bool
    text: str
    entities: tuple[JsonObject, ...]
    buttons: tuple[tuple[Button, ...], ...]
    protected: bool
    sent_at: datetime
    edited_at: datetime | None = None
    photo: Upload | None = None
    document: Upload | None = None
    caption: str | None = None
    other: str | None = None  # what it is when it has no words: "sticker", "voice", "location"

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for row in self.buttons for button in row)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One call of the bot and how it ended."""

    at: datetime
    method: str
    chat_id: int | None
    parameters: Mapping[str, object]
    status: int  # of the answer; NO_ANSWER when there was none and nothing was done
    description: str  # of the error, empty when there was none
    message_id: int | None  # the message made or changed
    remarks: tuple[str, ...]  # what Telegram would let pass in silence
    fault: FaultKind | None = None  # the scripted fault it met
    heard: bool = True  # False when the caller had gone, or was left, before the answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Excess:
    """A send that came faster than the limits allow."""

    at: datetime
    method: str
    chat_id: int
    retry_after: int  # whole seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One try to hand an update to the webhook, and how it ended."""

    at: datetime  # when it ended
    update_id: int
    attempt: int  # from 1
    status: int  # of the answer; NO_ANSWER when there was none
    error: str  # as getWebhookInfo tells it, empty when the webhook took the update
    retry_in: float | None  # seconds of Telegram's time until the next try; None when there will be none


class Scribe(Protocol):
    """Whoever writes down elsewhere what the ledger remembers."""

    def called(self, entry: Entry) -> None: ...
    def tried(self, delivery: Delivery) -> None: ...
    def shown(self, chat_id: int, shown: Shown) -> None: ...
    def hidden(self, chat_id: int, message_id: int) -> None: ...


class Ledger:
    """Append-only, except that a screen changes as a screen does."""

    def __init__(self) -> None:
        self.scribe: Scribe | None = None
        self.version = 0  # grows with everything a person could notice
        self.sent = 0  # new messages the bot got onto a screen
        self._entries: list[Entry] = []
        self._excesses: list[Excess] = []
        self._deliveries: list[Delivery] = []
        self._screens: dict[int, dict[int, Shown]] = {}
        self._ever: dict[int, list[Shown]] = {}

    @property
    def entries(self) -> Sequence[Entry]:
        return self._entries

    @property
    def excesses(self) -> Sequence[Excess]:
        return self._excesses

    @property
    def deliveries(self) -> Sequence[Delivery]:
        return self._deliveries

    def calls(self, method: str | None = None, *, chat_id: int | None = None) -> tuple[Entry, ...]:
        """Return the calls of a method, in a chat, or both."""
        return tuple(
            entry for entry in self._entries if method in (None, entry.method) and chat_id in (None, entry.chat_id)
        )

    def screen(self, chat_id: int) -> tuple[Shown, ...]:
        """Return what is in that chat now, oldest first, after edits and deletions."""
        return tuple(self._screens.get(chat_id, {}).values())

    def newest(self, chat_id: int, *, from_bot: bool) -> Shown | None:
        return next((shown for shown in self.newest_first(chat_id) if shown.from_bot is from_bot), None)

    def newest_first(self, chat_id: int) -> Sequence[Shown]:
        return tuple(reversed(self._screens.get(chat_id, {}).values()))

    def ever_shown(self, chat_id: int) -> tuple[Shown, ...]:
        """Return every form a message of that chat ever had, edited and deleted ones too."""
        return tuple(self._ever.get(chat_id, ()))

    def violations(self) -> tuple[Entry, ...]:
        """Return what a well-behaved bot never causes: calls refused as wrong, and calls that drew a remark.

        Being blocked (403) and being too fast (429) are no fault of the call; scripted faults and answers
        nobody was there to hear are left out too.
        """
        return tuple(entry for entry in self._entries if entry.remarks or _is_wrong(entry))

    def record(self, entry: Entry) -> None:
        self._entries.append(entry)
        if self.scribe is not None:
            self.scribe.called(entry)

    def record_excess(self, excess: Excess) -> None:
        self._excesses.append(excess)

    def record_delivery(self, delivery: Delivery) -> None:
        self._deliveries.append(delivery)
        if self.scribe is not None:
            self.scribe.tried(delivery)

    def show(self, chat_id: int, shown: Shown) -> None:
        """Put a message on the screen, in its old place when it was there already."""
        self.version += 1
        screen = self._screens.setdefault(chat_id, {})
        self.sent += shown.from_bot and shown.message_id not in screen
        screen[shown.message_id] = shown
        self._ever.setdefault(chat_id, []).append(shown)
        if self.scribe is not None:
            self.scribe.shown(chat_id, shown)

    def hide(self, chat_id: int, message_id: int) -> None:
        self.version += 1
        self._screens.get(chat_id, {}).pop(message_id, None)
        if self.scribe is not None:
            self.scribe.hidden(chat_id, message_id)

    def noticed(self) -> None:
        """Say that something beside a message changed: a toast, a block, a new person."""
        self.version += 1


def _is_wrong(entry: Entry) -> bool:
    blameless = entry.fault is not None or not entry.heard or entry.status in (FORBIDDEN, TOO_MANY_REQUESTS)
    return entry.status in CLIENT_ERRORS and not blameless
