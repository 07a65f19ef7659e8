"""Telegram's pace: so many messages a second for the bot, fewer for one chat, and pauses when it asks."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

BOT_PER_SECOND = 28  # Telegram says about 30 (Bot FAQ); two are left for what is not in the outbox
KEPT_FOR_SAFETY = 1  # of these, so that a crisis in the middle of a broadcast waits for nothing
CHAT_BURST = 3
CHAT_PER_SECOND = 1.0
SECOND = 1.0
ALMOST = 1e-6  # seconds; what is due in less than a clock's tick is due, or somebody waits for ever for nothing
FORGET_CHAT_AFTER = 60.0  # seconds; a chat this quiet has all its burst back


@dataclass(slots=True)
class _Chat:
    left: float = CHAT_BURST
    at: float = 0.0
    held_until: float = 0.0


@dataclass(slots=True)
class Pace:
    """Counts what was sent; times are seconds of a clock that never goes back."""

    _recent: deque[float] = field(default_factory=deque[float])
    _chats: dict[int, _Chat] = field(default_factory=dict[int, _Chat])
    _held_until: float = 0.0
    _unsure_until: float = 0.0

    def is_halted(self, now: float) -> bool:
        """Whether Telegram has asked the bot as a whole to pause."""
        return self._held_until - now > ALMOST

    def is_unsure(self, now: float) -> bool:
        """Whether a pause that was asked for may yet mean the whole bot: no other chat has got anything since."""
        return self._unsure_until - now > ALMOST

    def wait_for_bot(self, now: float) -> float:
        """Seconds until the bot may send anything at all."""
        self._forget(now)
        crowded = self._recent[0] + SECOND - now if len(self._recent) >= BOT_PER_SECOND else 0.0
        return _wait(crowded, self._held_until - now)

    def wait_for_chat(self, chat_id: int, now: float) -> float:
        """Seconds until that chat may get its next message."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return 0.0
        missing = 1.0 - _refilled(chat, now)
        return _wait(missing / CHAT_PER_SECOND, chat.held_until - now)

    def room_for_bot(self, now: float) -> int:
        """How many messages the bot may send at this moment."""
        return 0 if self.wait_for_bot(now) > 0 else max(BOT_PER_SECOND - len(self._recent), 1)

    def wait_for_ordinary(self, now: float) -> float:
        """Seconds until the bot may send something other than a safety message."""
        whole = self.wait_for_bot(now)
        over = len(self._recent) - (BOT_PER_SECOND - KEPT_FOR_SAFETY)
        return whole if over < 0 else _wait(whole, self._recent[over] + SECOND - now)

    def room_for_ordinary(self, now: float) -> int:
        """How many of these may be other than safety messages."""
        return max(self.room_for_bot(now) - KEPT_FOR_SAFETY, 0)

    def room_for_chat(self, chat_id: int, now: float) -> int:
        """How many messages that chat may get at this moment."""
        if self.wait_for_chat(chat_id, now) > 0:
            return 0
        chat = self._chats.get(chat_id)
        return CHAT_BURST if chat is None else max(int(_refilled(chat, now)), 1)

    def not_now(self, now: float) -> set[int]:
        """Chats that have to wait."""
        return {chat_id for chat_id in self._chats if self.wait_for_chat(chat_id, now) > 0}

    def soonest(self, now: float) -> float | None:
        """Seconds until the bot, or else the first of the waiting chats, may go on; None when none waits."""
        if wait := self.wait_for_ordinary(now):
            return wait
        return min((self.wait_for_chat(chat_id, now) for chat_id in self.not_now(now)), default=None)

    def took(self, chat_id: int, now: float) -> None:
        """Something is being sent to that chat."""
        chat = self._chats.setdefault(chat_id, _Chat(at=now))
        chat.left, chat.at = _refilled(chat, now) - 1.0, now
        self._recent.append(now)

    def went_through(self, chat_id: int, now: float) -> None:
        """A message has arrived in that chat: if another one is held, it is held alone."""
        if chat_id in self._chats and self._chats[chat_id].held_until <= now:
            self._unsure_until = 0.0

    def hold(self, chat_id: int, now: float, seconds: float) -> None:
        """Telegram asked for a pause after a message to that chat.

        Its answer does not say whether it means the chat or the whole bot. One chat is held first; when a
        second one is refused while the first pause lasts, it is the bot. Until a message to another chat has
        gone through nobody knows, and whoever sends should try with one at a time (``is_unsure``).
        """
        others = any(c.held_until > now for known, c in self._chats.items() if known != chat_id)
        chat = self._chats.setdefault(chat_id, _Chat(at=now))
        chat.held_until = max(chat.held_until, now + seconds)
        if others:
            self._held_until = max(self._held_until, now + seconds)
            self._unsure_until = 0.0
        else:
            self._unsure_until = chat.held_until

    def go_on(self, chats: Mapping[int, float], *, whole_bot: float, now: float) -> None:
        """Keep pauses that another process was asked for: so many seconds from now for chats, and for all of them.

        Of a chat's pause this one cannot know whether it was meant for the whole bot either.
        """
        for chat_id, seconds in chats.items():
            chat = self._chats.setdefault(chat_id, _Chat(at=now))
            chat.held_until = max(chat.held_until, now + seconds)
        self._held_until = max(self._held_until, now + whole_bot)
        if chats and not self.is_halted(now):
            self._unsure_until = now + max(chats.values())

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0] + SECOND <= now:
            self._recent.popleft()
        for chat_id in [
            known for known, chat in self._chats.items() if now - chat.at > FORGET_CHAT_AFTER and chat.held_until <= now
        ]:
            del self._chats[chat_id]


def _wait(*reasons: float) -> float:
    longest = max(reasons)
    return longest if longest > ALMOST else 0.0


def _refilled(chat: _Chat, now: float) -> float:
    return min(chat.left + (now - chat.at) * CHAT_PER_SECOND, float(CHAT_BURST))
