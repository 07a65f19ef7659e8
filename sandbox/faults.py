"""What goes wrong on purpose: connections that drop, answers that are cut, servers that restart."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Where and how a call goes wrong."""

    DROP_BEFORE = "drop_before"  # the connection closes, nothing was done
    DROP_AFTER = "drop_after"  # it was done, then the connection closes without an answer
    STATUS = "status"  # an answer of `status`, 500 or 502; `acted` says whether it was done first
    FLOOD = "flood"  # 429 now, and for `retry_after` seconds: in `chat_id`, or everywhere when that is None
    FORBIDDEN = "forbidden"  # 403 with `description`
    BAD_REQUEST = "bad_request"  # 400 with `description`
    CUT_JSON = "cut_json"  # it was done, but the body of the 200 ends half way
    HANG = "hang"  # it was done, but the answer comes `seconds` later, by the real clock
    STALL = "stall"  # nothing was done; after `seconds` the connection closes


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A fault that waits for the calls it is meant for."""

    kind: FaultKind
    method: str | None = None  # None: every method but getUpdates
    chat_id: int | None = None  # None: every chat
    times: int | None = 1  # None: for as long as it is there
    skip: int = 0  # so many fitting calls pass unharmed first
    share: float = 1.0  # of the fitting calls, 0 to 1, drawn with the sandbox's seed
    status: int = 500
    description: str = ""  # empty: Telegram's usual words
    retry_after: int = 1  # whole seconds
    seconds: float = 0.0
    acted: bool = False

    def fits(self, method: str, chat_id: int | None) -> bool:
        wanted = method != "getUpdates" if self.method is None else method == self.method
        return wanted and self.chat_id in (None, chat_id)


@dataclass(slots=True)
class _Waiting:
    fault: Fault
    skip: int
    left: int | None
    hits: int = 0


class Faults:
    """The faults in force. The first one added that fits a call gets it."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._waiting: list[_Waiting] = []

    @property
    def waiting(self) -> Sequence[Fault]:
        """Those that have not happened as often as they should."""
        return tuple(each.fault for each in self._waiting if each.left != 0)

    @property
    def hits(self) -> int:
        """How many calls have gone wrong so far."""
        return sum(each.hits for each in self._waiting)

    def add(self, fault: Fault) -> Fault:
        self._waiting.append(_Waiting(fault, fault.skip, fault.times))
        return fault

    def clear(self) -> None:
        """Let everything pass again; the hits so far stay counted."""
        for each in self._waiting:
            each.left = 0

    def pick(self, method: str, chat_id: int | None) -> Fault | None:
        """Return the fault this call meets, if it meets one."""
        for each in self._waiting:
            if each.left == 0 or not each.fault.fits(method, chat_id):
                continue
            if each.skip > 0:
                each.skip -= 1
                continue
            if each.fault.share < 1 and self._chance.random() >= each.fault.share:
                continue
            each.left = None if each.left is None else each.left - 1
            each.hits += 1
            return each.fault
        return None
