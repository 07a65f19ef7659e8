"""How fast a bot may speak: token buckets per chat and over all, and the stops that a 429 imposes."""

import math
from dataclasses import dataclass
from datetime import datetime

_ALMOST = 1e-9  # a token that is whole but for rounding is whole


@dataclass(frozen=True, kw_only=True, slots=True)
class FloodLimits:
    """Messages and edits a bot may send.

    Bots FAQ: about 1 a second in a chat, 20 a minute in a group, about 30 a second in all. That long texts count for
    more is left out, since nobody says by how much.
    """

    per_chat_burst: int = 5
    per_chat_per_second: float = 1.0
    per_group_per_minute: float = 20.0
    overall_per_second: float = 30.0


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime

    def wait(self, now: datetime, *, burst: float, rate: float) -> float:
        """Refill up to now and return the seconds until a whole token is there, 0.0 when it is."""
        passed = max(0.0, (now - self.at).total_seconds())
        self.tokens = min(burst, self.tokens + passed * rate)
        self.at = now
        return 0.0 if self.tokens >= 1 - _ALMOST else (1 - self.tokens) / rate


class FloodGate:
    """Lets a send pass, or says how many whole seconds to wait."""

    def __init__(self, limits: FloodLimits | None) -> None:
        self._limits = limits
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, _Bucket] = {}
        self._overall: _Bucket | None = None
        self._stops: dict[int | None, datetime] = {}

    def stop(self, chat_id: int | None, *, until: datetime) -> None:
        """Refuse everything to one chat, or to all with None, until that moment."""
        self._stops[chat_id] = until

    def admit(self, chat_id: int, now: datetime) -> int | None:
        """Take a token and return None; or take nothing and return the seconds to wait, at least 1."""
        stopped = self._stopped_for(chat_id, now)
        if stopped is not None or self._limits is None:
            return stopped
        limits = self._limits
        chat = self._chats.setdefault(chat_id, _Bucket(limits.per_chat_burst, now))
        overall = self._overall = self._overall or _Bucket(limits.overall_per_second, now)
        buckets = [
            (chat, limits.per_chat_burst, limits.per_chat_per_second),
            (overall, limits.overall_per_second, limits.overall_per_second),
        ]
        if chat_id < 0:  # as the ids of groups are
            burst = limits.per_group_per_minute
            buckets.append((self._groups.setdefault(chat_id, _Bucket(burst, now)), burst, burst / 60))
        waits = max(bucket.wait(now, burst=burst, rate=rate) for bucket, burst, rate in buckets)
        if waits > 0:
            return max(1, math.ceil(waits - _ALMOST))
        for bucket, _, _ in buckets:
            bucket.tokens -= 1
        return None

    def _stopped_for(self, chat_id: int, now: datetime) -> int | None:
        if not self._stops:
            return None
        left = max(
            (self._stops[scope] - now).total_seconds() if scope in self._stops else 0.0 for scope in (chat_id, None)
        )
        return max(1, math.ceil(left)) if left > 0 else None
