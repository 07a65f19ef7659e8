"""Which update goes to the webhook next, and when one that failed is tried again.

Pure: the moment is given, in seconds of any clock that only moves forward. As in the Bot API server: order is kept
only among updates of one kind about one chat or person, a failing one holds up only those behind it in that order,
but at most twice `max_connections` are looked after at a time, so that enough failing ones hold up everything.
"""

import heapq
import random
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count

from sandbox.updates import Update

CAP = (60, 120)  # seconds; no wait is longer than a random number between these
LONGEST_RETRY_AFTER = 3_600  # seconds; of what the webhook asks for
QUIET_AFTER = 10.0  # seconds without a success, after which only one connection is opened
GONE = 410
GONE_FOR = 23 * 3_600.0  # seconds of 410 after which the webhook is closed
LOADED_FOR_EACH_CONNECTION = 2


@dataclass(kw_only=True, slots=True)
class Parcel:
    """An update on its way, with what became of it so far."""

    update: Update
    lane: object
    loaded_at: float
    lasts: float  # seconds it was kept yet when it was loaded
    echo: bool = False  # a repeat that nobody but a test asked for: the queue does not know it
    tries: int = 0
    delay: int = 1  # seconds


@dataclass(slots=True)
class Outgoing:
    """The parcels of one webhook."""

    max_connections: int
    chance: random.Random
    last_success: float
    lanes: dict[object, deque[Parcel]] = field(default_factory=dict[object, "deque[Parcel]"])
    ready: list[tuple[float, int, object]] = field(default_factory=list[tuple[float, int, object]])
    turns: "count[int]" = field(default_factory=count)
    loaded: int = 0
    connections: int = 0  # opened, whether busy or idle
    busy: int = 0
    gone_since: float | None = None

    @property
    def room(self) -> int:
        """How many more updates may be loaded."""
        return self.max_connections * LOADED_FOR_EACH_CONNECTION - self.loaded

    @property
    def update_ids(self) -> Collection[int]:
        """The updates looked after, but for repeats."""
        return {parcel.update.update_id for lane in self.lanes.values() for parcel in lane if not parcel.echo}

    def load(self, update: Update, now: float, *, lasts: float, echo: bool = False) -> None:
        """Take an update to be delivered behind those of its kind about the same chat or person."""
        # what is about nobody, or comes as a repeat, waits for nothing
        lane = object() if echo or update.subject is None else (update.kind, update.subject)
        behind = self.lanes.setdefault(lane, deque())
        behind.append(Parcel(update=update, lane=lane, loaded_at=now, lasts=lasts, echo=echo))
        self.loaded += 1
        if len(behind) == 1:
            self._at(now, lane)

    def next(self, now: float) -> Parcel | None:
        """Return the parcel to send now, taking a connection for it; None when none is due or no line is free."""
        if not self.ready or self.ready[0][0] > now or not self._connect(now):
            return None
        _, _, lane = heapq.heappop(self.ready)
        parcel = self.lanes[lane][0]
        parcel.tries += 1
        return parcel

    def next_at(self) -> float | None:
        """When the next parcel is due, None when there is none."""
        return self.ready[0][0] if self.ready else None

    def delivered(self, parcel: Parcel, now: float) -> None:
        self.last_success = now
        self.gone_since = None
        self._release(connection_lives=True)
        self._drop(parcel, now)

    def failed(
        self, parcel: Parcel, now: float, *, status: int, lasts: float, retry_after: int = 0, hung_up: bool = False
    ) -> float | None:
        """Return the seconds until the next try, or None when the update is given up.

        `lasts` is how long the update is kept yet. A status of 0 is no answer at all.
        """
        self._release(connection_lives=status != 0 and not hung_up)
        if status != 0:
            self.gone_since = (now if self.gone_since is None else self.gone_since) if status == GONE else None
        wait = min(max(retry_after, 0), LONGEST_RETRY_AFTER)
        delay = parcel.delay
        if wait == 0 and parcel.tries > 1:
            wait = delay = min(self.chance.randint(*CAP), delay * 2)
        if wait > lasts:
            self._drop(parcel, now)
            return None
        parcel.delay = delay
        self._at(now + wait, parcel.lane)
        return float(wait)

    def is_gone(self, now: float) -> bool:
        """Whether the webhook has said 410 for so long that it is closed."""
        return self.gone_since is not None and now - self.gone_since > GONE_FOR

    def _connect(self, now: float) -> bool:
        if self.busy == self.connections:
            quiet = now - self.last_success > QUIET_AFTER
            if self.connections >= (1 if quiet else self.max_connections):
                return False
            self.connections += 1
        self.busy += 1
        return True

    def _release(self, *, connection_lives: bool) -> None:
        self.busy -= 1
        self.connections -= 0 if connection_lives else 1

    def _drop(self, parcel: Parcel, now: float) -> None:
        lane = self.lanes[parcel.lane]
        lane.popleft()
        self.loaded -= 1
        if lane:
            self._at(now, parcel.lane)
        else:
            del self.lanes[parcel.lane]

    def _at(self, moment: float, lane: object) -> None:
        heapq.heappush(self.ready, (moment, next(self.turns), lane))
