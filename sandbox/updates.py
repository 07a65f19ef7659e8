"""The updates that wait for the bot: numbered, dropped when stale, gone when confirmed or delivered.

Nothing is written to a disk: what waits is gone with the sandbox. Telegram keeps it over its own restarts.
"""

import json
import random
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from itertools import islice

from sandbox.subjects import kind_of, subject_of
from sandbox.wire import JsonObject

NOT_QUEUED = 0  # the id of an update Telegram would not keep; real ones begin far above
FIRST_ID = (2_000_001, 1_000_000_000)  # a queue starts at a random id between these
LAST_ID = 2_000_000_000
MOST_WAITING = 100_000  # overflow is dropped and nobody is told
LARGEST_QUEUE = 128 * 1024 * 1024  # bytes
LARGEST_UPDATE = 512 * 1024  # bytes
LARGEST_ANSWER = 4 * 1024 * 1024  # bytes, about
FUTURE_SLACK = 10  # an offset further above the tail than this is not believed
MESSAGE_KEPT = timedelta(hours=24)
CALLBACK_KEPT = timedelta(seconds=150)
INLINE_KEPT = timedelta(seconds=30)
_KEPT = {"callback_query": CALLBACK_KEPT, "inline_query": INLINE_KEPT, "chosen_inline_result": INLINE_KEPT}


class Fate(StrEnum):
    """How an update stops waiting."""

    CONFIRMED = "confirmed"  # a poll asked for what lies above it
    DELIVERED = "delivered"  # the webhook took it
    EXPIRED = "expired"
    GIVEN_UP = "given_up"  # the webhook's next try would have come after its expiry
    SKIPPED = "skipped"  # a negative offset threw it away
    CLEARED = "cleared"  # drop_pending_updates, or a test
    LOST = "lost"  # the ids began anew
    OVERFLOWED = "overflowed"  # one too many, or too large


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """One update as it waits."""

    update_id: int
    kind: str
    subject: int | str | None
    body: bytes
    expires_at: datetime


def _tell_nobody(_update: Update, _fate: Fate) -> None:
    return


def kept(kind: str) -> timedelta:
    """Return how long Telegram keeps an update of that kind."""
    return _KEPT.get(kind, MESSAGE_KEPT)


class UpdateQueue:
    """One bot's queue, as the Bot API server keeps it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._waiting: OrderedDict[int, Update] = OrderedDict()
        self._expiries: list[tuple[datetime, int]] = []  # a heap; what has left by then is passed over
        self._size = 0
        self._echoes: deque[Update] = deque()
        self._sent: dict[int, Update] = {}
        self._never_handed_out: set[int] = set()
        self._tail = chance.randint(*FIRST_ID)
        self.dropped = 0  # too many or too large
        self.tell: Callable[[Update, Fate], None] = _tell_nobody

    def add(self, update: JsonObject, *, expires_at: datetime) -> int:
        """Number the update, let it wait and return its id.

        One that is too large, or one too many, is dropped in silence and takes no id: NOT_QUEUED.
        """
        if self._tail > LAST_ID:
            self.restart_ids()
        update_id = self._tail
        entry = Update(
            update_id=update_id,
            kind=kind_of(update),
            subject=subject_of(update),
            body=json.dumps({"update_id": update_id, **update}).encode(),
            expires_at=expires_at,
        )
        if not self._has_room_for(entry):
            self.dropped += 1
            self.tell(entry, Fate.OVERFLOWED)
            return NOT_QUEUED
        self._tail += 1
        self._waiting[update_id] = self._sent[update_id] = entry
        heappush(self._expiries, (expires_at, update_id))
        self._size += len(entry.body)
        self._never_handed_out.add(update_id)
        return update_id

    def redeliver(self, update_id: int) -> None:
        """Hand an update out once more with the next answer, whatever the offset; KeyError when unknown."""
        self._echoes.append(self._sent[update_id])

    def restart_ids(self, at: int | None = None) -> int:
        """Forget the numbering, as after a week of quiet; what still waits is lost. Return the next id."""
        self._remove_all(Fate.LOST)
        self._tail = self._chance.randint(*FIRST_ID) if at is None else at
        return self._tail

    def pending(self, now: datetime) -> int:
        """Return how many are unconfirmed and not stale."""
        self._expire(now)
        return len(self._waiting) + len(self._echoes)

    def unseen(self, now: datetime) -> int:
        """Return how many of those nobody was ever handed."""
        self._expire(now)
        return len(self._never_handed_out)

    def clear(self) -> None:
        self._remove_all(Fate.CLEARED)

    def remove(self, update_id: int, fate: Fate) -> None:
        """Let an update wait no longer; nothing when it does not."""
        entry = self._waiting.pop(update_id, None)
        if entry is not None:
            self._size -= len(entry.body)
            self._never_handed_out.discard(update_id)
            self.tell(entry, fate)

    def hand_out(self, offset: int, limit: int, now: datetime) -> list[bytes]:
        """Confirm what lies below the offset and return what comes next, each update as its JSON."""
        self._expire(now)
        if offset < 0:
            self._remove_first(len(self._waiting) + offset, Fate.SKIPPED)
        elif self._believes(offset):
            while self._waiting and (head := next(iter(self._waiting))) < offset:
                self.remove(head, Fate.CONFIRMED)
        return list(self._page(limit))

    def next_echo(self) -> Update | None:
        return self._echoes.popleft() if self._echoes else None

    def first(self, number: int, now: datetime, *, without: Collection[int]) -> list[Update]:
        """Return up to so many of the oldest that are not among those named; they go on waiting."""
        self._expire(now)
        return list(islice((e for e in self._waiting.values() if e.update_id not in without), number))

    def seen(self, update_id: int) -> None:
        """Remember that the bot was handed this one."""
        self._never_handed_out.discard(update_id)

    def _has_room_for(self, entry: Update) -> bool:
        size = len(entry.body)
        return len(self._waiting) < MOST_WAITING and size <= LARGEST_UPDATE and self._size + size <= LARGEST_QUEUE

    def _remove_first(self, number: int, fate: Fate) -> None:
        for _ in range(number):
            self.remove(next(iter(self._waiting)), fate)

    def _remove_all(self, fate: Fate) -> None:
        self._remove_first(len(self._waiting), fate)

    def _believes(self, offset: int) -> bool:
        """Whether an offset is one this queue can have given; any other is answered from the head."""
        head = next(iter(self._waiting)) if self._waiting else self._tail
        return head - MOST_WAITING <= offset <= self._tail + FUTURE_SLACK

    def _expire(self, now: datetime) -> None:
        while self._expiries and self._expiries[0][0] <= now:
            _, update_id = heappop(self._expiries)
            entry = self._waiting.get(update_id)
            if entry is not None and entry.expires_at <= now:  # an id can come back
                self.remove(update_id, Fate.EXPIRED)

    def _page(self, limit: int) -> Iterator[bytes]:
        size = 0
        while self._echoes and limit > 0:
            limit -= 1
            yield self._echoes.popleft().body
        for entry in self._waiting.values():
            size += len(entry.body)
            if limit <= 0 or size > LARGEST_ANSWER:
                return
            limit -= 1
            self.seen(entry.update_id)
            yield entry.body
