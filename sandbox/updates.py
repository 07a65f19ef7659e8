"""The updates that wait for the bot: numbered, dropped when stale, gone when confirmed."""

import json
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.wire import JsonObject

FIRST_ID = (2_000_001, 1_000_000_000)  # a queue starts at a random id between these
LAST_ID = 2_000_000_000
MOST_WAITING = 100_000  # overflow is dropped and nobody is told
LARGEST_UPDATE = 512 * 1024  # bytes
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes, about
FUTURE_SLACK = 10  # an offset further above the tail than this is not believed
MESSAGE_KEPT = timedelta(hours=24)
CALLBACK_KEPT = timedelta(seconds=150)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Update:
    update_id: int
    body: bytes
    expires_at: datetime


class UpdateQueue:
    """One bot's queue, as the Bot API server keeps it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._waiting: deque[_Update] = deque()
        self._echoes: deque[_Update] = deque()
        self._sent: dict[int, _Update] = {}
        self._never_handed_out: set[int] = set()
        self._tail = chance.randint(*FIRST_ID)
        self.dropped = 0  # too many or too large

    def add(self, update: JsonObject, *, expires_at: datetime) -> int:
        """Number the update and let it wait; one that is too large, or one too many, is dropped silently."""
        update_id = self._tail
        self._tail = update_id + 1 if update_id < LAST_ID else self._chance.randint(*FIRST_ID)
        body = json.dumps({"update_id": update_id, **update}).encode()
        if len(self._waiting) >= MOST_WAITING or len(body) > LARGEST_UPDATE:
            self.dropped += 1
            return update_id
        entry = _Update(update_id=update_id, body=body, expires_at=expires_at)
        self._waiting.append(entry)
        self._sent[update_id] = entry
        self._never_handed_out.add(update_id)
        return update_id

    def redeliver(self, update_id: int) -> None:
        """Hand an update out once more with the next answer, whatever the offset; KeyError when unknown."""
        self._echoes.append(self._sent[update_id])

    def restart_ids(self, at: int | None = None) -> int:
        """Forget the numbering, as after a week of quiet; what still waits is lost. Return the next id."""
        self._waiting.clear()
        self._tail = self._chance.randint(*FIRST_ID) if at is None else at
        return self._tail

    def pending(self, now: datetime) -> int:
        """Return how many are unconfirmed and not stale."""
        return sum(1 for entry in self._waiting if entry.expires_at > now) + len(self._echoes)

    def unseen(self, now: datetime) -> int:
        """Return how many of those nobody was ever handed."""
        return sum(1 for e in self._waiting if e.expires_at > now and e.update_id in self._never_handed_out)

    def clear(self) -> None:
        self._waiting.clear()

    def hand_out(self, offset: int, limit: int, now: datetime) -> list[bytes]:
        """Confirm what lies below the offset and return what comes next, each update as its JSON."""
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        elif self._believes(offset):
            while self._waiting and self._waiting[0].update_id < offset:
                self._waiting.popleft()
        if any(entry.expires_at <= now for entry in self._waiting):
            self._waiting = deque(entry for entry in self._waiting if entry.expires_at > now)
        return list(self._page(limit))

    def _believes(self, offset: int) -> bool:
        """Whether an offset is one this queue can have given; any other is answered from the head."""
        head = self._waiting[0].update_id if self._waiting else self._tail
        return head - MOST_WAITING <= offset <= self._tail + FUTURE_SLACK

    def _page(self, limit: int) -> Iterator[bytes]:
        size = 0
        while self._echoes and limit > 0:
            limit -= 1
            yield self._echoes.popleft().body
        for entry in self._waiting:
            size += len(entry.body)
            if limit <= 0 or size > LARGEST_ANSWER:
                return
            limit -= 1
            self._never_handed_out.discard(entry.update_id)
            yield entry.body
